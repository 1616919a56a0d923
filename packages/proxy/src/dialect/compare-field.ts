import type { FieldName } from '@varco/core'
import {
  isRangeType,
  toConstant,
  type ClosedCondition,
  type FieldType,
  type RecordFilter,
  type WordsFilter,
} from '@varco/policy'
import { refusal } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import { compareRange, RANGES, type RangeOperator } from './compare-range.ts'
import { readLikePattern } from './like-pattern.ts'
import { isRegularPattern } from './regular-pattern.ts'
import type { FilterLeaf } from './query.ts'
import { MAX_ELEMENTS, readArrayText } from './read-elements.ts'

/** What a leaf says of a field of a type, as if it were not negated. */
export function compareField(leaf: FilterLeaf, field: FieldName, type: FieldType): RecordFilter | Refusal {
  const [value = ''] = leaf.values
  switch (leaf.operator) {
    case 'is':
      return closed(isCondition(field, type, value))
    case 'cs':
    case 'ov':
    case 'cd': {
      if (isRangeType(type)) return compareRange(leaf.operator, field, type, value)
      if (type !== 'text[]') return refusal('invalid-query', { hint: NOT_FOR_TYPE })
      const values = readTexts(value)
      if (values === null || values.length === 0) return refusal('invalid-value', { hint: ARRAY })
      return leaf.operator === 'cd'
        ? { kind: 'within', field, values }
        : closed(containment(leaf.operator, field, values))
    }
    case 'sl':
    case 'sr':
    case 'nxr':
    case 'nxl':
    case 'adj':
      return isRangeType(type)
        ? compareRange(leaf.operator, field, type, value)
        : refusal('invalid-query', { hint: NOT_FOR_TYPE })
    case 'like':
    case 'ilike': {
      if (type !== 'text') return refusal('invalid-query', { hint: NOT_FOR_TYPE })
      const pattern = readLikePattern(value)
      if (pattern === null) return refusal('invalid-value', { hint: PATTERN })
      return { kind: 'like', field, pattern, ignoreCase: leaf.operator === 'ilike' }
    }
    case 'match':
    case 'imatch': {
      if (type !== 'text') return refusal('invalid-query', { hint: NOT_FOR_TYPE })
      if (!isRegularPattern(value)) return refusal('invalid-value', { hint: REGULAR })
      return { kind: 'matches', field, pattern: value, ignoreCase: leaf.operator === 'imatch' }
    }
    case 'fts':
    case 'plfts':
    case 'phfts':
    case 'wfts': {
      if (type !== 'text') return refusal('invalid-query', { hint: NOT_FOR_TYPE })
      const form = FORMS[leaf.operator]
      if (!isSearchText(form, value)) return refusal('invalid-value', { hint: WORDS })
      const { language = 'simple' } = leaf
      return { kind: 'words', field, form, language, text: value }
    }
    case 'eq':
    case 'neq':
    case 'isdistinct':
      if (type === 'text[]') return listCompared(leaf.operator, field, value)
      return closed(comparison(leaf.operator, field, type, leaf.values))
    default:
      return closed(comparison(leaf.operator, field, type, leaf.values))
  }
}

export function closed(condition: ClosedCondition | Refusal): RecordFilter | Refusal {
  return 'refused' in condition ? condition : { kind: 'condition', condition }
}

/** Whole arrays: the same elements in the same order. */
function listCompared(
  operator: 'eq' | 'neq' | 'isdistinct',
  field: FieldName,
  text: string,
): RecordFilter | Refusal {
  const values = readTexts(text)
  if (values === null) return refusal('invalid-value', { hint: ARRAY })
  const equal: RecordFilter = { kind: 'list', field, values }
  return operator === 'eq' ? equal : differing(operator, field, equal)
}

/** `neq` is unknown where there is nothing; `isdistinct` holds there. */
export function differing(
  operator: 'neq' | 'isdistinct',
  field: FieldName,
  equal: RecordFilter,
): RecordFilter {
  const other: RecordFilter = { kind: 'not', of: equal }
  if (operator === 'neq') return other
  return { kind: 'any', of: [{ kind: 'condition', condition: { op: 'exists', field, value: false } }, other] }
}

function readTexts(text: string): readonly string[] | null {
  const values = readArrayText(text)
  return values?.every((value) => toConstant('text[]', value) !== null) === true ? values : null
}

export function comparison(
  operator: Exclude<
    FilterLeaf['operator'],
    'is' | 'like' | 'ilike' | 'match' | 'imatch' | RangeOperator | keyof typeof FORMS
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
function containment(operator: 'cs' | 'ov', field: FieldName, values: readonly string[]): ClosedCondition {
  const of = values.map((value): ClosedCondition => ({ op: 'contains', field, value }))
  return { op: operator === 'cs' ? 'and' : 'or', of }
}

export function isCondition(field: FieldName, type: FieldType, word: string): ClosedCondition | Refusal {
  if (word === 'null' || word === 'not_null') return { op: 'exists', field, value: word === 'not_null' }
  if (type !== 'boolean') return refusal('invalid-query', { hint: NOT_FOR_TYPE })
  if (word === 'unknown') return { op: 'exists', field, value: false }
  return { op: 'is-true', of: { op: 'eq', field, value: word === 'true' } }
}

/** A time without a zone is taken as UTC, as PostgREST's default is. */
function fromText(type: FieldType, text: string): unknown {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : null
  if (type !== 'timestamp') return text.trim() === text || type === 'text' || isRangeType(type) ? text : null
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return `${text}T00:00:00Z`
  return /(?:[zZ]|[+-]\d{2}(?::?\d{2}){0,2})$/.test(text.slice(10)) ? text : `${text}Z`
}

export const NOT_FOR_TYPE = {
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
const REGULAR = {
  it: 'Attesa: un’espressione di al più 200 caratteri con . ^ $ [a-z] (…) | * + ? {m,n} (fino a 20) e \\ davanti a un segno.',
  en: 'Expected: an expression of at most 200 characters, of . ^ $ [a-z] (…) | * + ? {m,n} (up to 20), and \\ before a sign.',
}
const ARRAY = {
  it: `Atteso: un elenco di al massimo ${MAX_ELEMENTS} testi, come {a,b}, senza NULL.`,
  en: `Expected: a list of at most ${MAX_ELEMENTS} texts, such as {a,b}, without NULL.`,
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
  ...RANGES,
}
