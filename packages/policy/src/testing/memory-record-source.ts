import type { FieldName } from '@varco/core'
import type { Resource } from '../bundle/bundle.ts'
import { evaluateClosed, type Truth } from '../condition/evaluate-condition.ts'
import { keyOf, keyOrder } from '../condition/field-value.ts'
import type {
  FetchedRecord,
  RecordFilter,
  RecordOrder,
  RecordSet,
  RecordSource,
  WordsFilter,
} from '../records/record-source.ts'

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
        .toSorted((a, b) => compare(a, b, order, set.resource))
        .slice(offset, offset + limit)
        .map((record) => Object.fromEntries(fields.map((field) => [field, record[field] ?? null]))),
    count: async (set) => select(set).length,
  }
}

function matches(
  filter: RecordFilter,
  record: FetchedRecord,
  resource: Resource,
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
    case 'within': {
      const value = record[filter.field]
      return Array.isArray(value) ? value.every((each) => filter.values.includes(each as string)) : null
    }
    case 'words': {
      const value = record[filter.field]
      return typeof value === 'string' ? holdsWords(wordsOf(value), filter) : null
    }
  }
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
  { fields }: Resource,
): number {
  for (const { field, direction, nulls } of order) {
    const result = compareField(a, b, field, nulls === 'first' ? -1 : 1, direction === 'asc' ? 1 : -1, fields)
    if (result !== 0) return result
  }
  return 0
}

function compareField(
  a: FetchedRecord,
  b: FetchedRecord,
  field: FieldName,
  nullSign: number,
  sign: number,
  fields: Resource['fields'],
): number {
  const type = fields.get(field)?.type ?? 'json'
  const keyA = keyOf(type, a[field])
  const keyB = keyOf(type, b[field])
  if (keyA === null || keyB === null) return keyA === keyB ? 0 : keyA === null ? nullSign : -nullSign
  return sign * keyOrder(type)(keyA, keyB)
}
