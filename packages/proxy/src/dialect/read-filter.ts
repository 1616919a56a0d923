import type { Localized } from '@varco/core'
import { OPERATORS, QueryError, type FilterLeaf, type FilterNode, type Operator } from './query.ts'
import { MAX_ELEMENTS, readArrayText, readElements } from './read-elements.ts'
import { readPlace, type FieldPlace } from './read-place.ts'
import { splitList, unquote } from './split-list.ts'

const MAX_DEPTH = 8

/**
 * A parameter that is a comparison: `status=not.in.(paid,disputed)`.
 * @throws QueryError
 */
export function readComparison(field: string, text: string): FilterNode {
  return comparison(placeOf(field), text, (value) => value)
}

/**
 * A parameter that is a tree: `or=(status.eq.paid,and(amount.gt.5,amount.lt.9))`, `not.and=(…)`.
 * @param name `and`, `or`, `not.and` or `not.or`
 * @throws QueryError
 */
export function readTree(name: string, text: string, depth = 0): FilterNode {
  const match = /^\((.*)\)$/s.exec(text.trim())
  const pieces = match === null ? null : splitList(match[1] ?? '', ',')
  if (pieces === null || depth > MAX_DEPTH) throw new QueryError('invalid-query', TREE)
  const operator = name.endsWith('and') ? 'and' : 'or'
  return {
    kind: 'tree',
    operator,
    negated: name.startsWith('not.'),
    of: pieces.map((piece) => readNode(piece.trim(), depth + 1)),
  }
}

function readNode(piece: string, depth: number): FilterNode {
  const tree = /^((?:not\.)?(?:and|or))(\(.*\))$/s.exec(piece)
  if (tree !== null) return readTree(tree[1] ?? '', tree[2] ?? '', depth)
  const [field = '', ...rest] = splitList(piece, '.') ?? []
  if (field === '' || rest.length === 0) throw new QueryError('invalid-query', TREE)
  // Within a tree a value with commas, dots or parentheses comes in quotes.
  return comparison(placeOf(field), rest.join('.'), unquote)
}

function placeOf(text: string): FieldPlace {
  const place = readPlace(text)
  if (place === null) throw new QueryError('not-supported', FORM)
  return place
}

function comparison(place: FieldPlace, text: string, readValue: (text: string) => string): FilterNode {
  const negated = text.startsWith('not.')
  const match = /^([a-z]+)(?:\(([a-z]+)\))?\.(.*)$/s.exec(negated ? text.slice(4) : text)
  if (match === null) throw new QueryError('invalid-query', FORM)
  const [, name = '', modifier, value = ''] = match
  const operator = OPERATORS.find((each) => each === name)
  if (operator === undefined) throw new QueryError('invalid-query', FORM)
  if (isSearch(operator)) {
    const language = LANGUAGES.find((each) => each === (modifier ?? 'simple'))
    if (language === undefined) throw new QueryError('not-supported', LANGUAGE)
    return { kind: 'leaf', ...place, operator, negated, values: [readValue(value)], language }
  }
  if (modifier !== undefined) return quantified(place, operator, negated, modifier, value)
  const values = operator === 'in' ? readList(value) : [readOne(operator, value, readValue)]
  return { kind: 'leaf', ...place, operator, negated, values }
}

const LANGUAGES = ['simple', 'italian', 'english'] as const

function isSearch(operator: Operator): boolean {
  return operator.endsWith('fts')
}

/** `eq(any).{1,2}`: one comparison for each element, joined by `or`, or for `all` by `and`. */
function quantified(
  place: FieldPlace,
  operator: Operator,
  negated: boolean,
  modifier: string,
  text: string,
): FilterNode {
  if ((modifier !== 'any' && modifier !== 'all') || !QUANTIFIABLE.has(operator))
    throw new QueryError('invalid-query', FORM)
  const of = readArray(text).map((value): FilterLeaf => ({
    kind: 'leaf',
    ...place,
    operator,
    negated: false,
    values: [value],
  }))
  return { kind: 'tree', operator: modifier === 'any' ? 'or' : 'and', negated, of }
}

const QUANTIFIABLE: ReadonlySet<Operator> = new Set([
  ...(['eq', 'gt', 'gte', 'lt', 'lte', 'like', 'ilike', 'match', 'imatch'] as const),
])

function readOne(operator: Operator, value: string, readValue: (text: string) => string): string {
  if (operator !== 'is') return readValue(value)
  const word = value.toLowerCase()
  if (!IS_WORDS.has(word)) throw new QueryError('invalid-query', IS)
  return word
}

const IS_WORDS: ReadonlySet<string> = new Set(['null', 'not_null', 'true', 'false', 'unknown'])

function readList(text: string): readonly string[] {
  const elements = readElements(/^\((.*)\)$/s.exec(text.trim())?.[1])
  if (elements === null) throw new QueryError('invalid-query', LIST)
  return elements
}

/** At least one element: of none, nothing can be said row by row. */
function readArray(text: string): readonly string[] {
  const elements = readArrayText(text)
  if (elements === null || elements.length === 0) throw new QueryError('invalid-query', LIST)
  return elements
}

const LANGUAGE: Localized = {
  it: `Ricerca di parole: ${LANGUAGES.join(', ')} tra parentesi, come fts(italian).parola.`,
  en: `Search for words: ${LANGUAGES.join(', ')} in parentheses, such as fts(italian).word.`,
}
const FORM: Localized = {
  it: `Filtri: campo=operatore.valore, con operatore tra ${OPERATORS.join(', ')}; not. davanti per negare.`,
  en: `Filters: field=operator.value, the operator one of ${OPERATORS.join(', ')}; not. before it to negate.`,
}
const TREE: Localized = {
  it: 'and, or: confronti separati da virgole tra parentesi, come or=(a.eq.1,b.gt.2).',
  en: 'and, or: comparisons with commas between, in parentheses, such as or=(a.eq.1,b.gt.2).',
}
const IS: Localized = {
  it: 'is: null, not_null, true, false o unknown.',
  en: 'is: null, not_null, true, false or unknown.',
}
const LIST: Localized = {
  it: `Elenchi: al massimo ${MAX_ELEMENTS} valori separati da virgole, come in.(a,b), cs.{a,b} o eq(any).{a,b}.`,
  en: `Lists: at most ${MAX_ELEMENTS} values with commas between, such as in.(a,b), cs.{a,b} or eq(any).{a,b}.`,
}
