import type { FieldName } from '@varco/core'
import {
  toConstant,
  type ClosedCondition,
  type FieldType,
  type RecordFilter,
  type Resource,
  type WordsFilter,
} from '@varco/policy'
import { refusal } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import { readLikePattern } from './like-pattern.ts'
import type { FilterLeaf, FilterNode } from './query.ts'

/**
 * Every value is parsed to its field's type here, so that no comparison can fail on a row, and an error tell of it.
 * @param node names only fields of the resource
 */
export function toRecordFilter(node: FilterNode, resource: Resource): RecordFilter | Refusal {
  if (node.kind === 'leaf') return fromLeaf(node, resource)
  const parts: RecordFilter[] = []
  for (const each of node.of) {
    const part = toRecordFilter(each, resource)
    if ('refused' in part) return part
    parts.push(part)
  }
  return negateIf(node.negated, { kind: node.operator === 'and' ? 'all' : 'any', of: parts })
}

function fromLeaf(leaf: FilterLeaf, resource: Resource): RecordFilter | Refusal {
  const field = leaf.field as FieldName
  const type = resource.fields.get(field)?.type ?? 'json'
  const [value = ''] = leaf.values
  switch (leaf.operator) {
    case 'is':
      return negatedUnlessRefused(leaf, isCondition(field, type, value))
    case 'cs':
    case 'ov':
      return negatedUnlessRefused(leaf, containment(leaf.operator, field, type, leaf.values))
    case 'like':
    case 'ilike': {
      if (type !== 'text') return refusal('invalid-query', { hint: NOT_FOR_TYPE })
      const pattern = readLikePattern(value)
      if (pattern === null) return refusal('invalid-value', { hint: PATTERN })
      return negateIf(leaf.negated, { kind: 'like', field, pattern, ignoreCase: leaf.operator === 'ilike' })
    }
    case 'cd': {
      if (type !== 'text[]') return refusal('invalid-query', { hint: NOT_FOR_TYPE })
      const values = leaf.values.flatMap((text) => toConstant(type, text) ?? []).map(String)
      if (values.length < leaf.values.length) return refusal('invalid-value', { hint: EXPECTED.text })
      return negateIf(leaf.negated, { kind: 'within', field, values })
    }
    case 'fts':
    case 'plfts':
    case 'phfts':
    case 'wfts': {
      if (type !== 'text') return refusal('invalid-query', { hint: NOT_FOR_TYPE })
      const form = FORMS[leaf.operator]
      if (!isSearchText(form, value)) return refusal('invalid-value', { hint: WORDS })
      const { language = 'simple' } = leaf
      return negateIf(leaf.negated, { kind: 'words', field, form, language, text: value })
    }
    default:
      return negatedUnlessRefused(leaf, comparison(leaf.operator, field, type, leaf.values))
  }
}

function comparison(
  operator: Exclude<
    FilterLeaf['operator'],
    'is' | 'like' | 'ilike' | 'cs' | 'ov' | 'cd' | keyof typeof FORMS
  >,
  field: FieldName,
  type: FieldType,
  texts: readonly string[],
): ClosedCondition | Refusal {
  if (type === 'json' || type === 'text[]') return refusal('invalid-query', { hint: NOT_FOR_TYPE })
  if (type === 'boolean' && ['gt', 'gte', 'lt', 'lte'].includes(operator))
    return refusal('invalid-query', { hint: NOT_FOR_TYPE })
  const values = texts.map((text) => toConstant(type, fromText(type, text)))
  const known = values.flatMap((value) => value ?? [])
  if (known.length < values.length) return refusal('invalid-value', { hint: EXPECTED[type] })
  if (operator === 'in') return { op: 'in', field, values: known }
  const [value] = known
  if (value === undefined) return refusal('invalid-value', { hint: EXPECTED[type] })
  if (operator !== 'isdistinct') return { op: operator, field, value }
  return {
    op: 'or',
    of: [
      { op: 'exists', field, value: false },
      { op: 'neq', field, value },
    ],
  }
}

