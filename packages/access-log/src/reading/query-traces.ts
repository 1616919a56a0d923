import { microsToIso, type Json } from '@varco/core'
import type { DisclosureDraft, FilterUse } from '../event.ts'
import type { EventQuery } from '../reader.ts'

/** What the log keeps of a question asked to it. */
export interface QueryTraces {
  /** The parts that are about a person, for their values to become commitments. */
  readonly filters: readonly FilterUse[]
  /** The person asked about: they see that the log was read about them. */
  readonly disclosures: readonly DisclosureDraft[]
  /** The other parts, which hold no personal data, in clear. */
  readonly asked: Readonly<Record<string, Json>>
}

export function queryTraces(query: Omit<EventQuery, 'after' | 'limit'>, act: string): QueryTraces {
  const { dataSubject, record, from, to, ...rest } = query
  const filters: FilterUse[] = []
  if (dataSubject !== undefined) {
    filters.push({ field: 'data_subject', op: 'eq', value: `${dataSubject.kind} ${dataSubject.id}` })
  }
  if (record !== undefined)
    filters.push({ field: 'record', op: 'eq', value: `${record.resource} ${record.key}` })
  return {
    filters,
    disclosures: dataSubject === undefined ? [] : [{ resource: 'access-log', recordKey: act, dataSubject }],
    asked: {
      ...rest,
      ...(from === undefined ? {} : { from: microsToIso(from) }),
      ...(to === undefined ? {} : { to: microsToIso(to) }),
    },
  }
}
