import type { AccessLogReader, EventQuery, StoredDisclosure, StoredEvent } from '@varco/access-log'
import type { DataSubjectRef, Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import type { SubjectRecords } from '../ports.ts'

/** What was compromised. Every part given must hold; `to` is exclusive. */
export interface CompromisedBy {
  readonly from: Micros
  readonly to: Micros
  readonly operator?: string
  readonly processor?: string
  readonly contract?: string
  readonly ticket?: string
  readonly grant?: string
  readonly requestId?: string
  /** The writer of the log: one process of the proxy. */
  readonly node?: string
  readonly workstation?: string
}

/** One record that an access showed. */
export interface ShownRecord {
  readonly resource: string
  readonly key: string
  /** `null` when the body's records no longer tell. */
  readonly owner: DataSubjectRef | null
}

export interface CompromisedAccess {
  readonly event: StoredEvent
  readonly shown: readonly ShownRecord[]
  /** Records it showed, too, of people erased from the log since: how many, and nothing more. */
  readonly erased: number
}

const PAGE = 500

/** Every access of the compromised scope, newest first, with whose records it showed. */
export async function gatherDisclosures(
  reader: AccessLogReader,
  records: SubjectRecords,
  bundle: Bundle,
  compromised: CompromisedBy,
): Promise<CompromisedAccess[]> {
  const found: { event: StoredEvent; shown: readonly StoredDisclosure[] }[] = []
  for await (const events of eventsOf(reader, compromised)) {
    const shown = await reader.disclosuresOf(events)
    events.forEach((event, i) => found.push({ event, shown: shown[i] ?? [] }))
  }
  const owners = await ownersOf(
    records,
    bundle,
    found.flatMap(({ shown }) => shown),
  )
  return found.map(({ event, shown }) => ({
    event,
    erased: event.disclosed.count - shown.length,
    shown: shown.map(({ resource, recordKey: key }) => ({
      resource,
      key,
      owner: owners.get(resource)?.get(key) ?? null,
    })),
  }))
}

/** Page by page. */
async function* eventsOf(
  reader: AccessLogReader,
  compromised: CompromisedBy,
): AsyncGenerator<readonly StoredEvent[]> {
  const { node, workstation, ...query } = compromised
  let after: string | undefined
  do {
    const asked: EventQuery = {
      ...query,
      kind: 'access',
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    }
    const page = await reader.search(asked)
    yield page.events.filter(
      (event) =>
        (node === undefined || event.writer === node) &&
        (workstation === undefined || event.workstation === workstation),
    )
    after = page.next ?? undefined
  } while (after !== undefined)
}

async function ownersOf(
  records: SubjectRecords,
  bundle: Bundle,
  shown: readonly StoredDisclosure[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, DataSubjectRef>>> {
  const owners = new Map<string, ReadonlyMap<string, DataSubjectRef>>()
  for (const [resource, group] of Map.groupBy(shown, (record) => record.resource)) {
    const keys = [...new Set(group.map(({ recordKey }) => recordKey))]
    owners.set(resource, await records.ownersOf(bundle, resource, keys))
  }
  return owners
}
