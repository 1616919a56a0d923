import type { Locale } from '@varco/core'
import { Temporal } from 'temporal-polyfill'

/** An ISO 8601 period in words: `P1Y6M` is `1 anno e 6 mesi`. */
export function durationInWords(period: string, locale: Locale): string {
  const { years, months, weeks, days } = Temporal.Duration.from(period)
  const parts = Object.entries({ year: years, month: months, week: weeks, day: days })
    .filter(([, count]) => count !== 0)
    .map(([unit, count]) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count),
    )
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(parts)
}

/** Minutes from two on, seconds before. */
export function secondsInWords(seconds: number, locale: Locale): string {
  const [count, unit] = seconds < 120 ? [seconds, 'second'] : [Math.round(seconds / 60), 'minute']
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}
