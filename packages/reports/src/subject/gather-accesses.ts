import type { AccessLogReader, FoundAccess, StoredDisclosure, StoredEvent } from '@varco/access-log'
import { microsToIso, type DataSubjectRef, type Micros } from '@varco/core'
import type { Checkpoints } from '../report/checkpoints.ts'
import type { ReportedProof } from '../report/parts.ts'
import type { Titles } from '../report/titles.ts'
import type { ReportedAccess } from './report.ts'
import { workAhead } from './work-ahead.ts'

/** Fewer than the database lets one process ask at once. */
const PROVED_AT_ONCE = 6

/** Every access to the records of these data subjects, oldest first, each with its proof. */
export async function* gatherAccesses(
  reader: AccessLogReader,
  dataSubjects: readonly DataSubjectRef[],
  titles: Titles,
  checkpoints: Checkpoints,
): AsyncGenerator<ReportedAccess> {
  const prove = await reader.prover()
  const streams = dataSubjects.map((dataSubject) => reader.accessesOf(dataSubject))
  const proved = workAhead(inTimeOrder(streams), PROVED_AT_ONCE, async (found) => ({
    ...found,
    proof: await prove(found.event.id, found.body),
  }))
  for await (const { event, disclosures, proof } of proved)
    yield reported(event, disclosures, titles, proof === null ? null : checkpoints.keep(proof))
}

/** One event may show records of the same person under two kinds: it comes once, with the records of both. */
async function* inTimeOrder(streams: readonly AsyncIterable<FoundAccess>[]): AsyncGenerator<FoundAccess> {
  const open = await Promise.all(
    streams.map(async (stream) => {
      const entries = stream[Symbol.asyncIterator]()
      return { entries, next: await entries.next() }
    }),
  )
  for (;;) {
    const at = open.reduce<Micros | null>(
      (first, { next }) =>
        next.done === true || (first !== null && first <= next.value.event.at) ? first : next.value.event.at,
      null,
    )
    if (at === null) return
    const together = new Map<string, FoundAccess>()
    for (const stream of open) {
      while (stream.next.done !== true && stream.next.value.event.at === at) {
        const { event, body, disclosures } = stream.next.value
        const before = together.get(event.id)?.disclosures ?? []
        together.set(event.id, { event, body, disclosures: [...before, ...disclosures] })
        stream.next = await stream.entries.next()
      }
    }
    yield* [...together.values()].sort((a, b) => a.event.seq - b.event.seq)
  }
}

function reported(
  event: StoredEvent,
  disclosures: readonly StoredDisclosure[],
  titles: Titles,
  proof: ReportedProof | null,
): ReportedAccess {
  const { resource } = event
  const fields = (names: readonly string[]) => names.map((name) => titles.field(resource ?? '', name))
  return {
    event: event.id,
    at: microsToIso(event.at),
    kind: event.kind,
    company: event.processor === null ? null : titles.company(event.processor),
    contract: event.contract === null ? null : titles.contract(event.contract),
    unit: event.unit === null ? null : titles.unit(event.unit),
    role: event.role === null ? null : titles.role(event.role),
    operator: event.operator,
    purpose: event.purpose === null ? null : titles.purpose(event.purpose),
    ticket: event.ticket,
    action: event.action,
    resource: resource === null ? null : titles.resource(resource),
    records: disclosures.map((disclosure) => ({
      resource: titles.resource(disclosure.resource),
      key: disclosure.recordKey,
    })),
    plain: fields(event.plain),
    masked: fields(event.masked),
    policy_version: event.policyVersion,
    proof,
  }
}
