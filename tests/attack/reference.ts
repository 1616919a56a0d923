// The dialect and the promise of the proxy once more, without a plan: each record is looked at on its own.
import { isoToMicros, type FieldName } from '@varco/core'
import {
  decide,
  decideRecord,
  type AccessRequest,
  type Bundle,
  type FieldType,
  type MaskName,
} from '@varco/policy'
import { WORLD_FIELDS } from '@varco/policy/testing'
import { expect } from 'vitest'
import { leaves, type FilterTree, type QueryTree } from './query-tree.ts'

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
  readonly mask: (mask: MaskName, value: unknown) => unknown
}

export interface Expected {
  readonly status: number
  readonly compare: (text: string, context: string) => void
}

export function expectedAnswer({ bundle, request, rows, query, mask }: Question): Expected {
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
  const named = (query.select ?? []).filter((field) => field !== '*')
  if ([...named, ...usedFields].some((field) => best(field) === 'hidden'))
    return refused(400, ['field-not-available'])
  if (usedFields.some((field) => best(field) !== 'plain')) return refused(400, ['field-not-plain'])
  if (compared.some((leaf) => !makesSense(leaf))) return refused(400, ['invalid-value', 'invalid-query'])

  const visible = rows.flatMap((row) => {
    const outcomes = decideRecord(bundle, asked, row)
    if (
      outcomes === null ||
      usedFields.some((field) => outcomes.get(field as FieldName)?.outcome !== 'plain')
    )
      return []
    return query.filters.every((filter) => truthOf(filter, row) === true) ? [{ row, outcomes }] : []
  })
  const fields =
    query.select === null || query.select.includes('*') ? Object.keys(WORLD_FIELDS) : query.select
  const rendered = visible.map(({ row, outcomes }) => {
    const members = fields.flatMap((field) => {
      const outcome = outcomes.get(field as FieldName)
      if (outcome === undefined || outcome.outcome === 'hidden') return []
      const plain = outcome.outcome === 'plain'
      return [
        `"${field}":${plain ? jsonOf(field, row[field]) : JSON.stringify(mask(outcome.mask ?? 'redact', asFetched(field, row[field])))}`,
      ]
    })
    return { row, text: `{${members.join(',')}}` }
  })
  return { status: 200, compare: (text, context) => compareRows(text, rendered, query, context) }
}

/** Whether some rule, for whatever action and purpose, is for this role under this contract. */
function isOpen(bundle: Bundle, { principal, contract, resource }: AccessRequest): boolean {
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
      expect(codes ?? [code], context).toContain(code)
    },
  }
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
  const groups = Map.groupBy(sorted, ({ row }) =>
    JSON.stringify(query.order.map(({ field }) => String(keyOf(field, row[field])))),
  )
  const got = splitRecords(text)
  expect(got.length, context).toBe(window.length)
  const left = new Map([...groups].map(([key, members]) => [key, members.map((member) => member.text)]))
  for (const [index, { row }] of window.entries()) {
    const group =
      left.get(JSON.stringify(query.order.map(({ field }) => String(keyOf(field, row[field]))))) ?? []
    const found = group.indexOf(got[index] ?? '')
    expect(found, `${context}\nrecord ${index}`).toBeGreaterThanOrEqual(0)
    group.splice(found, 1)
  }
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
  return WORLD_FIELDS[field] ?? 'json'
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

function jsonOf(field: string, value: Value): string {
  if (value === null || value === undefined) return 'null'
  const type = typeOf(field)
  return type === 'integer' || type === 'decimal' || type === 'boolean'
    ? String(value)
    : JSON.stringify(value)
}

function asFetched(field: string, value: Value): Value {
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
function makesSense({ field, op, values }: Leaf): boolean {
  const type = typeOf(field)
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

function leafTruth({ field, op, values }: Leaf, row: Row): Truth {
  const key = keyOf(field, row[field])
  const [value = ''] = values
  if (op === 'is') return isTruth(value, key)
  if (op === 'like' || op === 'ilike')
    return key === null ? null : matches(String(key), value, op === 'ilike')
  const wanted = values.map((text) => keyOf(field, valueOf(field, text)))
  if (op === 'in')
    return wanted.length === 0 ? false : key === null ? null : wanted.some((each) => each === key)
  const [other = null] = wanted
  if (op === 'isdistinct') return key !== other
  if (key === null || other === null) return null
  return COMPARE[op]?.(compareKeys(key, other)) ?? null
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
  for (const { field, desc, nulls } of query.order) {
    const [keyA, keyB] = [keyOf(field, a[field]), keyOf(field, b[field])]
    if (keyA === null && keyB === null) continue
    const nullsFirst = nulls === null ? desc : nulls === 'first'
    if (keyA === null) return nullsFirst ? -1 : 1
    if (keyB === null) return nullsFirst ? 1 : -1
    const sign = compareKeys(keyA, keyB)
    if (sign !== 0) return desc ? -sign : sign
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
