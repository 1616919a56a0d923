import type { Micros } from '@varco/core'
import { Temporal } from 'temporal-polyfill'

/** The calendar day at a moment, where the body is: `2026-01-01`. */
export function dayIn(timeZone: string, at: Micros): string {
  return Temporal.Instant.fromEpochNanoseconds(at * 1_000n)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString()
}
