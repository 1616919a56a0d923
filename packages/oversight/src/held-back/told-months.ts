import type { Micros } from '@varco/core'
import { Temporal } from 'temporal-polyfill'
import { monthAt } from '../watch/local-time.ts'

const DAY_US = 86_400_000_000n

/**
 * The last month that is told. One that runs is not: of two readings the later would tell, less the earlier, what came in
 * between, and it may have been one person's. Nor is one that ended within a day, for the watch may be behind.
 */
export function lastMonthTold(now: Micros, timeZone: string): string {
  return Temporal.PlainYearMonth.from(monthAt(now - DAY_US, timeZone))
    .subtract({ months: 1 })
    .toString()
}

/**
 * What is told of the months asked for, both included: `told` is the last of them, before `from` where none is; `to` is the
 * one a report names as its last; `lastTold` is the last that is told at all.
 */
export function toldMonths(
  { from, to: asked, now }: { readonly from: string; readonly to: string; readonly now: Micros },
  timeZone: string,
): { readonly lastTold: string; readonly told: string; readonly to: string } {
  const lastTold = lastMonthTold(now, timeZone)
  const told = asked < lastTold ? asked : lastTold
  return { lastTold, told, to: told < from ? asked : told }
}

/** When the week began where the body is: what was there by then may be named of a month that runs. */
export function startOfWeek(now: Micros, timeZone: string): Micros {
  const date = Temporal.Instant.fromEpochNanoseconds(now * 1_000n)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
  const monday = date.subtract({ days: date.dayOfWeek - 1 })
  return monday.toZonedDateTime(timeZone).epochNanoseconds / 1_000n
}
