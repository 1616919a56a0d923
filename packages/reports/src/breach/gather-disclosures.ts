import type { AccessLogReader, EventQuery, StoredEvent } from '@varco/access-log'
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
}

const PAGE = 500
/** Side rows read at once: enough to hide the way to the database, few enough for its pool. */
const TOGETHER = 16

/** Every access of the compromised scope, newest first, with whose records it showed. */
export async function gatherDisclosures(
  reader: AccessLogReader,
  records: SubjectRecords,
  bundle: Bundle,
  compromised: CompromisedBy,
): Promise<CompromisedAccess[]> {
  const events = await eventsOf(reader, compromised)
  const permitted = events.filter((event) => event.disclosed.count > 0)
  const shown = new Map<string, { resource: string; key: string }[]>()
  for (let start = 0; start < permitted.length; start += TOGETHER) {
    const batch = permitted.slice(start, start + TOGETHER)
    const rows = await Promise.all(batch.map(async ({ id }) => reader.disclosures(id)))
    batch.forEach(({ id }, i) => {
      shown.set(
        id,
        (rows[i] ?? []).map(({ resource, recordKey }) => ({ resource, key: recordKey })),
      )
    })
  }
  const owners = await ownersOf(records, bundle, [...shown.values()].flat())
  return events.map((event) => ({
    event,
    shown: (shown.get(event.id) ?? []).map(({ resource, key }) => ({
      resource,
      key,
      owner: owners.get(resource)?.get(key) ?? null,
    })),
  }))
}

async function eventsOf(reader: AccessLogReader, compromised: CompromisedBy): Promise<StoredEvent[]> {
  const { node, workstation, ...query } = compromised
  const events: StoredEvent[] = []
  let after: string | undefined
  do {
    const asked: EventQuery = {
      ...query,
      kind: 'access',
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    }
    const page = await reader.search(asked)
    events.push(...page.events)
    after = page.next ?? undefined
  } while (after !== undefined)
  return events.filter(
    (event) =>
      (node === undefined || event.writer === node) &&
      (workstation === undefined || event.workstation === workstation),
  )
}

async function ownersOf(
  records: SubjectRecords,
  bundle: Bundle,
  shown: readonly { readonly resource: string; readonly key: string }[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, DataSubjectRef>>> {
  const owners = new Map<string, ReadonlyMap<string, DataSubjectRef>>()
  for (const [resource, group] of Map.groupBy(shown, (record) => record.resource)) {
    const keys = [...new Set(group.map(({ key }) => key))]
    owners.set(resource, await records.ownersOf(bundle, resource, keys))
  }
  return owners
}
