// The dialect and the promise of the proxy once more, without a plan: each record is looked at on its own.
import { isoToMicros, type FieldName } from '@varco/core'
import {
  decide,
  type decideRecord,
  type AccessRequest,
  type Bundle,
  type FieldType,
  type MaskName,
} from '@varco/policy'
import { WORLD_FIELDS } from '@varco/policy/testing'
import { expect } from 'vitest'
import { REGULAR } from './arbitrary-query.ts'
import { isJson, jsonHolds, jsonKey, jsonOrderKeys, jsonTextOf, jsonWithin } from './json-reference.ts'
import { pointsOf, RANGE_FIELDS, rangeOrderKeys, truthOfRanges } from './range-reference.ts'
import { leaves, nameInAnswer, type FilterTree, type Named, type QueryTree } from './query-tree.ts'

/** Of the random worlds’ resource, and more that hold JSON and ranges. */
export const FIELDS: Readonly<Record<string, FieldType>> = {
  ...WORLD_FIELDS,
  ...RANGE_FIELDS,
  doc: 'json',
}

/** As JSON has it. */
type Value = string | number | boolean | readonly unknown[] | null | undefined
export type Row = Readonly<Record<string, Value>>
type Key = string | bigint | boolean
type Truth = boolean | null

export interface Question {
  readonly bundle: Bundle
  readonly request: AccessRequest
  readonly rows: readonly Row[]
  readonly query: QueryTree
  /** What the decision says of a record: the same for every query of the same action. */
  readonly outcomesOf: (asked: AccessRequest, row: Row) => ReturnType<typeof decideRecord>
  readonly mask: (mask: MaskName, value: unknown) => unknown
}

export interface Expected {
  readonly status: number
  readonly compare: (text: string, context: string) => void
}

export function expectedAnswer({ bundle, request, rows, query, outcomesOf, mask }: Question): Expected {
  const compared = query.filters.flatMap(leaves)
  const naming = compared.every(
    ({ field, op, not }) => field === 'id' && (op === 'eq' || op === 'in') && !not,
  )
  const asked: AccessRequest = { ...request, action: naming ? 'read' : 'search' }
  const decision = decide(bundle, asked)
  if (!isOpen(bundle, request)) return refused(404)
  if (decision.effect === 'deny') return refused(403)
  const best = (field: string): string => decision.fields.get(field as FieldName)?.best ?? 'hidden'
  const usedFields = [...compared.map(({ field }) => field), ...query.order.map(({ field }) => field)]
  const named = (query.select ?? []).filter(({ field }) => field !== '*')
  if ([...named.map(({ field }) => field), ...usedFields].some((field) => best(field) === 'hidden'))
    return refused(400, ['field-not-available'])
  if (usedFields.some((field) => best(field) !== 'plain')) return refused(400, ['field-not-plain'])
  if ([...named, ...query.order].some((each) => !isPlace(each)) || compared.some((leaf) => !makesSense(leaf)))
    return refused(400, ['invalid-value', 'invalid-query'])

  const visible = rows.flatMap((row) => {
    const outcomes = outcomesOf(asked, row)
    if (
      outcomes === null ||
      usedFields.some((field) => outcomes.get(field as FieldName)?.outcome !== 'plain')
    )
      return []
    return query.filters.every((filter) => truthOf(filter, row) === true) ? [{ row, outcomes }] : []
  })
  const fields =
    query.select === null || query.select.some(({ field }) => field === '*')
      ? Object.keys(FIELDS).map((field) => ({ field }))
      : query.select
  const rendered = visible.map(({ row, outcomes }) => {
    const members = fields.flatMap((each: Named) => {
      const { field } = each
      const outcome = outcomes.get(field as FieldName)
      if (outcome === undefined || outcome.outcome === 'hidden') return []
      const plain = outcome.outcome === 'plain'
      return [
        `"${nameInAnswer(each)}":${plain ? shownOf(each, row[field]) : JSON.stringify(mask(outcome.mask ?? 'redact', asFetched(field, row[field])))}`,
      ]
    })
    return { row, text: `{${members.join(',')}}` }
  })
  return { status: 200, compare: (text, context) => compareRows(text, rendered, query, context) }
}

