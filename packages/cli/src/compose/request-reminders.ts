import { setTimeout as sleep } from 'node:timers/promises'
import { faultFields } from '@varco/core'
import { remindOfRequests, type RequestDeskDeps } from '@varco/reports'
import type { Diagnostics } from '@varco/core'

const EVERY_MS = 3_600_000

/** Looks every hour whether a request's time runs out; of several nodes one gives each reminder. */
export function startRequestReminders(deps: RequestDeskDeps, diagnostics: Diagnostics): AsyncDisposable {
  const ending = new AbortController()
  const reminding = (async () => {
    while (!ending.signal.aborted) {
      try {
        await remindOfRequests(deps, async ({ request, due, daysLeft }) => {
          diagnostics.warn('a request of a data subject waits for its answer', {
            data_subject_request: request.id,
            due,
            days_left: daysLeft,
          })
        })
      } catch (error) {
        diagnostics.error('reminders of requests could not be given', faultFields(error))
      }
      await sleep(EVERY_MS, undefined, { signal: ending.signal, ref: false }).catch(() => {})
    }
  })()
  return {
    [Symbol.asyncDispose]: async () => {
      ending.abort()
      await reminding
    },
  }
}
