import type { Micros } from '@varco/core'
import { Temporal } from 'temporal-polyfill'

/** A time where the body is. */
export interface LocalTime {
  /** Days since 1970-01-01. */
  readonly day: number
  /** Minutes after midnight. */
  readonly minute: number
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number
}

const HOUR_US = 3_600_000_000
const MINUTE_US = 60_000_000
const DAY_MINUTES = 1_440

/** Reads microseconds in a time zone. Offsets change on the hour at most, and asking the calendar for each event is slow. */
export function localTimes(timeZone: string): (at: number) => LocalTime {
  const offsets = new Map<number, number>()
  const offsetAt = (hour: number): number => {
    const known = offsets.get(hour)
    if (known !== undefined) return known
    const instant = Temporal.Instant.fromEpochMilliseconds(hour * 3_600_000)
    const minutes = Math.round(instant.toZonedDateTimeISO(timeZone).offsetNanoseconds / 60_000_000_000)
    offsets.set(hour, minutes)
    return minutes
  }
  // Events come in the order of their times, many in the same hour.
  let hour = NaN
  let offset = 0
  return (at) => {
    const itsHour = Math.floor(at / HOUR_US)
    if (itsHour !== hour) [hour, offset] = [itsHour, offsetAt(itsHour)]
    const minutes = Math.floor(at / MINUTE_US) + offset
    const day = Math.floor(minutes / DAY_MINUTES)
    return { day, minute: minutes - day * DAY_MINUTES, weekday: ((((day + 3) % 7) + 7) % 7) + 1 }
  }
}

/** `2026-11` of a day counted from 1970-01-01. */
export function monthOfDay(day: number): string {
  const known = months.get(day)
  if (known !== undefined) return known
  const month = new Date(day * 86_400_000).toISOString().slice(0, 7)
  months.set(day, month)
  return month
}

const months = new Map<number, string>()

/** The month, `2026-11`, of an instant where the body is. */
export function monthAt(at: Micros, timeZone: string): string {
  const date = Temporal.Instant.fromEpochNanoseconds(at * 1_000n).toZonedDateTimeISO(timeZone)
  return date.toPlainDate().toPlainYearMonth().toString()
}

export function monthAfter(month: string): string {
  return Temporal.PlainYearMonth.from(month).add({ months: 1 }).toString()
}

/** The instant a month begins at where the body is. */
export function startOfMonth(month: string, timeZone: string): Micros {
  return (
    Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 }).toZonedDateTime(timeZone).epochNanoseconds /
    1_000n
  )
}
