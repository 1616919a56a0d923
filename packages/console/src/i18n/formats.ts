import { microsToDate, microsToIso, type Locale, type Micros } from '@varco/core'

/** How times and numbers are written for one reader: moments by the reader's clocks, legal days by the body's calendar. */
export interface Formats {
  /** `24/11/2026, 10:32:05` */
  readonly instant: (at: Micros) => string
  /** `24 novembre 2026`, the body's: terms and contracts go by it wherever they are read. */
  readonly day: (at: Micros) => string
  /** A day of the calendar given as ISO date, wherever it is read. */
  readonly calendarDay: (isoDate: string) => string
  /** `novembre 2026`, of a month given as `2026-11`. */
  readonly month: (isoMonth: string) => string
  /** The day of a moment by the reader's clocks. */
  readonly ownDay: (at: Micros) => string
  /** `10:32:05` */
  readonly time: (at: Micros) => string
  /** `24 novembre 2026 alle ore 10:32:05 CET`: leaves no doubt. */
  readonly exact: (at: Micros) => string
  /** For the `datetime` attribute. */
  readonly machine: (at: Micros) => string
  readonly number: (value: number | bigint) => string
  /** With two decimals, as prices are written. */
  readonly decimal: (value: number) => string
  /** `a, b e c` */
  readonly list: (parts: readonly string[]) => string
  /** Quotation marks of the language. */
  readonly quote: (text: string) => string
}

const LANGUAGE_TAGS: Readonly<Record<Locale, string>> = { it: 'it-IT', en: 'en-GB' }

const made = new Map<string, Formats>()

/** @param bodyZone where the body is, when the reader is elsewhere */
export function formatsFor(locale: Locale, timeZone: string, bodyZone = timeZone): Formats {
  const key = `${locale} ${timeZone} ${bodyZone}`
  const known = made.get(key)
  if (known !== undefined) return known
  const formats = makeFormats(locale, timeZone, bodyZone)
  made.set(key, formats)
  return formats
}

function makeFormats(locale: Locale, timeZone: string, bodyZone: string): Formats {
  const tag = LANGUAGE_TAGS[locale]
  const dates = (options: Intl.DateTimeFormatOptions, zone = timeZone): ((at: Micros) => string) => {
    const format = new Intl.DateTimeFormat(tag, { timeZone: zone, ...options })
    return (at) => format.format(microsToDate(at))
  }
  const clockTime = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false } as const
  const calendarDay = { day: 'numeric', month: 'long', year: 'numeric' } as const
  const utcMonth = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', month: 'long', year: 'numeric' })
  const utcDay = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', ...calendarDay })
  const numbers = new Intl.NumberFormat(tag, { useGrouping: 'always' })
  const decimals = new Intl.NumberFormat(tag, {
    ...{ useGrouping: 'always', minimumFractionDigits: 2, maximumFractionDigits: 2 },
  })
  const lists = new Intl.ListFormat(tag, { type: 'conjunction' })
  return {
    instant: dates({ day: '2-digit', month: '2-digit', year: 'numeric', ...clockTime }),
    day: dates(calendarDay, bodyZone),
    calendarDay: (isoDate) => utcDay.format(new Date(`${isoDate}T00:00:00Z`)),
    month: (isoMonth) => utcMonth.format(new Date(`${isoMonth}-01T00:00:00Z`)),
    ownDay: dates(calendarDay),
    time: dates(clockTime),
    exact: dates({ ...calendarDay, ...clockTime, timeZoneName: 'short' }),
    machine: microsToIso,
    number: (value) => numbers.format(value),
    decimal: (value) => decimals.format(value),
    list: (parts) => lists.format(parts),
    quote: (text) => (locale === 'it' ? `«${text}»` : `“${text}”`),
  }
}
