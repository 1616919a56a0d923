import type { FieldName } from '@varco/core'
import type { Resource } from '@varco/policy'
import type { HoldQuestions, LockedRecord } from '@varco/retention'
import { belongs } from './due-condition.ts'
import { column } from './table-name.ts'

export const NOTHING_ASKED: HoldQuestions = { watched: [], belonging: [] }

const NOTHING_SEEN: Readonly<Record<string, unknown>> = {}

export interface LockedRow {
  readonly key: string
  readonly subject: string | null
  /** A JSON array in the order of the fields asked for; `null`: none was. */
  readonly watched: string | null
  readonly theirs: boolean
}

/** The columns of a `LockedRow`. `$first` is the first parameter's number. */
export function toldOf(
  resource: Resource,
  { watched, belonging }: HoldQuestions,
  first: number,
): { readonly text: string; readonly values: readonly unknown[] } {
  const values: unknown[] = []
  const seen = watched.map((field) => `to_jsonb(${watchedValue(field, resource)})`)
  const theirs = ['FALSE', ...belonging.map((each) => belongs('r', each, { values, first }))]
  return {
    text: `${column(resource.key)}::text AS key, ${subjectOf(resource)} AS subject,
    ${seen.length === 0 ? 'NULL' : `jsonb_build_array(${seen.join(', ')})`}::text AS watched, coalesce(${theirs.join(' OR ')}, false) AS theirs`,
    values,
  }
}

export function toLocked(row: LockedRow, { watched }: HoldQuestions): LockedRecord {
  const { key, subject, theirs } = row
  if (row.watched === null) return { key, dataSubject: subject, theirs, watched: NOTHING_SEEN }
  const values = JSON.parse(row.watched) as readonly unknown[]
  return {
    key,
    dataSubject: subject,
    theirs,
    watched: Object.fromEntries(watched.map((field, at) => [field, values[at] ?? null])),
  }
}

/** Numbers and instants as text: nothing is rounded on the way. */
function watchedValue(field: FieldName, { fields }: Resource): string {
  const type = fields.get(field)?.type
  if (type === 'boolean' || type === 'text[]') return column(field)
  return type === 'timestamp' ? `to_jsonb(${column(field)}) #>> '{}'` : `${column(field)}::text`
}

function subjectOf({ dataSubject }: Resource): string {
  return dataSubject === null ? 'NULL::text' : `${column(dataSubject.field)}::text`
}
