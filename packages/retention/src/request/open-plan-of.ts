import type { DataSubjectRef } from '@varco/core'
import type { RetentionDesk } from '../desk.ts'
import { isPlanOver, type RetentionPlan } from '../plan.ts'

const PAGE = 200

/** The plan that a data subject's request has already and that can still be carried out; `null`: there is none. */
export async function openPlanOf(
  { store }: Pick<RetentionDesk, 'store'>,
  request: string,
  { kind, id }: DataSubjectRef,
): Promise<RetentionPlan | null> {
  for (let after: string | undefined; ;) {
    const plans = await store.plans(PAGE, after)
    const open = plans.find(
      (plan) =>
        plan.request?.id === request &&
        plan.request.dataSubject?.kind === kind &&
        plan.request.dataSubject.id === id &&
        !isPlanOver(plan) &&
        // One with faults is never approved: what was amended is planned anew.
        plan.faults.length === 0,
    )
    if (open !== undefined) return open
    after = plans.at(-1)?.id
    if (after === undefined || plans.length < PAGE) return null
  }
}
