import Holidays from 'date-holidays'
import type { Temporal } from 'temporal-polyfill'

/** Whether public offices rest on a day, Saturdays and Sundays apart. */
export type IsHoliday = (day: Temporal.PlainDate) => boolean

/** The public holidays of a country (ISO 3166-1 alpha-2), those of its towns' patron saints apart. */
export function holidaysOf(country: string): IsHoliday {
  const calendar = new Holidays(country)
  const years = new Map<number, ReadonlySet<string>>()
  const ofYear = (year: number): ReadonlySet<string> => {
    const known = years.get(year)
    if (known !== undefined) return known
    const days = calendar
      .getHolidays(year)
      .filter(({ type }) => type === 'public')
      .map(({ date }) => date.slice(0, 10))
    const set = new Set(days)
    years.set(year, set)
    return set
  }
  return (day) => ofYear(day.year).has(day.toString())
}
