import type { AccessLogReader, StoredEvent, WriterState } from '@varco/access-log'
import { microsToIso, type Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import type { SubjectReport } from '../subject/report.ts'

type Coverage = SubjectReport['log']

/** Since when the log can answer, how it stands, and what was removed from it. */
export async function coverLog(reader: AccessLogReader, bundle: Bundle): Promise<Coverage> {
  const { floor, ceiling, because } = bundle.document.varco.log
  const states = await reader.state()
  const writers = await Promise.all(
    states.map(async (state) => ({ state, first: await firstEntry(reader, state) })),
  )
  const firsts = writers.flatMap(({ first }) => first ?? [])
  const removals = [...(await allOf(reader, 'log-pruned')), ...(await allOf(reader, 'disclosures-erased'))]
  return {
    origin: firsts[0]?.origin ?? null,
    since: isoOf(firsts.map((event) => event.at).reduce<Micros | null>(earlier, null)),
    until: isoOf(states.map((state) => state.at).reduce<Micros | null>(later, null)),
    retention: { floor, ceiling, because },
    writers: writers.map(({ state, first }) => ({
      writer: state.writer,
      epoch: state.epoch,
      since: isoOf(first?.at ?? null),
      size: state.size,
      root: state.root,
      at: microsToIso(state.at),
    })),
    removals: removals.sort((a, b) => a.at.localeCompare(b.at) || a.event.localeCompare(b.event)),
  }
}

/** A writer's first entry is number 0 of its epoch; once pruned, its instant is gone. */
async function firstEntry(
  reader: AccessLogReader,
  { writer, epoch }: WriterState,
): Promise<StoredEvent | null> {
  return reader.find(`${writer}.${epoch}.0`)
}

async function allOf(
  reader: AccessLogReader,
  kind: 'log-pruned' | 'disclosures-erased',
): Promise<Coverage['removals']> {
  const found: Coverage['removals'] = []
  let after: string | undefined
  do {
    const page = await reader.search({ kind, limit: 500, ...(after === undefined ? {} : { after }) })
    found.push(...page.events.map((event) => ({ event: event.id, at: microsToIso(event.at), kind })))
    after = page.next ?? undefined
  } while (after !== undefined)
  return found
}

const earlier = (a: Micros | null, b: Micros): Micros => (a === null || b < a ? b : a)
const later = (a: Micros | null, b: Micros): Micros => (a === null || a < b ? b : a)
const isoOf = (at: Micros | null): string | null => (at === null ? null : microsToIso(at))