const FORMS = { fts: 'query', plfts: 'plain', phfts: 'phrase', wfts: 'web' } as const
const MAX_SEARCH_CHARS = 500
const QUERY = /^!?[\p{L}\p{N}]+(?::\*)?(?:\s*[&|]\s*!?[\p{L}\p{N}]+(?::\*)?)*$/u

/** PostgreSQL fails on queries of its own form that are misspelt, and on words without end. */
function isSearchText(form: WordsFilter['form'], text: string): boolean {
  if (text.length > MAX_SEARCH_CHARS || text.includes('\0') || !text.isWellFormed()) return false
  return form !== 'query' || QUERY.test(text)
}

/** An array holds all of the elements, or at least one. */
function containment(
  operator: 'cs' | 'ov',
  field: FieldName,
  type: FieldType,
  texts: readonly string[],
): ClosedCondition | Refusal {
  if (type !== 'text[]') return refusal('invalid-query', { hint: NOT_FOR_TYPE })
  const values = texts.flatMap((text) => toConstant(type, text) ?? [])
  if (values.length < texts.length) return refusal('invalid-value', { hint: EXPECTED.text })
  const of = values.map((value): ClosedCondition => ({ op: 'contains', field, value }))
  return { op: operator === 'cs' ? 'and' : 'or', of }
}

function isCondition(field: FieldName, type: FieldType, word: string): ClosedCondition | Refusal {
  if (word === 'null' || word === 'not_null') return { op: 'exists', field, value: word === 'not_null' }
  if (type !== 'boolean') return refusal('invalid-query', { hint: NOT_FOR_TYPE })
  if (word === 'unknown') return { op: 'exists', field, value: false }
  return { op: 'is-true', of: { op: 'eq', field, value: word === 'true' } }
}

function negatedUnlessRefused(
  { negated }: FilterLeaf,
  condition: ClosedCondition | Refusal,
): RecordFilter | Refusal {
  return 'refused' in condition ? condition : negateIf(negated, { kind: 'condition', condition })
}

function negateIf(negated: boolean, filter: RecordFilter): RecordFilter {
  return negated ? { kind: 'not', of: filter } : filter
}

/** A time without a zone is taken as UTC, as PostgREST's default is. */
function fromText(type: FieldType, text: string): unknown {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : null
  if (type !== 'timestamp') return text.trim() === text || type === 'text' ? text : null
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return `${text}T00:00:00Z`
  return /(?:[zZ]|[+-]\d{2}(?::?\d{2}){0,2})$/.test(text.slice(10)) ? text : `${text}Z`
}

const NOT_FOR_TYPE = {
  it: 'L’operatore non vale per il tipo di questo campo.',
  en: 'The operator does not apply to this field’s type.',
}
const WORDS = {
  it: `Attese: al massimo ${MAX_SEARCH_CHARS} caratteri; per fts, parole unite da & e |, con ! davanti e :* dopo.`,
  en: `Expected: at most ${MAX_SEARCH_CHARS} characters; for fts, words joined by & and |, with ! before and :* after.`,
}
const PATTERN = {
  it: 'Il modello non può finire con una sola barra inversa, né contenere NUL.',
  en: 'The pattern must not end in a single backslash, nor hold NUL.',
}
const EXPECTED: Readonly<Record<Exclude<FieldType, 'json' | 'text[]'>, { it: string; en: string }>> = {
  text: { it: 'Atteso: testo senza NUL.', en: 'Expected: text without NUL.' },
  integer: { it: 'Atteso: un numero intero.', en: 'Expected: a whole number.' },
  decimal: { it: 'Atteso: un numero.', en: 'Expected: a number.' },
  boolean: { it: 'Atteso: true o false.', en: 'Expected: true or false.' },
  date: { it: 'Attesa: una data come 2026-03-29.', en: 'Expected: a date such as 2026-03-29.' },
  timestamp: {
    it: 'Atteso: un istante come 2026-03-29T01:30:00Z.',
    en: 'Expected: an instant such as 2026-03-29T01:30:00Z.',
  },
  uuid: { it: 'Atteso: un UUID.', en: 'Expected: a UUID.' },
}
