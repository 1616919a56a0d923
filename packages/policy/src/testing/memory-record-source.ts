import type { FieldName } from '@varco/core'
import type { Resource } from '../bundle/bundle.ts'
import { evaluateClosed, type Truth } from '../condition/evaluate-condition.ts'
import type { FieldType } from '../bundle/schema.ts'
import { compareKeys, keyOf, keyOrder, type Key } from '../condition/field-value.ts'
import type {
  FetchedRecord,
  RecordFilter,
  RecordOrder,
  RecordSet,
  RecordSource,
  RelatedSet,
  WordsFilter,
} from '../records/record-source.ts'
import {
  jsonEquals,
  jsonHolds,
  jsonPlaceInOrder,
  jsonText,
  valueWithin,
  type JsonValue,
} from './memory-json.ts'
import { liesTo } from './memory-range.ts'

/** The port's double for tests: the records it is given, by resource. */
export function memoryRecordSource(
  records: Readonly<Record<string, readonly FetchedRecord[]>>,
): RecordSource {
  const select = ({ resource, reach, filter }: RecordSet): readonly FetchedRecord[] => {
    const withinReach = evaluateClosed(reach, resource.fields)
    return (records[resource.name] ?? []).filter(
      (record) =>
        withinReach(record) === true &&
        (filter === null || matches(filter, record, resource, select) === true),
    )
  }
  return {
    fetch: async ({ fields, order, offset, limit, ...set }) =>
      select(set)
        .toSorted((a, b) => compare(a, b, order, set.resource, select))
        .slice(offset, offset + limit)
        .map((record) => Object.fromEntries(fields.map((field) => [field, record[field] ?? null]))),
    count: async (set) => select(set).length,
  }
}

function matches(
  filter: RecordFilter,
  record: FetchedRecord,
  resource: Pick<Resource, 'fields'>,
  select: (set: RecordSet) => readonly FetchedRecord[],
): Truth {
  switch (filter.kind) {
    case 'all':
    case 'any': {
      const absorbing = filter.kind === 'any'
      const truths = filter.of.map((part) => matches(part, record, resource, select))
      if (truths.includes(absorbing)) return absorbing
      return truths.includes(null) ? null : !absorbing
    }
    case 'not': {
      const truth = matches(filter.of, record, resource, select)
      return truth === null ? null : !truth
    }
    case 'condition':
      return evaluateClosed(filter.condition, resource.fields)(record)
    case 'related': {
      const value = JSON.stringify(record[filter.field] ?? null)
      return (
        value !== 'null' &&
        select(filter.set).some((other) => JSON.stringify(other[filter.to] ?? null) === value)
      )
    }
    case 'like': {
      const value = record[filter.field]
      return typeof value === 'string' ? toRegExp(filter.pattern, filter.ignoreCase).test(value) : null
    }
    case 'matches': {
      const value = record[filter.field]
      const flags = filter.ignoreCase ? 'isu' : 'su'
      return typeof value === 'string' ? new RegExp(filter.pattern, flags).test(value) : null
    }
    case 'within': {
      const value = record[filter.field]
      return Array.isArray(value) ? value.every((each) => filter.values.includes(each as string)) : null
    }
    case 'list': {
      const value = record[filter.field]
      return Array.isArray(value) ? JSON.stringify(value) === JSON.stringify(filter.values) : null
    }
    case 'at':
      return matches(
        filter.of,
        { ...record, [filter.field]: heldAt(record[filter.field], filter) },
        { fields: withType(resource.fields, filter.field, filter.as) },
        select,
      )
    case 'json': {
      const held = record[filter.field] as HeldJson | null
      if (held === null) return null
      const other = JSON.parse(filter.value) as JsonValue
      if (filter.test === 'equals') return jsonEquals(held.json, other)
      return filter.test === 'contains' ? jsonHolds(held.json, other) : jsonHolds(other, held.json)
    }
    case 'range':
      return liesTo(record[filter.field], filter)
    case 'words': {
      const value = record[filter.field]
      return typeof value === 'string' ? holdsWords(wordsOf(value), filter) : null
    }
  }
}

/** JSON's null is a value; that there is nothing is none. */
interface HeldJson {
  readonly json: JsonValue
}

function heldAt(
  held: unknown,
  { path, as }: Pick<Extract<RecordFilter, { kind: 'at' }>, 'path' | 'as'>,
): HeldJson | string | number | null {
  const value = valueWithin(held, path)
  if (value === undefined) return null
  if (as === 'json') return { json: value }
  return as === 'text' ? jsonText(value) : typeof value === 'number' ? value : null
}

