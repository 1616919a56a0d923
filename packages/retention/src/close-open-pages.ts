import { asId, type ResourceName } from '@varco/core'
import type { RetentionDesk } from './desk.ts'
import { OTHERS_MS } from './others-pages.ts'
import { placeOf, type PlannedRule, type RecordPlace, type RetentionPlan } from './plan.ts'
import { burialBy } from './plan-rules.ts'
import { NOTHING, recoverPage, settledSlice, type SlicedRule } from './recover-page.ts'
import { isStagePlaced, stageSettled } from './restrict-stage.ts'
import type { ClaimedPage, Unsure } from './store.ts'
import { tombstonesOf } from './tombstones-of.ts'

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
  for (const planned of plan.rules) {
    const { rule: id, resource, action } = planned
    const rule = { id, resource, action, place: planned.place ?? placeNow(desk, planned) }
    if (action === 'restrict' && !(await stageSettled(desk, plan.id, id, stop))) return false
    const isPlaced = await isStagePlaced(desk, plan, planned)
    for (;;) {
      if (stop?.aborted === true) return false
      await using page = await store.claimPage(plan.id, id, null)
      if (page !== null) {
        if (isPlaced) await settleRestricted(desk, page, rule)
        else await recoverPage(desk, page, rule)
        await page.abandon(unsureIn(desk, page, rule))
        continue
      }
      if ((await store.openPages(plan.id, id, 0)).open === 0) break
      await pause(OTHERS_MS)
    }
  }
  return true
}

/** The stage is in force as one: each of its records is restricted that is still there. */
async function settleRestricted(desk: RetentionDesk, page: ClaimedPage, rule: SlicedRule): Promise<void> {
  const remaining = rule.place === null ? null : await desk.records.remaining(rule.place, page.todo)
  if (remaining === null) return
  const there = new Set(remaining)
  const disposed = {
    ...NOTHING,
    done: page.todo.filter((key) => there.has(key)),
    gone: page.todo.filter((key) => !there.has(key)),
  }
  await page.recover(settledSlice(desk, rule, { disposed, foundAgain: 0, cleared: null }))
}

/** What is still begun: a mask, which does not show, or what was in a table that is not there any more. */
function unsureIn(
  desk: Pick<RetentionDesk, 'hashKey' | 'clock'>,
  { begun }: ClaimedPage,
  rule: SlicedRule,
): Unsure {
  return {
    action: `perhaps-${burialBy(rule)}`,
    tombstones: tombstonesOf(desk, rule.resource, begun),
    at: desk.clock.now(),
  }
}

/** For plans from before it was noted. */
function placeNow({ bundle }: RetentionDesk, { resource: name }: PlannedRule): RecordPlace | null {
  const resource = bundle().resources.get(asId<ResourceName>(name))
  return resource === undefined || resource.relation === null ? null : placeOf(resource)
}
