import type { RetentionDesk } from './desk.ts'
import type { RetentionPlan } from './plan.ts'
import { recoverPage } from './recover-page.ts'

/** Whoever still works on a page leaves it after the slice under way. */
const OTHERS_MS = 100

/**
 * Of a plan that is ended early: settles what was begun, by what is there, and counts what is left as not reached. It goes by
 * the plan alone, for the bundle may no longer have its rules.
 * @returns `false` when stopped
 * @throws UnavailableError
 */
export async function closeOpenPages(
  desk: RetentionDesk,
  plan: RetentionPlan,
  stop: AbortSignal | undefined,
): Promise<boolean> {
  const { store, pause } = desk
  for (const { rule: id, ...planned } of plan.rules) {
    for (;;) {
      if (stop?.aborted === true) return false
      await using page = await store.claimPage(plan.id, id, null)
      if (page !== null) {
        await recoverPage(desk, page, { id, ...planned })
        await page.abandon()
        continue
      }
      if ((await store.openPages(plan.id, id, 0)).open === 0) break
      await pause(OTHERS_MS)
    }
  }
  return true
}
