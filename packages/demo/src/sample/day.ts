import { isoToMicros, type Micros } from '@varco/core'

/** A day of the calendar, counted from 1970-01-01. */
export type Day = number

const MICROS_PER_DAY = 86_400_000_000n
const MICROS_PER_MINUTE = 60_000_000n
const known = new Map<Day, string>()

/** `2026-11-24`; remembered, for a million rows share a few thousand days. */
export function isoDay(day: Day): string {
  const seen = known.get(day)
  if (seen !== undefined) return seen
  const iso = new Date(day * 86_400_000).toISOString().slice(0, 10)
  known.set(day, iso)
  return iso
}

export function dayFromIso(iso: string): Day {
  return Math.floor(Date.parse(`${iso}T00:00:00Z`) / 86_400_000)
}

export function dayOf(at: Micros): Day {
  return Number(at / MICROS_PER_DAY)
}

/** Minutes after midnight UTC of that day. */
export function atMinute(day: Day, minute: number): Micros {
  return BigInt(day) * MICROS_PER_DAY + BigInt(minute) * MICROS_PER_MINUTE
}

export function minutesLater(at: Micros, minutes: number): Micros {
  return at + BigInt(minutes) * MICROS_PER_MINUTE
}

export function isWorkingDay(day: Day): boolean {
  const weekday = (day + 4) % 7
  return weekday !== 0 && weekday !== 6
}

/** A quarter of a year, counted from the first one of year 0. */
export type Quarter = number

export function quarterOf(day: Day): Quarter {
  const iso = isoDay(day)
  return Number(iso.slice(0, 4)) * 4 + Math.floor((Number(iso.slice(5, 7)) - 1) / 3)
}

/** `2026-Q3`. */
export function quarterName(quarter: Quarter): string {
  return `${Math.floor(quarter / 4)}-Q${(quarter % 4) + 1}`
}

export function firstDayOf(quarter: Quarter): Day {
  const month = (quarter % 4) * 3 + 1
  return dayFromIso(`${Math.floor(quarter / 4)}-${String(month).padStart(2, '0')}-01`)
}

/** The month that many months before the day's own: `2026-10`. */
export function monthBefore(day: Day, months: number): string {
  const iso = isoDay(day)
  const count = Number(iso.slice(0, 4)) * 12 + Number(iso.slice(5, 7)) - 1 - months
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`
}

/** An instant known to be well formed. */
export function instant(iso: string): Micros {
  const at = isoToMicros(iso)
  if (at === null) throw new RangeError('not an instant')
  return at
}
