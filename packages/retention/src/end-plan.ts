import type { PlanOutcome } from './approve-plan.ts'
import type { RetentionDesk } from './desk.ts'
import { isPlanOver, type EarlyEnd } from './plan.ts'
import { refuse } from './refused.ts'

/**
 * Ends a plan that has begun: on every node nothing more goes by it after the slice under way, and `runPlan` makes the
 * certificate of what did go. For one whose rules or tables changed meanwhile there is no other end.
 * @throws UnavailableError when it may not have been recorded: then the plan goes on
 */
export async function endPlan(
  { store, log, clock, newId }: Pick<RetentionDesk, 'store' | 'log' | 'clock' | 'newId'>,
  { plan: id, by, why }: { readonly plan: string } & Pick<EarlyEnd, 'by' | 'why'>,
): Promise<PlanOutcome> {
  const plan = await store.plan(id)
  if (plan === null) return refuse('unknown-plan')
  if (isPlanOver(plan)) return refuse('plan-over')
  if (plan.startedAt === null) return refuse('not-started')
  if (plan.state === 'ending') return { ok: true, plan }
  await log.append({
    kind: 'retention-ended-early',
    requestId: newId(),
    operator: by,
    policyVersion: plan.policyVersion,
    detail: { plan: id, hash: plan.hash, why },
  })
  const next = {
    ...plan,
    state: 'ending',
    endedEarly: { why, by, at: clock.now() },
    revision: plan.revision + 1,
  } as const
  return (await store.replacePlan(next)) ? { ok: true, plan: next } : refuse('changed-meanwhile')
}
