import { microsToDate, type Micros } from '@varco/core'
import { Temporal } from 'temporal-polyfill'

/**
 * The latest point a prune may cut at: the beginning of the month, UTC, before which everything is older than the floor.
 * @param floor ISO 8601 period, as in the bundle: how long events are kept at least
 */
export function pruneBefore(now: Micros, floor: string): Micros {
  const today = Temporal.PlainDate.from(microsToDate(now).toISOString().slice(0, 10))
  const month = today.subtract(Temporal.Duration.from(floor)).with({ day: 1 })
  return BigInt(month.toZonedDateTime('UTC').epochMilliseconds) * 1_000n
}
