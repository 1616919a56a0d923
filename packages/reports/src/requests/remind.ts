import { actDraft } from '@varco/access-log'
import { daysLeft, deadlineOf } from './deadline.ts'
import type { RequestDeskDeps } from './request-desk.ts'
import type { DataSubjectRequest } from './request.ts'

/** That a request's time runs out, for whoever has to answer it. */
export interface Reminder {
  readonly request: DataSubjectRequest
  /** Last day to answer, `2026-12-24`. */
  readonly due: string
  /** Negative when the time is over. */
  readonly daysLeft: number
}

/** Days before the last one on which to remind; the day after it is over, once more. */
const REMIND_AT = [14, 7, 3, 1, 0, -1] as const

/**
 * The reminders that are due and were not given before, by any node. `tell` is called once for each that this call
 * took; a reminder whose `tell` fails was taken all the same, and is in the log.
 * @throws UnavailableError when the store or the log cannot be reached
 */
export async function remindOfRequests(
  deps: RequestDeskDeps,
  tell: (reminder: Reminder) => Promise<void>,
): Promise<readonly Reminder[]> {
  const { store, log, clock, newId, calendar } = deps
  const given: Reminder[] = []
  for (const request of await store.open()) {
    const deadline = deadlineOf(request, calendar)
    if (deadline === null) continue
    const left = daysLeft(deadline, clock.now(), calendar.timeZone)
    const step = REMIND_AT.findLast((days) => left <= days)
    if (step === undefined || (request.reminded !== null && request.reminded <= step)) continue
    const taken = await store.replace({ ...request, reminded: step, version: request.version + 1 })
    if (!taken) continue
    const due = deadline.due.toString()
    const detail = { request: request.id, right: request.right, act: 'reminded', due }
    await log.append(actDraft('request-moved', { requestId: newId(), detail }))
    const reminder = { request, due, daysLeft: left }
    given.push(reminder)
    await tell(reminder)
  }
  return given
}
