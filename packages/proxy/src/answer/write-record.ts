import { harmlessCell } from '@varco/core'
import { maskValue, type FetchedRecord, type FieldType, type MaskKeys, type MaskName } from '@varco/policy'
import type { Column } from '../steps/plan-reading.ts'
import { jsonAt } from './json-at.ts'
import { jsonOf } from './json-value.ts'
import type { AnswerFormat } from './negotiate-format.ts'

/** A field of an answer as it is shown of some records. */
export interface ShownColumn extends Column {
  /** `null`: plain. */
  readonly mask: MaskName | null
  /** Its name and a colon, as JSON has them. */
  readonly prefix: string
}

export function shownColumn(column: Column, mask: MaskName | null): ShownColumn {
  return { ...column, mask, prefix: prefixOf(column.as) }
}

function prefixOf(as: string): string {
  return `${JSON.stringify(as)}:`
}

/** What stands within a record besides its own fields: a name, and JSON text; or members, as JSON has them. */
export type Within = { readonly as: string; readonly json: string } | { readonly members: string }

export interface RecordWriter {
  /** One record of the answer. Columns that are not there are hidden on this record. */
  record(columns: readonly ShownColumn[], record: FetchedRecord, within: readonly Within[]): string
  /** The same, value by value: name of the answer and JSON text. */
  values(
    columns: readonly ShownColumn[],
    record: FetchedRecord,
  ): readonly (readonly [as: string, json: string])[]
  /** The members of a record that is not there. */
  none(names: readonly string[]): string
}

/** @param names every column of the answer, in order: a table has them all, whatever a record shows */
export function recordWriter(format: AnswerFormat, names: readonly string[], keys: MaskKeys): RecordWriter {
  return format.kind === 'csv' ? csvWriter(names, keys) : jsonWriter(format, keys)
}

function jsonWriter({ nullsStripped }: AnswerFormat, keys: MaskKeys): RecordWriter {
  return {
    record: (columns, record, within) => {
      let text = ''
      for (const column of columns) {
        const json = valueOf(column, record, keys)
        if (!nullsStripped || json !== 'null') text += `${text === '' ? '{' : ','}${column.prefix}${json}`
      }
      for (const each of within) {
        if ('members' in each) text += each.members === '' ? '' : `${text === '' ? '{' : ','}${each.members}`
        else if (!nullsStripped || each.json !== 'null')
          text += `${text === '' ? '{' : ','}${prefixOf(each.as)}${each.json}`
      }
      return text === '' ? '{}' : `${text}}`
    },
    values: (columns, record) => columns.map((column) => [column.as, valueOf(column, record, keys)]),
    none: (names) => (nullsStripped ? '' : names.map((name) => `${prefixOf(name)}null`).join(',')),
  }
}

function csvWriter(names: readonly string[], keys: MaskKeys): RecordWriter {
  return {
    record: (columns, record) => {
      const cells = new Map(
        columns.map((column) => [column.as, cellOf(column.type, valueOf(column, record, keys))]),
      )
      return names.map((name) => cells.get(name) ?? '').join(',')
    },
    // A table holds no relations.
    values: () => [],
    none: () => '',
  }
}

/** The line of names above a table. */
export function csvHeader(names: readonly string[]): string {
  return names.map((name) => quoted(harmlessCell(name))).join(',')
}

/** As JSON text. */
function valueOf(
  { field, at, type, asText, mask }: ShownColumn,
  record: FetchedRecord,
  keys: MaskKeys,
): string {
  const value = record[field]
  // Of a masked value nothing is said of what stands within: all of it is masked, wherever the path leads.
  if (mask !== null) return JSON.stringify(maskValue(mask, value, keys))
  const whole = jsonOf(type, value)
  const json = at === undefined ? whole : jsonAt(whole, at)
  return asText && json !== 'null' && !json.startsWith('"') ? JSON.stringify(json) : json
}

/** Texts stand for themselves, NULL for nothing; an empty text is told from NULL by its quotes. */
function cellOf(type: FieldType, json: string): string {
  if (json === 'null') return ''
  if (!json.startsWith('"')) return quoted(json)
  const text = JSON.parse(json) as string
  return quoted(HOLDS_TEXT.has(type) ? harmlessCell(text) : text)
}

/** What a number, a day or a range may be, no formula is. */
const HOLDS_TEXT: ReadonlySet<FieldType> = new Set(['text', 'text[]', 'json'])

/** RFC 4180. */
function quoted(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
