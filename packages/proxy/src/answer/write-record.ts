import type { FieldName } from '@varco/core'
import { maskValue, type FetchedRecord, type FieldType, type MaskKeys, type MaskName } from '@varco/policy'
import { jsonOf } from './json-value.ts'
import type { AnswerFormat } from './negotiate-format.ts'

/** A field as it is shown of some records: which, under which name, and under which mask if any. */
export interface ShownColumn {
  readonly field: FieldName
  readonly as: string
  readonly type: FieldType
  readonly asText: boolean
  /** `null`: plain. */
  readonly mask: MaskName | null
}

/** What stands within a record besides its own fields: a name, and JSON text. */
export interface Within {
  readonly as: string
  readonly json: string
}

/** One record of the answer. Columns that are not there are hidden on this record. */
export type WriteRecord = (
  columns: readonly ShownColumn[],
  record: FetchedRecord,
  within: readonly Within[],
) => string

/** @param names every column of the answer, in order: a table has them all, whatever a record shows */
export function recordWriter(format: AnswerFormat, names: readonly string[], keys: MaskKeys): WriteRecord {
  return format.kind === 'csv' ? csvWriter(names, keys) : jsonWriter(format, keys)
}

function jsonWriter({ nullsStripped }: AnswerFormat, keys: MaskKeys): WriteRecord {
  const prefixes = new Map<string, string>()
  const prefixOf = (as: string): string => {
    const known = prefixes.get(as) ?? `${JSON.stringify(as)}:`
    prefixes.set(as, known)
    return known
  }
  return (columns, record, within) => {
    let members = ''
    const add = (as: string, json: string): void => {
      if (json === 'null' && nullsStripped) return
      members += `${members === '' ? '' : ','}${prefixOf(as)}${json}`
    }
    for (const column of columns) add(column.as, valueOf(column, record, keys))
    for (const { as, json } of within) add(as, json)
    return `{${members}}`
  }
}

function csvWriter(names: readonly string[], keys: MaskKeys): WriteRecord {
  return (columns, record) => {
    const cells = new Map(columns.map((column) => [column.as, cellOf(valueOf(column, record, keys))]))
    return names.map((name) => cells.get(name) ?? '').join(',')
  }
}

/** The line of names above a table. */
export function csvHeader(names: readonly string[]): string {
  return names.map(quoted).join(',')
}

/** As JSON text. */
function valueOf({ field, type, asText, mask }: ShownColumn, record: FetchedRecord, keys: MaskKeys): string {
  const value = record[field]
  if (mask !== null) return JSON.stringify(maskValue(mask, value, keys))
  const json = jsonOf(type, value)
  return asText && json !== 'null' && !json.startsWith('"') ? JSON.stringify(json) : json
}

/** Texts stand for themselves, NULL for nothing; an empty text is told from NULL by its quotes. */
function cellOf(json: string): string {
  if (json === 'null') return ''
  return json.startsWith('"') ? quoted(JSON.parse(json) as string) : quoted(json)
}

/** RFC 4180. */
function quoted(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
