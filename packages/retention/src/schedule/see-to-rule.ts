import type { Pseudonym } from '@varco/core'
import { cancelPlan } from '../approve-plan.ts'
import type { RetentionDesk } from '../desk.ts'
import { endPlan } from '../end-plan.ts'
import { planRetention } from '../plan-retention.ts'
import { isPlanOver, type PlanState, type RetentionPlan } from '../plan.ts'
import { dayAt } from '../rules.ts'
import { runPlan, type RunOutcome } from '../run-plan.ts'
import type { ScheduleLedger } from './schedule-ledger.ts'
import { scheduledRules } from './scheduled-rules.ts'

export interface SeeingTo {
  /** In whose name plans are made: the scheduler's, which approves none. */
  readonly by: Pseudonym
  readonly ledger: ScheduleLedger
  readonly stop?: AbortSignal
  readonly duty?: number
}

/** What came of an occurrence. */
export type SeenToEnd = 'nothing-due' | 'waits' | 'done' | 'stopped' | 'put-off' | 'blocked'

/**
 * An occurrence of a rule's schedule: what is due is planned, and carried out where nobody has to agree; else it waits for
 * them. The rule's plan before, while it is not over, is gone on with and no other made beside it: two lists of the same
 * records would want every approval twice.
 * @throws UnavailableError when records, store or log cannot be reached: try again
 */
export async function seeToRule(desk: RetentionDesk, rule: string, options: SeeingTo): Promise<SeenToEnd> {
  const before = await openPlanOf(desk, rule, options.ledger)
  const end = before === null ? 'over' : await see(desk, rule, before, options)
  if (end !== 'over') return end
  const plan = await planOf(desk, rule, options)
  const itsEnd = await see(desk, rule, plan, options)
  return itsEnd === 'over' ? 'blocked' : itsEnd
}

/**
 * A new plan; or the one that another process has just made. One that a process made and did not note before it ended is no
 * answer to what is due today where it lists nothing, or is of a day before and nobody has agreed to it.
 */
async function planOf(desk: RetentionDesk, rule: string, { by }: SeeingTo): Promise<RetentionPlan> {
  const making = { by, rules: [rule], sole: `schedule of ${rule}` }
  const asked = desk.clock.now()
  const plan = await planRetention(desk, making)
  if (plan.plannedAt >= asked || plan.startedAt !== null || plan.approvals.length > 0) return plan
  const today = dayAt(asked, desk.bundle().document.varco.time_zone).toString()
  if (!isEmpty(plan) && plan.day >= today) return plan
  await cancelPlan(desk, plan.id, by)
  return planRetention(desk, making)
}

function isEmpty({ rules }: RetentionPlan): boolean {
  return rules.every(({ records }) => records === 0)
}

/** `over`: it was called off, or ended early, since the rules changed. What is due now is another plan's. */
async function see(
  desk: RetentionDesk,
  rule: string,
  plan: RetentionPlan,
  options: SeeingTo,
): Promise<SeenToEnd | 'over'> {
  const nothing = isEmpty(plan)
  await options.ledger.see({ rule, at: desk.clock.now(), plan: nothing ? null : plan.id })
  if (nothing) {
    await cancelPlan(desk, plan.id, options.by)
    return 'nothing-due'
  }
  return plan.state === 'planned' ? 'waits' : carryOn(desk, plan, options)
}

/**
 * Goes on with the plans that schedules made, once they are approved; those that a process left half done among them. Of a
 * rule whose plan came to nothing, for the rules or the tables changed, another is made at once: its next occurrence may be
 * a year away. One that fails keeps no other waiting.
 * @throws the first plan's fault, after all plans had their turn
 */
export async function carryOnApproved(desk: RetentionDesk, options: SeeingTo): Promise<void> {
  const faults: unknown[] = []
  for (const { rule, plan: id } of await options.ledger.seen()) {
    try {
      const plan = id === null ? null : await desk.store.plan(id)
      if (plan === null) continue
      const isScheduled = scheduledRules(desk.bundle()).some((each) => each.rule === rule)
      const end = GOES_ON.has(plan.state) ? await carryOn(desk, plan, options) : endBefore(plan)
      if (end === 'over' && isScheduled) await seeToRule(desk, rule, options)
    } catch (fault) {
      faults.push(fault)
    }
    if (options.stop?.aborted === true) break
  }
  if (faults.length > 0) throw faults[0]
}

/** `over`: a process ended it for its rules, and ended itself before it had made another. */
function endBefore(plan: RetentionPlan): 'over' | 'done' {
  return isPlanOver(plan) && plan.endedEarly?.why === 'basis-changed' ? 'over' : 'done'
}

const GOES_ON: ReadonlySet<PlanState> = new Set(['approved', 'running', 'ending'])

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
  options: SeeingTo,
): Promise<SeenToEnd | 'over'> {
  if (plan.state === 'paused') return 'stopped'
  const outcome = await run(desk, plan, options)
  if (outcome.ok || outcome.code !== 'rules-changed') return endOf(outcome)
  // What was agreed to is no longer what would be done.
  const { by } = options
  if (plan.startedAt === null)
    return (await cancelPlan(desk, plan.id, by, 'basis-changed')).ok ? 'over' : 'blocked'
  const ended = await endPlan(desk, { plan: plan.id, by, why: 'basis-changed' })
  return ended.ok ? endOf(await run(desk, plan, options)) : 'blocked'
}

function run(
  desk: RetentionDesk,
  { id: plan }: RetentionPlan,
  { by, stop, duty }: SeeingTo,
): Promise<RunOutcome> {
  return runPlan(desk, {
    ...{ plan, by },
    ...(stop === undefined ? {} : { stop }),
    ...(duty === undefined ? {} : { duty }),
  })
}

function endOf(outcome: RunOutcome): SeenToEnd | 'over' {
  if (!outcome.ok) return 'blocked'
  if (outcome.ended !== 'done') return outcome.ended
  return outcome.certificate.certificate.ended_early?.why === 'basis-changed' ? 'over' : 'done'
}
