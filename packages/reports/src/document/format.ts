import { isoToMicros, microsToDate, type Locale } from '@varco/core'

/** Dates, numbers and names of countries as the reader writes them, in the body's time zone. */
export interface Format {
  /** `24 novembre 2026` of an instant. */
  day(instant: string): string
  /** `24 novembre 2026, 09:41:07` of an instant. */
  instant(instant: string): string
  /** `09:41:07` of an instant. */
  time(instant: string): string
  /** `24 novembre 2026` of a calendar day. */
  date(day: string): string
  /** `novembre 2026` of `2026-11`. */
  month(month: string): string
  number(n: number): string
  /** With its cents, even when they are none. */
  money(n: number): string
  /** `10 anni`, `1 anno e 6 mesi` of `P10Y`, `P1Y6M`. */
  period(period: string): string
  country(code: string): string
  /** `a, b e c`. */
  all(texts: readonly string[]): string
  /** A record's value by the catalogue's type of its field. */
  value(value: string, type: string): string
}

export function formatIn(locale: Locale, timeZone: string): Format {
  const tag = locale === 'it' ? 'it-IT' : 'en-GB'
  const day = new Intl.DateTimeFormat(tag, { timeZone, dateStyle: 'long' })
  const time = new Intl.DateTimeFormat(tag, { timeZone, timeStyle: 'medium', hourCycle: 'h23' })
  const date = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', dateStyle: 'long' })
  const month = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', month: 'long', year: 'numeric' })
  const number = new Intl.NumberFormat(tag, { useGrouping: 'always' })
  const money = new Intl.NumberFormat(tag, {
    useGrouping: 'always',
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  })
  const and = new Intl.ListFormat(tag, { type: 'conjunction' })
  const countries = new Intl.DisplayNames(tag, { type: 'region' })
  const unit = (name: 'year' | 'month' | 'day') =>
    new Intl.NumberFormat(tag, { style: 'unit', unit: name, unitDisplay: 'long' })
  const units = [unit('year'), unit('month'), unit('day')]

  const ofDay = (text: string): string => (isDay(text) ? date.format(new Date(`${text}T00:00:00Z`)) : text)
  // A record's local time, without an offset, is shown as it was written down.
  const ofWallClock = (text: string): string => {
    const [written = '', clock] = text.split('T')
    return isDay(written) && clock !== undefined ? `${ofDay(written)}, ${clock}` : text
  }
  const ofInstant = (text: string): string => {
    const at = isoToMicros(text)
    if (at === null) return ofWallClock(text)
    return `${day.format(microsToDate(at))}, ${time.format(microsToDate(at))}`
  }
  return {
    day: (instant) => day.format(new Date(instant)),
    instant: ofInstant,
    time: (instant) => time.format(new Date(instant)),
    date: ofDay,
    month: (text) => month.format(new Date(`${text}-01T00:00:00Z`)),
    number: (n) => number.format(n),
    money: (n) => money.format(n),
    period: (text) => {
      const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/.exec(text)?.slice(1) ?? []
      return and.format(
        parts.flatMap((amount, i) => (amount === undefined ? [] : [units[i]?.format(Number(amount)) ?? ''])),
      )
    },
    country: (code) => countries.of(code) ?? code,
    all: (texts) => and.format(texts),
    value: (value, type) => {
      if (type === 'date') return ofDay(value)
      if (type === 'timestamp') return ofInstant(value)
      if (type === 'boolean') return YES_NO[locale][value] ?? value
      if (type === 'decimal') return decimal(value, number)
      if (type === 'text[]') return listOf(value, and) ?? value
      return value
    },
  }
}

const YES_NO: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  it: { true: 'sì', false: 'no' },
  en: { true: 'yes', false: 'no' },
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`)
  // 30 February parses, as 2 March.
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text
}

/** Every digit the record has, with the reader's separators: formatting as a number would round. */
function decimal(value: string, number: Intl.NumberFormat): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value)
  if (match === null) return value
  const separator = number.formatToParts(1.5).find((part) => part.type === 'decimal')?.value ?? '.'
  const [, sign = '', whole = '', fraction] = match
  return `${sign}${number.format(BigInt(whole))}${fraction === undefined ? '' : separator + fraction}`
}

function listOf(value: string, and: Intl.ListFormat): string | null {
  try {
    const items: unknown = JSON.parse(value)
    return Array.isArray(items) ? and.format(items.map(String)) : null
  } catch {
    return null
  }
}
