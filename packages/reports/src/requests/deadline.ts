import { microsToIso, type Micros } from '@varco/core'
import { Temporal } from 'temporal-polyfill'
import type { IsHoliday } from './holidays.ts'
import type { DataSubjectRequest } from './request.ts'

/** Where and on which days the body works. */
export interface OfficeCalendar {
  readonly timeZone: string
  readonly isHoliday: IsHoliday
}

/** Until when a request must be answered. */
export interface Deadline {
  /** The day from which the time runs; it does not count itself (Regulation 1182/71, Art. 3(1)). */
  readonly from: Temporal.PlainDate
  /** Last day of the first month. */
  readonly first: Temporal.PlainDate
  /** Last day to answer: `first`, or two months later where the time was extended (GDPR Art. 12(3)). */
  readonly due: Temporal.PlainDate
}

/** Asked for later than this, proof of identity stops no clock: it was not asked for without delay. */
const PROMPT_DAYS = 7

/**
 * The deadline of a request; `null` while it waits for the proof of identity the body asked for without delay
 * (GDPR Art. 12(6); EDPB Guidelines 01/2022, on when the time begins).
 */
export function deadlineOf(request: DataSubjectRequest, calendar: OfficeCalendar): Deadline | null {
  const from = clockStart(request, calendar.timeZone)
  if (from === null) return null
  const first = lastDay(from, { months: 1 }, calendar.isHoliday)
  // Three months as a whole: from 31 January that is 30 April, where a month and then two end on 28 April.
  const due = request.extension === null ? first : lastDay(from, { months: 3 }, calendar.isHoliday)
  return { from, first, due }
}

/** Whole days left on a day; negative when the time is over. */
export function daysLeft({ due }: Deadline, now: Micros, timeZone: string): number {
  return dayAt(now, timeZone).until(due, { largestUnit: 'days' }).days
}

/** The calendar day of an instant where the body is. */
export function dayAt(at: Micros, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.from(microsToIso(at)).toZonedDateTimeISO(timeZone).toPlainDate()
}

function clockStart(request: DataSubjectRequest, timeZone: string): Temporal.PlainDate | null {
  const received = dayAt(request.receivedAt, timeZone)
  const { askedAt, settledAt } = request.identity
  if (askedAt === null) return received
  const isPrompt =
    Temporal.PlainDate.compare(dayAt(askedAt, timeZone), received.add({ days: PROMPT_DAYS })) <= 0
  if (!isPrompt) return received
  return settledAt === null ? null : dayAt(settledAt, timeZone)
}

/**
 * A period of months ends on the day with the same number, or the month's last where it has none, and on the next
 * working day where that is a Saturday, a Sunday or a holiday (Regulation 1182/71, Art. 3(2)(c) and 3(4)).
 */
function lastDay(
  from: Temporal.PlainDate,
  period: { readonly months: number },
  isHoliday: IsHoliday,
): Temporal.PlainDate {
  let day = from.add(period, { overflow: 'constrain' })
  while (day.dayOfWeek >= 6 || isHoliday(day)) day = day.add({ days: 1 })
  return day
}
