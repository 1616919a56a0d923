import type { RangeType } from '../bundle/schema.ts'
import { canonicalDecimal, compareDecimals, LONGEST_STORED } from './decimal.ts'
import { dateOfDay, dayNumber, instantMicros, instantText } from './instant.ts'

type Value = string | number | bigint

/**
 * Where a range begins or ends, between two values: `[5` and `5)` cut before 5, `(5` and `5]` after it. Without a value:
 * before all values, or after them all.
 */
export interface Cut {
  readonly value: Value | null
  readonly after: boolean
}

/** Never one that begins where it ends: that one is empty. */
export type RangeValue = 'empty' | { readonly lower: Cut; readonly upper: Cut }

/** What a type's ranges are of. */
interface Elements {
  /** As PostgreSQL or a caller writes it; `null` for what is none. */
  readonly read: (text: string) => Value | null
  readonly write: (value: Value) => string
  readonly compare: (a: Value, b: Value) => number
  /** What PostgreSQL reads whatever its settings, and the house takes as a constant elsewhere. */
  readonly isConstant: (value: Value) => boolean
  /** Of what comes one after the other: the next one, itself if it has none, `null` if the type ends there. */
  readonly next?: (value: Value) => Value | null
}

const INT4_END = 2n ** 31n
const INT8_END = 2n ** 63n
const LONGEST_CONSTANT = 2_000
const NOT_FINITE = new Set(['NaN', 'Infinity', '-Infinity'])
const FIRST_DAY = Number(dayNumber('0001-01-01'))
/** The end of a range to the last day of year 9999. */
const LAST_DAY = Number(dayNumber('10000-01-01'))
const DAY_MICROS = 86_400_000_000n

const ELEMENTS: Readonly<Record<RangeType, Elements>> = {
  int4range: integers(INT4_END),
  int8range: integers(INT8_END),
  numrange: {
    read: (text) => (NOT_FINITE.has(text) ? text : canonicalDecimal(text, LONGEST_STORED)),
    write: String,
    compare: (a, b) => compareDecimals(String(a), String(b)),
    isConstant: (value) => !NOT_FINITE.has(String(value)) && String(value).length <= LONGEST_CONSTANT,
  },
  daterange: {
    read: dayNumber,
    write: (value) => dateOfDay(Number(value)),
    compare: bySize,
    isConstant: (value) => bySize(value, FIRST_DAY) >= 0 && bySize(value, LAST_DAY) <= 0,
    // Infinity has none.
    next: (value) => Number(value) + 1,
  },
  tsrange: instants((text) => (text.endsWith('infinity') ? text : inUtc(text)), ''),
  tstzrange: instants((text) => inUtc(text) ?? text, 'Z'),
}

/**
 * A range as PostgreSQL writes it or takes it, in its one form: of whole numbers and days, which come one after the other,
 * that with `[` and `)`. A time without a zone is in UTC; in a `tsrange` none has one. `null`: not a range of the type.
 */
export function readRange(type: RangeType, text: string): RangeValue | null {
  const elements = ELEMENTS[type]
  return read(elements, text, (value) => elements.read(value))
}

/** The one text of a range that stands for a constant, on which PostgreSQL never fails; `null` for any other. */
export function constantRange(type: RangeType, text: string): string | null {
  const elements = ELEMENTS[type]
  const range = read(elements, text, (value) => {
    const found = elements.read(value)
    return found !== null && elements.isConstant(found) ? found : null
  })
  return range === null ? null : rangeText(type, range)
}

/** Equal ranges have one text. */
export function rangeText(type: RangeType, range: RangeValue): string {
  if (range === 'empty') return range
  const { write } = ELEMENTS[type]
  const { lower, upper } = range
  const text = ({ value }: Cut): string => (value === null ? '' : quotedIfNeeded(write(value)))
  return `${lower.after || lower.value === null ? '(' : '['}${text(lower)},${text(upper)}${upper.after && upper.value !== null ? ']' : ')'}`
}

/** As PostgreSQL orders them: an empty one first, then by where they begin, then by where they end. `null`: no range, before all. */
export function compareRanges(type: RangeType, a: RangeValue | null, b: RangeValue | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null)
  if (a === 'empty' || b === 'empty') return Number(a !== 'empty') - Number(b !== 'empty')
  return compareCuts(type, a.lower, b.lower) || compareCuts(type, a.upper, b.upper)
}

export function compareCuts(type: RangeType, a: Cut, b: Cut): number {
  return cutOrder(ELEMENTS[type], a, b)
}

function cutOrder({ compare }: Elements, a: Cut, b: Cut): number {
  const sides = Number(a.after) - Number(b.after)
  if (a.value === null) return b.value === null ? sides : a.after ? 1 : -1
  if (b.value === null) return b.after ? -1 : 1
  return compare(a.value, b.value) || sides
}