function withType(fields: Resource['fields'], name: FieldName, type: FieldType): Resource['fields'] {
  const field = fields.get(name) ?? { category: '', nullable: true }
  return new Map(fields).set(name, { ...field, type })
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Each language as if it were `simple`: what endings mean is PostgreSQL's to know. */
function holdsWords(words: readonly string[], { form, text }: Pick<WordsFilter, 'form' | 'text'>): boolean {
  const wanted = wordsOf(text)
  switch (form) {
    case 'plain':
      return wanted.length > 0 && wanted.every((word) => words.includes(word))
    case 'phrase':
      return wanted.length > 0 && ` ${words.join(' ')} `.includes(` ${wanted.join(' ')} `)
    case 'web':
      return text.split(/\bor\b/).some((part) => {
        const terms = part.match(/-?"[^"]*"|\S+/g) ?? []
        return terms.every((term) => {
          const inner = { form: 'phrase', text: term } as const
          return holdsWords(words, inner) !== term.startsWith('-')
        })
      })
    case 'query':
      return text.split('|').some((part) =>
        part.split('&').every((term) => {
          const [word = ''] = wordsOf(term)
          const isThere = words.some((each) => (term.includes(':*') ? each.startsWith(word) : each === word))
          return isThere !== term.trim().startsWith('!')
        }),
      )
  }
}

function toRegExp(pattern: string, ignoreCase: boolean): RegExp {
  const source = pattern.replaceAll(
    /\\(.)|([%_])|([^\\%_])/gsu,
    (_, escaped: string | undefined, wildcard: string | undefined, other: string) => {
      if (wildcard !== undefined) return wildcard === '%' ? '.*' : '.'
      return (escaped ?? other).replace(/[$()*+.?[\\\]^{|}/-]/, '\\$&')
    },
  )
  return new RegExp(`^${source}$`, ignoreCase ? 'isu' : 'su')
}

function compare(
  a: FetchedRecord,
  b: FetchedRecord,
  order: readonly RecordOrder[],
  resource: Resource,
  select: (set: RecordSet) => readonly FetchedRecord[],
): number {
  for (const term of order) {
    const { of } = term
    const [left, right] =
      of === undefined ? [a, b] : [a, b].map((record) => related(record, of, select) ?? NOTHING)
    const { fields } = of === undefined ? resource : of.set.resource
    const result = compareTerm(left ?? NOTHING, right ?? NOTHING, term, fields)
    if (result !== 0) return result
  }
  return 0
}

const NOTHING: FetchedRecord = {}

function related(
  record: FetchedRecord,
  { from, to, set }: RelatedSet,
  select: (set: RecordSet) => readonly FetchedRecord[],
): FetchedRecord | undefined {
  const value = JSON.stringify(record[from] ?? null)
  return value === 'null'
    ? undefined
    : select(set).find((other) => JSON.stringify(other[to] ?? null) === value)
}

function compareTerm(
  a: FetchedRecord,
  b: FetchedRecord,
  { field, at, direction, nulls }: RecordOrder,
  fields: Resource['fields'],
): number {
  const type = at === undefined ? (fields.get(field)?.type ?? 'json') : 'text'
  const keysOf = (record: FetchedRecord): readonly Key[] | null => {
    if (at?.as === 'json') {
      const value = valueWithin(record[field], at.path)
      return value === undefined ? null : jsonPlaceInOrder(value)
    }
    if (at === undefined && type === 'text[]') return listKeys(record[field])
    const value = at === undefined ? record[field] : jsonText(valueWithin(record[field], at.path))
    const key = keyOf(type, value)
    return key === null ? null : [key]
  }
  const [left, right] = [keysOf(a), keysOf(b)]
  if (left === null || right === null) {
    const nullSign = nulls === 'first' ? -1 : 1
    return left === right ? 0 : left === null ? nullSign : -nullSign
  }
  const compareKey = at?.as === 'json' || type === 'text[]' ? compareKeys : keyOrder(type)
  for (const [index, key] of left.entries()) {
    const result = compareKey(key, right[index] ?? key)
    if (result !== 0) return direction === 'asc' ? result : -result
  }
  return 0
}

/** Element by element; NULL after any text, and a list before one that goes on. */
function listKeys(list: unknown): readonly Key[] | null {
  if (!Array.isArray(list)) return null
  return [...(list as readonly (string | null)[]).map((each) => (each === null ? '2' : `1${each}`)), '0']
}
