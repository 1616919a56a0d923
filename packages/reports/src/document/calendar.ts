import type { Micros } from '@varco/core'
import { Temporal } from 'temporal-polyfill'

/** The calendar day, `2026-11-24`, of an RFC 3339 instant where the body is. */
export function dayIn(timeZone: string): (instant: string) => string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  const days = new Map<number, string>()
  return (instant) => {
    const at = Date.parse(instant)
    const quarter = Math.floor(at / QUARTER_MS)
    const known = days.get(quarter)
    if (known !== undefined) return known
    const parts = new Map(format.formatToParts(at).map((part) => [part.type, part.value]))
    const day = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`
    if (days.size >= QUARTERS_KEPT) days.clear()
    days.set(quarter, day)
    return day
  }
}

/** In every time zone of our age a day begins on a quarter of an hour of UTC. */
const QUARTER_MS = 900_000
const QUARTERS_KEPT = 10_000

/** The calendar month, `2026-11`, likewise: 23:30Z on 31 December is January in Rome. */
export function monthIn(timeZone: string): (instant: string) => string {
  const dayOf = dayIn(timeZone)
  return (instant) => dayOf(instant).slice(0, 7)
}

/** Every month from the first to the last of these, the silent ones too. */
export function monthsBetween(months: readonly string[]): string[] {
  const sorted = [...months].sort()
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) return []
  const index = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1
  return Array.from({ length: index(last) - index(first) + 1 }, (_, step) => {
    const at = index(first) + step
    return `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`
  })
}

/** From the first to past the last month, where the body is, that lies in the span as a whole and is over. */
export function wholeMonths(
  span: { readonly from: Micros; readonly to: Micros; readonly now: Micros },
  timeZone: string,
): { readonly from: Micros; readonly to: Micros } | null {
  const until = span.to < span.now ? span.to : span.now
  const last = startOfMonth(until, timeZone, 0)
  const here = startOfMonth(span.from, timeZone, 0)
  const from = here === span.from ? here : startOfMonth(span.from, timeZone, 1)
  return from < last ? { from, to: last } : null
}

function startOfMonth(at: Micros, timeZone: string, later: number): Micros {
  const date = Temporal.Instant.fromEpochNanoseconds(at * 1_000n)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
  const first = date.with({ day: 1 }).add({ months: later }).toZonedDateTime(timeZone)
  return first.epochNanoseconds / 1_000n
}