function read(
  elements: Elements,
  text: string,
  readValue: (text: string) => Value | null,
): RangeValue | null {
  const parts = partsOf(text)
  if (parts === null || parts === 'empty') return parts
  const [from, to] = [parts.lower, parts.upper].map((bound) => (bound === null ? null : readValue(bound)))
  if (from === undefined || to === undefined) return null
  if ((parts.lower !== null && from === null) || (parts.upper !== null && to === null)) return null
  if (from !== null && to !== null && elements.compare(from, to) > 0) return null
  const lower = { value: from, after: from !== null && parts.opens === '(' }
  const upper = { value: to, after: to === null || parts.closes === ']' }
  // As PostgreSQL does it: what is empty is not asked for a next value, and may be empty for having one.
  if (cutOrder(elements, lower, upper) >= 0) return 'empty'
  const [begins, ends] = [lower, upper].map((cut) => beforeNext(cut, elements))
  if (begins === undefined || ends === undefined || begins === null || ends === null) return null
  return cutOrder(elements, begins, ends) >= 0 ? 'empty' : { lower: begins, upper: ends }
}

/** After a value is before the next one, where there are next ones. `null`: beyond the type's end. */
function beforeNext(cut: Cut, { next }: Elements): Cut | null {
  if (next === undefined || cut.value === null || !cut.after) return cut
  const value = next(cut.value)
  return value === null ? null : value === cut.value ? cut : { value, after: false }
}

interface Parts {
  readonly opens: string
  /** `null`: without end. */
  readonly lower: string | null
  readonly upper: string | null
  readonly closes: string
}

const LONGEST_TEXT = 2 * LONGEST_STORED

/** `[1,10)`, `("2026-01-01 00:00",]`, `empty`: PostgreSQL's own form, quotes and backslashes included. */
function partsOf(text: string): Parts | 'empty' | null {
  if (text.length > LONGEST_TEXT) return null
  const trimmed = text.trim()
  if (/^empty$/i.test(trimmed)) return 'empty'
  const opens = trimmed[0] ?? ''
  if (opens !== '[' && opens !== '(') return null
  const lower = boundAt(trimmed, 1)
  if (lower === null || trimmed[lower.end] !== ',') return null
  const upper = boundAt(trimmed, lower.end + 1)
  const closes = upper === null ? '' : (trimmed[upper.end] ?? '')
  if (upper === null || (closes !== ']' && closes !== ')') || upper.end !== trimmed.length - 1) return null
  return { opens, lower: lower.bound, upper: upper.bound, closes }
}

function boundAt(
  text: string,
  start: number,
): { readonly bound: string | null; readonly end: number } | null {
  let bound = ''
  let quoted = false
  let at = start
  for (; at < text.length; at++) {
    const character = text[at] ?? ''
    if (!quoted && ENDS.has(character)) return { bound: at === start ? null : bound.trim(), end: at }
    if (character === '\\') bound += text[++at] ?? ''
    else if (character !== '"') bound += character
    else if (quoted && text[at + 1] === '"') bound += text[++at] ?? ''
    else quoted = !quoted
  }
  return null
}

const ENDS = new Set([',', ')', ']'])

function quotedIfNeeded(text: string): string {
  return text.includes(' ') ? `"${text}"` : text
}

function bySize(a: Value, b: Value): number {
  return a === b ? 0 : a < b ? -1 : 1
}

function integers(end: bigint): Elements {
  return {
    read: (text) => {
      const decimal = canonicalDecimal(text)
      const value = decimal === null || decimal.includes('.') ? null : BigInt(decimal)
      return value === null || value < -end || value >= end ? null : value
    },
    write: String,
    compare: bySize,
    isConstant: () => true,
    next: (value) => (BigInt(value) + 1n < end ? BigInt(value) + 1n : null),
  }
}

/** @param zoned the text with a zone, in which it is read; `null`: it has one that it must not have */
function instants(zoned: (text: string) => string | null, zone: string): Elements {
  const first = BigInt(FIRST_DAY) * DAY_MICROS
  const last = BigInt(LAST_DAY) * DAY_MICROS
  return {
    read: (text) => {
      const whole = zoned(text)
      return whole === null ? null : instantMicros(whole)
    },
    write: (value) => instantText(BigInt(value), zone),
    compare: bySize,
    isConstant: (value) => bySize(value, first) >= 0 && bySize(value, last) < 0,
  }
}

const WITHOUT_ZONE = /^(\d{4,6}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?( BC)?$/i

/** A day or a time that has no zone, as one of UTC; `null` for any other. */
function inUtc(text: string): string | null {
  const match = WITHOUT_ZONE.exec(text)
  return match === null ? null : `${match[1]} ${match[2] ?? '00:00'}Z${match[3] ?? ''}`
}
