import type { PlanRunner } from '@varco/console'
import { faultFields, type Diagnostics, type Pseudonym } from '@varco/core'
import { DEFAULT_DUTY, runPlan, type RetentionDesk } from '@varco/retention'

/**
 * Carries plans out in this process. What it has begun when it ends it leaves between two slices, to be gone on with; a
 * fault too leaves the plan as it is.
 */
export function planRunner(desk: RetentionDesk, diagnostics: Diagnostics): PlanRunner & AsyncDisposable {
  const stop = new AbortController()
  const running = new Set<Promise<void>>()
  const carryOut = async (plan: string, by: Pseudonym): Promise<void> => {
    try {
      const outcome = await runPlan(desk, { plan, by, stop: stop.signal, duty: DEFAULT_DUTY })
      if (!outcome.ok) diagnostics.warn('retention plan not carried out', { reason: outcome.code })
    } catch (error) {
      diagnostics.error('retention run ended by a fault', faultFields(error))
    }
  }
  return {
    start: (plan, by) => {
      const run = carryOut(plan, by)
      running.add(run)
      void run.finally(() => running.delete(run))
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await Promise.all(running)
    },
  }
}