/** Whether some rule, for whatever action and purpose, is for this role under this contract. */
export function isOpen(bundle: Bundle, { principal, contract, resource }: AccessRequest): boolean {
  return bundle.document.access.some(
    (rule) =>
      rule.effect === 'permit' &&
      rule.resource === resource &&
      (rule.role?.includes(principal.role) ?? true) &&
      (rule.contracts?.includes(contract?.id ?? 'internal') ?? true),
  )
}

/** @param codes of which the refusal must have one */
function refused(status: number, codes?: readonly string[]): Expected {
  return {
    status,
    compare: (text, context) => {
      const { code } = JSON.parse(text) as { readonly code: string }
      mustHold(codes?.includes(code) ?? true, () => `${context}\nexpected ${codes?.join(' or ')}`)
    },
  }
}

/** Of what is asked a million times, `expect` hears when it does not hold. */
export function mustHold(holds: boolean, context: () => string): void {
  if (!holds) expect.unreachable(context())
}

function compareRows(
  text: string,
  all: readonly { readonly row: Row; readonly text: string }[],
  query: QueryTree,
  context: string,
): void {
  const offset = query.offset ?? 0
  const sorted = all.toSorted((a, b) => order(a.row, b.row, query))
  const window = sorted.slice(offset, offset + Math.min(query.limit ?? Infinity, 1_000))
  // Rows that the order does not tell apart may come in any order, at the window's ends too.
  const groupsOf = new Map(sorted.map(({ row }) => [row, groupOf(query, row)]))
  const groups = Map.groupBy(sorted, ({ row }) => groupsOf.get(row))
  const got = splitRecords(text)
  mustHold(got.length === window.length, () => `${context}\nexpected ${window.length} records`)
  const left = new Map([...groups].map(([key, members]) => [key, members.map((member) => member.text)]))
  for (const [index, { row }] of window.entries()) {
    const group = left.get(groupsOf.get(row)) ?? []
    const found = group.indexOf(got[index] ?? '')
    mustHold(found >= 0, () => `${context}\nrecord ${index}: none of ${group.join()}`)
    group.splice(found, 1)
  }
}

/** Rows of one group are not told apart by the order. */
function groupOf({ order: terms }: QueryTree, row: Row): string {
  return JSON.stringify(terms.map((term) => orderKey(term, row)?.map(String) ?? null))
}

/** The array's members as they stand in the text: parsing would round numbers. */
function splitRecords(text: string): readonly string[] {
  const inner = text.slice(1, -1)
  if (inner === '') return []
  const records: string[] = []
  let depth = 0
  let start = 0
  let quoted = false
  for (let at = 0; at < inner.length; at++) {
    const character = inner[at]
    if (quoted) {
      if (character === '\\') at++
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '{') depth++
    else if (character === '}') {
      depth--
      if (depth === 0) {
        records.push(inner.slice(start, at + 1))
        start = at + 2
      }
    }
  }
  return records
}

// --- Values ---

function typeOf(field: string): FieldType {
  return FIELDS[field] ?? 'json'
}

function keyOf(field: string, value: Value): Key | null {
  if (value === null || value === undefined) return null
  switch (typeOf(field)) {
    case 'integer':
    case 'decimal':
      return scaled(String(value))
    case 'timestamp':
      return isoToMicros(String(value))
    case 'uuid':
      return String(value).toLowerCase()
    case 'boolean':
      return value === true
    default:
      return String(value)
  }
}

const DIGITS = 12

/** A decimal as a whole number of units of its twelfth digit. */
function scaled(text: string): bigint | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text)
  const [, sign, whole = '', fraction = '', exponent = '0'] = match ?? []
  if (match === null || whole + fraction === '' || Math.abs(Number(exponent)) > 5) return null
  const shift = DIGITS + Number(exponent) - fraction.length
  const size = shift >= 0 ? BigInt(whole + fraction) * 10n ** BigInt(shift) : null
  return size === null ? null : sign === '-' ? -size : size
}

function shownOf({ field, within }: Named, value: Value): string {
  if (within === undefined) return typeOf(field) === 'json' ? String(value ?? null) : jsonOf(field, value)
  const held = jsonWithin(value, within.path)
  if (held === undefined || held === null) return 'null'
  return JSON.stringify(within.as === 'json' || typeof held === 'string' ? held : JSON.stringify(held))
}

export function jsonOf(field: string, value: Value): string {
  if (value === null || value === undefined) return 'null'
  const type = typeOf(field)
  return type === 'integer' || type === 'decimal' || type === 'boolean'
    ? String(value)
    : JSON.stringify(value)
}

