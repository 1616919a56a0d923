import type { FieldName } from '@varco/core'
import type { FetchedRecord } from '@varco/policy'
import type { Reading } from './plan-reading.ts'

/** What ties a record to others, where it is plain on this record; `null`: nothing that may be used. */
export function linkValue({ permit }: Reading, record: FetchedRecord, field: FieldName): string | null {
  if (permit.outcomesOf(record)?.get(field)?.outcome !== 'plain') return null
  const value = record[field]
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null
}
