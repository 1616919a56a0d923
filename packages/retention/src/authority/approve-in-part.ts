import type { Pseudonym } from '@varco/core'
import { objectionTo, type PlanOutcome } from '../approve-plan.ts'
import type { RetentionDesk } from '../desk.ts'
import { refuse } from '../refused.ts'
import type { ListedRecord } from './listed-records.ts'

/** A record an authority has agreed to. */
export type AgreedRecord = Pick<ListedRecord, 'rule' | 'key'>

export interface PartialApproval {
  readonly plan: string
  readonly by: Pseudonym
  /** The number of the authority's letter. */
  readonly reference: string
  /** What it lists; all else stays. */
  readonly agreed: AsyncIterable<readonly AgreedRecord[]>
}

/**
 * An outside authority's leave for a part of a plan's list (D.Lgs. 42/2004, art. 21): what it does not list leaves the plan.
 * A letter that lists what the plan does not is refused whole, and no approval is recorded: it answers another list.
 * @throws UnavailableError when it may not have been recorded: then it was not given
 */
export async function approveInPart(
  desk: RetentionDesk,
  { plan: id, by, reference, agreed }: PartialApproval,
): Promise<PlanOutcome> {
  const { store, log, clock, newId } = desk
  const plan = await store.plan(id)
  const given = { plan: id, by, as: 'authority', reference } as const
  const objection = objectionTo(plan, given)
  if (plan === null || objection !== null) return refuse(objection ?? 'unknown-plan')
  const approval = { as: 'authority', by, at: clock.now(), reference: reference.trim() } as const
  const outcome = await store.keepAgreed(agreed, id, async (authorised) => {
    await log.append({
      kind: 'retention-approved',
      requestId: newId(),
      operator: by,
      policyVersion: plan.policyVersion,
      detail: { plan: id, hash: plan.hash, as: 'authority', in_part: true },
    })
    return {
      ...plan,
      state: 'approved',
      approvals: [...plan.approvals, approval],
      rules: plan.rules.map((rule) => ({ ...rule, authorised: authorised.get(rule.rule) ?? 0 })),
      revision: plan.revision + 1,
    }
  })
  return typeof outcome === 'string' ? refuse(outcome) : { ok: true, plan: outcome }
}