export function asFetched(field: string, value: Value): Value {
  const type = typeOf(field)
  return value === null || value === undefined
    ? null
    : type === 'integer' || type === 'decimal'
      ? String(value)
      : value
}

// --- Filters ---

type Leaf = Extract<FilterTree, { kind: 'leaf' }>

/** Whether the operator applies to the field's type, and the value is of it. */
function makesSense(leaf: Leaf): boolean {
  const { field, op, values, within } = leaf
  if (!isPlace(leaf)) return false
  if (isRange(field)) return makesSenseOfRange(field, op, values)
  if (ABOUT_RANGES.test(op)) return false
  if (within?.as === 'text') return makesSenseOf('text', op, values)
  const type = typeOf(field)
  if (type !== 'json' && within === undefined) return makesSenseOf(type, op, values)
  if (op === 'is') return values[0] === 'null' || values[0] === 'not_null'
  if (/^[gl]te?$/.test(op)) return values.every((value) => isOf('decimal', value))
  return !/^i?(?:like|match)$/.test(op) && values.every(isJson)
}

const ABOUT_RANGES = /^(?:sl|sr|nxr|nxl|adj)$/

function isRange(field: string): field is keyof typeof RANGE_FIELDS {
  return Object.hasOwn(RANGE_FIELDS, field)
}

function makesSenseOfRange(field: string, op: string, values: readonly string[]): boolean {
  if (op === 'is') return values[0] === 'null' || values[0] === 'not_null'
  if (/^i?(?:like|match)$/.test(op)) return false
  return values.every((value) => pointsOf(typeOf(field), value) !== null)
}

/** Within a text, a number or a date nothing stands. */
function isPlace({ field, within }: Named): boolean {
  return within === undefined || typeOf(field) === 'json' || typeOf(field) === 'text[]'
}

function makesSenseOf(type: FieldType, op: string, values: readonly string[]): boolean {
  if (type === 'text[]' && /^(?:eq|neq|isdistinct|cs|cd)$/.test(op)) {
    const list = listOf(values[0] ?? '')
    return list !== null && (list.length > 0 || !op.startsWith('c'))
  }
  if (op === 'cs' || op === 'cd') return false
  if (op === 'match' || op === 'imatch') return type === 'text' && REGULAR.includes(values[0] ?? '')
  if (op === 'is') return values[0] === 'null' || values[0] === 'not_null' || type === 'boolean'
  if (op === 'like' || op === 'ilike')
    return type === 'text' && !/(?:^|[^\\])(?:\\\\)*\\$/.test((values[0] ?? '').replaceAll('*', '%'))
  if (type === 'text[]' || (type === 'boolean' && /^[gl]te?$/.test(op))) return false
  return values.every((value) => isOf(type, value))
}

const INT8 = 2n ** 63n

function isOf(type: FieldType, value: string): boolean {
  switch (type) {
    case 'text':
      return true
    case 'boolean':
      return value === 'true' || value === 'false'
    case 'integer': {
      const size = scaled(value)
      return size !== null && size % 10n ** BigInt(DIGITS) === 0n && size / 10n ** BigInt(DIGITS) < INT8
    }
    case 'decimal':
      return scaled(value) !== null
    case 'date':
      return (
        /^\d{4}-\d{2}-\d{2}$/.test(value) &&
        !Number.isNaN(Date.parse(value)) &&
        new Date(value).toISOString().startsWith(value)
      )
    case 'timestamp':
      return isoToMicros(toInstant(value)) !== null
    case 'uuid':
      return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
    default:
      return false
  }
}

function toInstant(value: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(value) && isOf('date', value) ? `${value}T00:00:00Z` : value
}

function truthOf(filter: FilterTree, row: Row): Truth {
  const truth =
    filter.kind === 'leaf'
      ? leafTruth(filter, row)
      : treeTruth(
          filter.op,
          filter.of.map((each) => truthOf(each, row)),
        )
  return filter.not && truth !== null ? !truth : truth
}

function treeTruth(op: 'and' | 'or', truths: readonly Truth[]): Truth {
  if (truths.includes(op === 'or')) return op === 'or'
  return truths.includes(null) ? null : op === 'and'
}

