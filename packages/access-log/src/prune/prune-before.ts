import { microsToDate, type Micros } from '@varco/core'
import { Temporal } from 'temporal-polyfill'

/**
 * The latest point a prune may cut at: the beginning of the month, UTC, before which everything is older than the floor.
 * @param floor ISO 8601 period, as in the bundle: how long events are kept at least
 */
export function pruneBefore(now: Micros, floor: string): Micros {
  const today = Temporal.PlainDate.from(microsToDate(now).toISOString().slice(0, 10))
  return startOf(today.subtract(Temporal.Duration.from(floor)).toPlainYearMonth())
}

/**
 * Where a prune cuts for nothing older than a moment to be left: whole months go, so the one that the moment lies in goes too.
 * @param ceiling what is of before it must go
 */
export function pruneAllBefore(ceiling: Micros): Micros {
  const month = Temporal.PlainYearMonth.from(microsToDate(ceiling).toISOString().slice(0, 7))
  return startOf(month) === ceiling ? ceiling : startOf(month.add({ months: 1 }))
}

function startOf(month: Temporal.PlainYearMonth): Micros {
  return BigInt(month.toPlainDate({ day: 1 }).toZonedDateTime('UTC').epochMilliseconds) * 1_000n
}
