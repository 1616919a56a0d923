import { microsToIso } from '@varco/core'
import { isRangeType, type FieldType, type RangeType } from '../bundle/schema.ts'
import type { Constant } from '../decision/condition.ts'
import { canonicalDecimal, compareDecimals, LONGEST_STORED } from './decimal.ts'
import { dateOfDay, dayNumber, instantMicros } from './instant.ts'
import { compareRanges, constantRange, rangeText, readRange } from './range-value.ts'

/** A value in the form in which it compares; `null` for a value that is not of the type: it compares as NULL. */
export type Key = string | number | bigint | boolean

/** What a condition can do with a field's type, and why nothing else. */
export type TypeClass =
  | 'text'
  | 'number'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'uuid'
  | 'list'
  | 'range'
  | 'opaque'

const CLASSES: Readonly<Record<FieldType, TypeClass>> = {
  text: 'text',
  integer: 'number',
  decimal: 'number',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  uuid: 'uuid',
  'text[]': 'list',
  json: 'opaque',
  int4range: 'range',
  int8range: 'range',
  numrange: 'range',
  daterange: 'range',
  tsrange: 'range',
  tstzrange: 'range',
}

export function typeClass(type: FieldType): TypeClass {
  return CLASSES[type]
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Constants keep to the years 1 to 9999, which ISO 8601 and PostgreSQL write alike. */
const ISO_DATE = /^(?!0000)\d{4}-\d{2}-\d{2}$/
const COMMON_ERA = /^(?!0000)\d{4}-(?!.*BC$)/i
const INT8 = { min: '-9223372036854775808', max: '9223372036854775807' } as const
const POSTGRES_NUMBERS = new Set(['NaN', 'Infinity', '-Infinity'])

/** The comparable form of a record's value, as PostgreSQL's driver or JSON gives it. */
export function keyOf(type: FieldType, value: unknown): Key | null {
  switch (typeClass(type)) {
    case 'text':
      return typeof value === 'string' ? value : null
    case 'uuid':
      return typeof value === 'string' ? uuid(value) : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'number':
      return typeof value === 'string' && POSTGRES_NUMBERS.has(value)
        ? value
        : decimalOf(value, LONGEST_STORED)
    case 'date':
      return typeof value === 'string' ? dayNumber(value) : null
    case 'timestamp':
      return typeof value === 'string' ? instantMicros(value) : null
    case 'range':
      return isRangeType(type) && typeof value === 'string' ? rangeKey(type, value) : null
    case 'list':
    case 'opaque':
      return null
  }
}

/** Orders two keys of one type, as PostgreSQL orders the type (text by code point, as under collation "C"). */
export function compareKeys(a: Key, b: Key): number {
  if (a === b) return 0
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  return a < b ? -1 : 1
}

export function keyOrder(type: FieldType): (a: Key, b: Key) => number {
  if (isRangeType(type))
    return (a, b) => compareRanges(type, readRange(type, String(a)), readRange(type, String(b)))
  return typeClass(type) === 'number' ? (a, b) => compareDecimals(String(a), String(b)) : compareKeys
}

/** A key back in the form in which a record or an attribute holds it. */
export function valueOfKey(type: FieldType, key: Key): Constant {
  switch (typeClass(type)) {
    case 'date':
      return dateOfDay(Number(key))
    case 'timestamp':
      return microsToIso(BigInt(key))
    case 'boolean':
    case 'list':
    case 'number':
    case 'opaque':
    case 'range':
    case 'text':
    case 'uuid':
      return typeof key === 'bigint' ? key.toString() : key
  }
}

/**
 * A constant in the type's canonical form, or `null` when it cannot stand for a value of the type: the
 * comparison is then unknown. What PostgreSQL could not take as a parameter of the type is refused here.
 */
export function toConstant(type: FieldType, value: unknown): Constant | null {
  switch (typeClass(type)) {
    case 'list':
    case 'text':
      return typeof value === 'string' && value.isWellFormed() && !value.includes('\0') ? value : null
    case 'uuid':
      return typeof value === 'string' ? uuid(value) : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'number': {
      const decimal = decimalOf(value)
      return decimal === null || type === 'decimal' ? decimal : integer(decimal)
    }
    case 'date':
      return typeof value === 'string' && ISO_DATE.test(value) && dayNumber(value) !== null ? value : null
    case 'timestamp':
      return typeof value === 'string' ? canonicalInstant(value) : null
    case 'range':
      return isRangeType(type) && typeof value === 'string' ? constantRange(type, value) : null
    case 'opaque':
      return null
  }
}

function rangeKey(type: RangeType, value: string): string | null {
  const range = readRange(type, value)
  return range === null ? null : rangeText(type, range)
}

function uuid(value: string): string | null {
  const lower = value.toLowerCase()
  return UUID.test(lower) ? lower : null
}

function decimalOf(value: unknown, longest?: number): string | null {
  if (typeof value === 'string') return canonicalDecimal(value, longest)
  // What is larger has been rounded on the way here, and which number was meant nobody knows.
  if (typeof value === 'number')
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? canonicalDecimal(String(value)) : null
  return typeof value === 'bigint' ? value.toString() : null
}

function integer(decimal: string): string | null {
  if (decimal.includes('.')) return null
  return compareDecimals(decimal, INT8.min) >= 0 && compareDecimals(decimal, INT8.max) <= 0 ? decimal : null
}

function canonicalInstant(value: string): string | null {
  if (!COMMON_ERA.test(value)) return null
  const micros = instantMicros(value)
  const iso = micros === null ? '' : microsToIso(micros)
  return COMMON_ERA.test(iso) ? iso : null
}

/** Code point order, which is the order of UTF-8 bytes; JavaScript's own compares UTF-16 units. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const unitA = a.charCodeAt(index)
    const unitB = b.charCodeAt(index)
    if (unitA === unitB) continue
    const surrogateA = unitA >= 0xd800 && unitA <= 0xdfff
    const surrogateB = unitB >= 0xd800 && unitB <= 0xdfff
    if (surrogateA !== surrogateB) return surrogateA ? 1 : -1
    return unitA < unitB ? -1 : 1
  }
  return a.length - b.length
}
