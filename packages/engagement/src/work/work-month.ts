import type { ContractId, EventId, Micros } from '@varco/core'
import { Temporal } from 'temporal-polyfill'

/**
 * One month of one contract, for which its workers declare what they did off the system. Its workers take their tokens
 * during the month and hand in during the month after it: no taking is near a handing in.
 */
export interface WorkMonth {
  readonly contract: ContractId
  /** `2026-11`. */
  readonly month: string
  /** RSA, as DER (SPKI). */
  readonly publicKey: Buffer
  /** The private key, sealed under a key that is not in the database. */
  readonly sealedKey: Buffer
  /** The entry of the log that tells of the key; `null`: it may not be used yet. */
  readonly announced: EventId | null
  /** The entry of the log that tells what was handed in; `null`: the month is not closed. */
  readonly closed: EventId | null
}

/** `over`: nothing more is taken in, and what was declared may be counted. */
export type WorkPhase = 'not-begun' | 'taking' | 'handing-in' | 'over'

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/

export function isMonth(text: string): boolean {
  return MONTH.test(text)
}

/** The month of a moment, by the calendar of a time zone. */
export function monthAt(now: Micros, timeZone: string): string {
  return dayAt(now, timeZone).toPlainYearMonth().toString()
}

export function monthBefore(month: string): string {
  return Temporal.PlainYearMonth.from(month).subtract({ months: 1 }).toString()
}

/** @param month as `isMonth` has it */
export function phaseOf(month: string, now: Micros, timeZone: string): WorkPhase {
  const current = monthAt(now, timeZone)
  if (month > current) return 'not-begun'
  if (month === current) return 'taking'
  return month === monthBefore(current) ? 'handing-in' : 'over'
}

function dayAt(now: Micros, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochNanoseconds(now * 1_000n)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
}
