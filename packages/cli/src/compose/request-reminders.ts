import { everySoOften, faultFields, type Diagnostics } from '@varco/core'
import { remindOfRequests, type RequestDeskDeps } from '@varco/reports'

const EVERY_MS = 3_600_000

/** Looks every hour whether a request's time runs out; of several nodes one gives each reminder. */
export function startRequestReminders(deps: RequestDeskDeps, diagnostics: Diagnostics): AsyncDisposable {
  const remind = (): Promise<unknown> =>
    remindOfRequests(deps, async ({ request, due, daysLeft }) => {
      diagnostics.warn('a request of a data subject waits for its answer', {
        data_subject_request: request.id,
        due,
        days_left: daysLeft,
      })
    })
  return everySoOften(remind, {
    everyMs: EVERY_MS,
    onFailure: (error) => {
      diagnostics.error('reminders of requests could not be given', faultFields(error))
    },
  })
}