function leafTruth(leaf: Leaf, row: Row): Truth {
  const { field, op, values, within } = leaf
  const [value = ''] = values
  if (within?.as === 'text') return truthOfText(jsonTextOf(jsonWithin(row[field], within.path)), op, values)
  if (within !== undefined || typeOf(field) === 'json')
    return truthOfJson(jsonWithin(row[field], within?.path ?? []), op, values)
  if (typeOf(field) === 'text[]') return truthOfList(row[field] as List, op, value)
  if (isRange(field)) return truthOfRange(typeOf(field), row[field], op, values)
  const key = keyOf(field, row[field])
  if (op === 'is') return isTruth(value, key)
  if (op === 'like' || op === 'ilike')
    return key === null ? null : matches(String(key), value, op === 'ilike')
  if (op === 'match' || op === 'imatch') return key === null ? null : isLike(String(key), value, op)
  const wanted = values.map((text) => keyOf(field, valueOf(field, text)))
  if (op === 'in')
    return wanted.length === 0 ? false : key === null ? null : wanted.some((each) => each === key)
  const [other = null] = wanted
  if (op === 'isdistinct') return key !== other
  if (key === null || other === null) return null
  return COMPARE[op]?.(compareKeys(key, other)) ?? null
}

function isLike(text: string, pattern: string, op: 'match' | 'imatch'): boolean {
  return new RegExp(pattern, op === 'match' ? 'su' : 'isu').test(text)
}

function truthOfText(text: string | null, op: string, values: readonly string[]): Truth {
  const [value = ''] = values
  if (op === 'is') return isTruth(value, text)
  if (op === 'in') return values.length === 0 ? false : text === null ? null : values.includes(text)
  if (op === 'isdistinct') return text !== value
  if (text === null) return null
  if (op === 'like' || op === 'ilike') return matches(text, value, op === 'ilike')
  if (op === 'match' || op === 'imatch') return isLike(text, value, op)
  return COMPARE[op]?.(compareKeys(text, value)) ?? null
}

function truthOfJson(held: unknown, op: string, values: readonly string[]): Truth {
  const [value = ''] = values
  if (op === 'is') return (held === undefined) === (value === 'null')
  if (op === 'isdistinct') return held === undefined || !sameJson(held, value)
  if (op === 'in' && values.length === 0) return false
  if (held === undefined) return null
  switch (op) {
    case 'in':
      return values.some((each) => sameJson(held, each))
    case 'eq':
    case 'neq':
      return sameJson(held, value) === (op === 'eq')
    case 'cs':
      return jsonHolds(held, JSON.parse(value), true)
    case 'cd':
      return jsonHolds(JSON.parse(value), held, true)
    default: {
      const [size, other] = [typeof held === 'number' ? scaled(String(held)) : null, scaled(value)]
      return size === null || other === null ? null : (COMPARE[op]?.(compareKeys(size, other)) ?? null)
    }
  }
}

function sameJson(held: unknown, text: string): boolean {
  return jsonKey(held) === jsonKey(JSON.parse(text))
}

function truthOfRange(type: FieldType, held: Value, op: string, values: readonly string[]): Truth {
  const own = typeof held === 'string' ? pointsOf(type, held) : null
  const [value = ''] = values
  if (op === 'is') return (own === null) === (value === 'null')
  const others = values.map((each) => pointsOf(type, each) ?? [])
  if (op === 'in')
    return others.length === 0 ? false : own === null ? null : others.some((each) => same(own, each))
  const [other = []] = others
  if (op === 'isdistinct') return own === null || !same(own, other)
  if (own === null) return null
  const compared = COMPARE[op]
  if (compared !== undefined) return compared(compareTerms(rangeOrderKeys(own), rangeOrderKeys(other)))
  return truthOfRanges(op, type, own, other)
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((point, at) => point === b[at])
}

function truthOfList(held: List, op: string, value: string): Truth {
  if (op === 'is') return (held ?? null) === null ? value === 'null' : value === 'not_null'
  const list = listOf(value) ?? []
  const same = JSON.stringify(held ?? null) === JSON.stringify(list)
  if (op === 'isdistinct') return !same
  if (held === null || held === undefined) return null
  switch (op) {
    case 'cs':
      return list.every((each) => held.includes(each))
    case 'cd':
      return held.every((each) => each !== null && list.includes(each))
    default:
      return same === (op === 'eq')
  }
}

