import type { Micros } from '@varco/core'

const DATE = /^(\d{4,7})-(\d{2})-(\d{2})( BC)?$/
const INSTANT =
  /^(\d{4,6})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?(?:(Z)|([+-])(\d{2})(?::?(\d{2})(?::(\d{2}))?)?)( BC)?$/i

/** Days since 1970-01-01 of a date as ISO 8601 or PostgreSQL write it; `±Infinity` for `infinity`; `null` when it is none. */
export function dayNumber(text: string): number | null {
  if (text === 'infinity') return Infinity
  if (text === '-infinity') return -Infinity
  const match = DATE.exec(text)
  if (match === null) return null
  return daysFromCivil(
    match[4] === undefined ? Number(match[1]) : 1 - Number(match[1]),
    Number(match[2]),
    Number(match[3]),
  )
}

const FOREVER = 1n << 63n

/** Microseconds since 1970 of an instant with its offset, as ISO 8601 or PostgreSQL's `timestamptz` write it. */
export function instantMicros(text: string): Micros | null {
  if (text === 'infinity') return FOREVER
  if (text === '-infinity') return -FOREVER
  const match = INSTANT.exec(text)
  if (match === null) return null
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second = '0',
    fraction = '',
    ,
    sign,
    offsetHours = '0',
    offsetMinutes = '0',
    offsetSeconds = '0',
    bc,
  ] = match
  const days = daysFromCivil(bc === undefined ? Number(year) : 1 - Number(year), Number(month), Number(day))
  if (days === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const offset =
    (Number(offsetHours) * 3600 + Number(offsetMinutes) * 60 + Number(offsetSeconds)) *
    (sign === '-' ? -1 : 1)
  const seconds = days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offset
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** The date of a day number, as ISO 8601 or (before year 1, after 9999) PostgreSQL write it. */
export function dateOfDay(day: number): string {
  if (!Number.isFinite(day)) return day > 0 ? 'infinity' : '-infinity'
  const shifted = day + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = monthFromMarch + (monthFromMarch < 10 ? 3 : -9)
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const text = `${String(year > 0 ? year : 1 - year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1).padStart(2, '0')}`
  return year > 0 ? text : `${text} BC`
}

const DAY_MICROS = 86_400_000_000n

/** What `instantMicros` reads, in UTC, of whatever year. @param zone `Z`, or nothing where none is written */
export function instantText(at: Micros, zone: string): string {
  if (at === FOREVER || at === -FOREVER) return at > 0n ? 'infinity' : '-infinity'
  const rest = ((at % DAY_MICROS) + DAY_MICROS) % DAY_MICROS
  const [date = '', era] = dateOfDay(Number((at - rest) / DAY_MICROS)).split(' ')
  const seconds = Number(rest / 1_000_000n)
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) =>
    String(Math.floor(part)).padStart(2, '0'),
  )
  const fraction = String(rest % 1_000_000n).padStart(6, '0')
  return `${date} ${clock.join(':')}.${fraction}${zone}${era === undefined ? '' : ` ${era}`}`
}

/** Proleptic Gregorian calendar, year 0 being 1 BC. */
function daysFromCivil(year: number, month: number, day: number): number | null {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const length = MONTH_DAYS[month - 1]
  if (length === undefined || day < 1 || day > (month === 2 && leap ? 29 : length)) return null
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  )
}
