import { lastMonthTold } from '@varco/oversight'
import { Temporal } from 'temporal-polyfill'
import type { Visit } from '../visit/visit.ts'

/** Months, both included, such as `2026-11`. */
export interface Period {
  readonly from: string
  readonly to: string
  /** What was asked for could not be used, and the last twelve months are taken. */
  readonly isMended: boolean
}

const MONTHS = 12
/** Ten years: more than any contract runs. */
const MOST_MONTHS = 120
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/

/** What the address asks for, or the last twelve months by the body's calendar. */
export function periodAsked({ url, now, bundle }: Visit): Period {
  const from = url.searchParams.get('from')
  const to = url.searchParams.get('to')
  const today = Temporal.Instant.fromEpochNanoseconds(now * 1_000n).toZonedDateTimeISO(
    bundle.document.varco.time_zone,
  )
  const last = Temporal.PlainYearMonth.from({ year: today.year, month: today.month })
  const usual = { from: last.subtract({ months: MONTHS - 1 }).toString(), to: last.toString() }
  if (from === null && to === null) return { ...usual, isMended: false }
  return from !== null && to !== null && isPeriod(from, to)
    ? { from, to, isMended: false }
    : { ...usual, isMended: true }
}

/** Whether accesses of the month are told already. */
export function isTold({ now, bundle }: Pick<Visit, 'now' | 'bundle'>, month: string): boolean {
  return month <= lastMonthTold(now, bundle.document.varco.time_zone)
}

/** Whether two texts are months, in their order and not too far apart. */
export function isPeriod(from: string, to: string): boolean {
  if (!MONTH.test(from) || !MONTH.test(to)) return false
  const { months } = Temporal.PlainYearMonth.from(from).until(to, { largestUnit: 'months' })
  return months >= 0 && months < MOST_MONTHS
}

/** The instants a period begins and ends at, its end excluded. */
export function instantsOf({ from, to }: Period, timeZone: string): { from: bigint; to: bigint } {
  const start = (month: Temporal.PlainYearMonth): bigint =>
    month.toPlainDate({ day: 1 }).toZonedDateTime(timeZone).epochNanoseconds / 1_000n
  return {
    from: start(Temporal.PlainYearMonth.from(from)),
    to: start(Temporal.PlainYearMonth.from(to).add({ months: 1 })),
  }
}