/** As an array is written; `null` for what is none. The queries here hold no comma within an element. */
function listOf(text: string): readonly string[] | null {
  const inner = /^\{(.*)\}$/s.exec(text)?.[1]
  if (inner === undefined) return null
  const elements = inner === '' ? [] : inner.split(',')
  return elements.some((each) => each === 'null') ? null : elements.map((each) => each.replaceAll('"', ''))
}

function valueOf(field: string, text: string): Value {
  const type = typeOf(field)
  return type === 'boolean' ? text === 'true' : type === 'timestamp' ? toInstant(text) : text
}

const COMPARE: Readonly<Record<string, (sign: number) => boolean>> = {
  eq: (sign) => sign === 0,
  neq: (sign) => sign !== 0,
  gt: (sign) => sign > 0,
  gte: (sign) => sign >= 0,
  lt: (sign) => sign < 0,
  lte: (sign) => sign <= 0,
}

function isTruth(word: string, key: Key | null): Truth {
  switch (word) {
    case 'null':
    case 'unknown':
      return key === null
    case 'not_null':
      return key !== null
    default:
      return key === (word === 'true')
  }
}

/** Two pointers, no regular expression. */
function matches(text: string, pattern: string, ignoreCase: boolean): boolean {
  const fold = (each: string): string => (ignoreCase ? each.toLowerCase() : each)
  const subject = Array.from(fold(text))
  const parts: { readonly kind: 'any' | 'one' | 'exact'; readonly character: string }[] = []
  const characters = Array.from(fold(pattern.replaceAll('*', '%')))
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? ''
    if (character === '\\') parts.push({ kind: 'exact', character: characters[++at] ?? '' })
    else parts.push({ kind: character === '%' ? 'any' : character === '_' ? 'one' : 'exact', character })
  }
  const from = (part: number, at: number): boolean => {
    const next = parts[part]
    if (next === undefined) return at === subject.length
    if (next.kind === 'any') return from(part + 1, at) || (at < subject.length && from(part, at + 1))
    return (
      at < subject.length && (next.kind === 'one' || next.character === subject[at]) && from(part + 1, at + 1)
    )
  }
  return from(0, 0)
}

// --- Order ---

function order(a: Row, b: Row, query: QueryTree): number {
  for (const term of query.order) {
    const { desc, nulls } = term
    const [keyA, keyB] = [orderKey(term, a), orderKey(term, b)]
    if (keyA === null && keyB === null) continue
    const nullsFirst = nulls === null ? desc : nulls === 'first'
    if (keyA === null) return nullsFirst ? -1 : 1
    if (keyB === null) return nullsFirst ? 1 : -1
    const sign = compareTerms(keyA, keyB)
    if (sign !== 0) return desc ? -sign : sign
  }
  return 0
}

/** What a term orders a row by, one after the other; `null` where there is nothing. */
function orderKey({ field, within }: Named, row: Row): readonly Key[] | null {
  const value = row[field]
  if (within === undefined && isRange(field)) {
    const points = typeof value === 'string' ? pointsOf(typeOf(field), value) : null
    return points === null ? null : rangeOrderKeys(points)
  }
  if (within === undefined && typeOf(field) === 'text[]') return listKeys(value as List)
  if (within === undefined && typeOf(field) !== 'json') {
    const key = keyOf(field, value)
    return key === null ? null : [key]
  }
  const held = jsonWithin(value, within?.path ?? [])
  if (held === undefined) return null
  if (within?.as !== 'text') return jsonOrderKeys(held)
  const text = jsonTextOf(held)
  return text === null ? null : [text]
}

type List = readonly (string | null)[] | null | undefined

/** Element by element, NULL after any text, and a list before one that goes on. */
function listKeys(list: List): readonly Key[] | null {
  return list === null || list === undefined
    ? null
    : [...list.map((each) => (each === null ? '2' : `1${each}`)), '0']
}

function compareTerms(a: readonly Key[], b: readonly Key[]): number {
  for (const [index, key] of a.entries()) {
    const sign = compareKeys(key, b[index] ?? key)
    if (sign !== 0) return sign
  }
  return 0
}

function compareKeys(a: Key, b: Key): number {
  if (a === b) return 0
  if (typeof a === 'string' && typeof b === 'string') return compareCodePoints(a, b)
  return a < b ? -1 : 1
}

function compareCodePoints(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)]
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
