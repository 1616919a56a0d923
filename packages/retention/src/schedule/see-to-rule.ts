import type { Pseudonym } from '@varco/core'
import { cancelPlan } from '../approve-plan.ts'
import type { RetentionDesk } from '../desk.ts'
import { planRetention } from '../plan-retention.ts'
import { isPlanOver, type RetentionPlan } from '../plan.ts'
import { runPlan } from '../run-plan.ts'
import type { ScheduleLedger } from './schedule-ledger.ts'

export interface SeeingTo {
  /** In whose name plans are made: the scheduler's, which approves none. */
  readonly by: Pseudonym
  readonly ledger: ScheduleLedger
  readonly stop?: AbortSignal
  readonly duty?: number
}

/** What came of an occurrence. */
export type SeenToEnd = 'nothing-due' | 'waits' | 'done' | 'stopped' | 'blocked'

/**
 * An occurrence of a rule's schedule: what is due is planned, and carried out where nobody has to agree; else it waits for
 * them. The rule's plan before, while it is not over, is gone on with and no other made beside it: two lists of the same
 * records would want every approval twice.
 * @throws UnavailableError when records, store or log cannot be reached: try again
 */
export async function seeToRule(desk: RetentionDesk, rule: string, options: SeeingTo): Promise<SeenToEnd> {
  const { ledger, by } = options
  const before = await openPlanOf(desk, rule, ledger)
  const plan = before ?? (await planRetention(desk, { by, rules: [rule] }))
  const isEmpty = plan.rules.every(({ records }) => records === 0)
  await ledger.see({ rule, at: desk.clock.now(), plan: isEmpty ? null : plan.id })
  if (isEmpty) {
    await cancelPlan(desk, plan.id, by)
    return 'nothing-due'
  }
  return plan.state === 'planned' ? 'waits' : carryOn(desk, plan, options)
}

/**
 * Goes on with the plans that schedules made, once they are approved; those that a process left half done among them.
 * One that fails keeps no other waiting.
 * @throws the first plan's fault, after all plans had their turn
 */
export async function carryOnApproved(desk: RetentionDesk, options: SeeingTo): Promise<void> {
  const faults: unknown[] = []
  for (const { plan: id } of await options.ledger.seen()) {
    try {
      const plan = id === null ? null : await desk.store.plan(id)
      if (plan !== null && (plan.state === 'approved' || plan.state === 'running'))
        await carryOn(desk, plan, options)
    } catch (fault) {
      faults.push(fault)
    }
    if (options.stop?.aborted === true) break
  }
  if (faults.length > 0) throw faults[0]
}

async function openPlanOf(
  { store }: RetentionDesk,
  rule: string,
  ledger: ScheduleLedger,
): Promise<RetentionPlan | null> {
  const seen = (await ledger.seen()).find((each) => each.rule === rule)
  const plan = seen?.plan === undefined || seen.plan === null ? null : await store.plan(seen.plan)
  return plan === null || isPlanOver(plan) ? null : plan
}

async function carryOn(
  desk: RetentionDesk,
  plan: RetentionPlan,
  { by, stop, duty }: SeeingTo,
): Promise<SeenToEnd> {
  if (plan.state === 'paused') return 'stopped'
  const outcome = await runPlan(desk, {
    ...{ plan: plan.id, by },
    ...(stop === undefined ? {} : { stop }),
    ...(duty === undefined ? {} : { duty }),
  })
  if (outcome.ok) return outcome.ended
  // The rules changed since: what was agreed to is no longer what would be done.
  if (outcome.code === 'rules-changed' && plan.startedAt === null) await cancelPlan(desk, plan.id, by)
  return 'blocked'
}
