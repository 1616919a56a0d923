import type { Micros } from '@varco/core'
import { Temporal } from 'temporal-polyfill'

/** An ISO 8601 period later, by the calendar of a time zone. */
export function addPeriod(from: Micros, period: string, timeZone: string): Micros {
  return (
    Temporal.Instant.fromEpochNanoseconds(from * 1_000n)
      .toZonedDateTimeISO(timeZone)
      .add(Temporal.Duration.from(period)).epochNanoseconds / 1_000n
  )
}
