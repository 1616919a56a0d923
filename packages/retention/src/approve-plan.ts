import { mayBeSamePerson, type Pseudonym } from '@varco/core'
import type { RetentionDesk } from './desk.ts'
import {
  isPlanOver,
  missingApprovals,
  withoutDataSubject,
  type ApproverRole,
  type EarlyEnd,
  type RetentionPlan,
} from './plan.ts'
import { refuse, type RetentionRefusal, type RetentionRefused } from './refused.ts'

export type PlanOutcome = { readonly ok: true; readonly plan: RetentionPlan } | RetentionRefused

export interface ApprovalGiven {
  readonly plan: string
  readonly by: Pseudonym
  readonly as: ApproverRole
  /** Needed of an authority: its letter's number. */
  readonly reference?: string
}

/**
 * One of the approvals a plan needs: in order, each by another person, none by whoever made the plan or told of an event that
 * lets its records go.
 * @throws UnavailableError when it may not have been recorded: then it was not given
 */
export async function approvePlan(desk: RetentionDesk, given: ApprovalGiven): Promise<PlanOutcome> {
  const { store, log, clock, newId } = desk
  const plan = await store.plan(given.plan)
  const objection = objectionTo(plan, given)
  if (plan === null || objection !== null) return refuse(objection ?? 'unknown-plan')
  const reference = given.reference?.trim() ?? ''
  await log.append({
    kind: 'retention-approved',
    requestId: newId(),
    operator: given.by,
    policyVersion: plan.policyVersion,
    detail: { plan: plan.id, hash: plan.hash, as: given.as },
  })
  const approvals = [
    ...plan.approvals,
    { as: given.as, by: given.by, at: clock.now(), reference: reference === '' ? null : reference },
  ]
  const state = missingApprovals({ ...plan, approvals }).length === 0 ? 'approved' : 'planned'
  return replaced(desk, { ...plan, approvals, state })
}

/** Why an approval may not be given; `null`: it may. */
export function objectionTo(plan: RetentionPlan | null, given: ApprovalGiven): RetentionRefusal | null {
  if (plan === null) return 'unknown-plan'
  if (plan.state !== 'planned') return 'plan-over'
  if (mayBeSamePerson(plan.plannedBy, given.by)) return 'own-plan'
  if (plan.tellers?.some((teller) => mayBeSamePerson(teller, given.by)) === true) return 'own-event'
  if (plan.approvals.some(({ by }) => mayBeSamePerson(by, given.by))) return 'same-person'
  if (missingApprovals(plan)[0] !== given.as) return 'not-your-turn'
  if (given.as === 'authority' && (given.reference ?? '').trim() === '') return 'reference-needed'
  return null
}

/** Calls a plan off before it has begun; `why` where it is not simply no longer wanted. */
export async function cancelPlan(
  desk: RetentionDesk,
  id: string,
  by: Pseudonym,
  why?: EarlyEnd['why'],
): Promise<PlanOutcome> {
  const plan = await desk.store.plan(id)
  if (plan === null) return refuse('unknown-plan')
  if (isPlanOver(plan) || plan.startedAt !== null) return refuse('plan-over')
  await desk.log.append({
    kind: 'retention-cancelled',
    requestId: desk.newId(),
    operator: by,
    policyVersion: plan.policyVersion,
    detail: { plan: id, hash: plan.hash },
  })
  const ended = why === undefined ? {} : { endedEarly: { why, by, at: desk.clock.now() } }
  return replaced(desk, { ...withoutDataSubject(plan), ...ended, state: 'cancelled' })
}

/** Stops a run between two slices, on every node; `runPlan` goes on from there. */
export async function pausePlan(desk: RetentionDesk, id: string): Promise<PlanOutcome> {
  const plan = await desk.store.plan(id)
  if (plan === null) return refuse('unknown-plan')
  if (plan.state !== 'running') return refuse('not-running')
  return replaced(desk, { ...plan, state: 'paused' })
}

async function replaced({ store }: RetentionDesk, next: RetentionPlan): Promise<PlanOutcome> {
  const plan = { ...next, revision: next.revision + 1 }
  return (await store.replacePlan(plan)) ? { ok: true, plan } : refuse('changed-meanwhile')
}
