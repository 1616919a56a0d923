import { UnavailableError } from '@varco/core'
import { toConstant, type FetchedRecord, type RecordFilter, type RecordSource } from '@varco/policy'
import { unavailable } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import type { Visit } from '../visit.ts'
import { linkValue } from './link-value.ts'
import type { EmbeddedReading, Reading } from './plan-reading.ts'

/** What came out of the database: nothing that the decision does not permit. */
export interface Fetched {
  readonly records: readonly FetchedRecord[]
  /** How many there are in all; `null` when nobody asked. */
  readonly total: number | null
  /** For each embedded reading, the records of all owners together. */
  readonly embedded: readonly Fetched[]
  /** There are more of them than may be fetched at once: whoever got only some would take them for all. */
  readonly isCut: boolean
}

/** Records that were come by in another way, with nothing embedded in them. */
export function foundAlone(records: readonly FetchedRecord[]): Fetched {
  return { records, total: null, embedded: [], isCut: false }
}

/** Step 4: the rows the decision permits, by SQL; nothing else ever leaves the database. */
export async function fetch({ gate }: Visit, reading: Reading): Promise<Fetched | Refusal> {
  const { query, total: counted } = reading
  try {
    if (counted === null && reading.embedded.length === 0)
      return foundAlone(query.limit === 0 ? [] : await gate.records.fetch(query))
    const [records, total] = await Promise.all([
      query.limit === 0 ? [] : gate.records.fetch(query),
      counted === null ? null : gate.records.count(counted),
    ])
    return { records, total, embedded: await fetchEmbedded(gate.records, reading, records), isCut: false }
  } catch (error) {
    if (error instanceof UnavailableError) return unavailable()
    throw error
  }
}

async function fetchEmbedded(
  source: RecordSource,
  owner: Reading,
  owners: readonly FetchedRecord[],
): Promise<readonly Fetched[]> {
  const levels: Fetched[] = []
  for (const each of owner.embedded) {
    const records = await recordsOf(source, each, owner, owners)
    const isCut = records.length > each.reading.query.limit
    const embedded = isCut ? [] : await fetchEmbedded(source, each.reading, records)
    levels.push({ records, total: null, embedded, isCut })
    if (isCut) return levels
  }
  return levels
}

async function recordsOf(
  source: RecordSource,
  { from, to, reading }: EmbeddedReading,
  owner: Reading,
  owners: readonly FetchedRecord[],
): Promise<readonly FetchedRecord[]> {
  const type = reading.resource.fields.get(to)?.type ?? 'json'
  const links = new Set(owners.flatMap((record) => linkValue(owner, record, from) ?? []))
  const values = [...links].flatMap((value) => toConstant(type, value) ?? [])
  if (values.length === 0) return []
  const { query } = reading
  const theirs: RecordFilter = { kind: 'condition', condition: { op: 'in', field: to, values } }
  const filter: RecordFilter = query.filter === null ? theirs : { kind: 'all', of: [theirs, query.filter] }
  return source.fetch({ ...query, filter, limit: query.limit + 1 })
}
