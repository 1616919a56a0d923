import type { Json, Micros } from '@varco/core'
import { missingApprovals, type RetentionPlan } from '@varco/retention'

const text = (at: Micros | null): string | null => (at === null ? null : String(at))

/** A plan as a program reads it; whose request it answers is not in it. */
export function planJson(plan: RetentionPlan): { readonly [key: string]: Json } {
  return {
    id: plan.id,
    state: plan.state,
    day: plan.day,
    hash: plan.hash,
    policyVersion: plan.policyVersion,
    plannedBy: plan.plannedBy,
    plannedUs: String(plan.plannedAt),
    startedUs: text(plan.startedAt),
    endedUs: text(plan.endedAt),
    missingApprovals: [...missingApprovals(plan)],
    approvals: plan.approvals.map(({ at, ...approval }) => ({ ...approval, atUs: String(at) })),
    rules: plan.rules.map((rule) => ({ ...rule, sample: [...rule.sample] })),
    ...(plan.request === undefined ? {} : { request: plan.request.id }),
    faults: plan.faults.map((fault) => ({ ...fault })),
  }
}

/** The same for people. */
export function planText(plan: RetentionPlan): string {
  const missing = missingApprovals(plan)
  return [
    `plan ${plan.id} of ${plan.day}, ${plan.state}, hash ${plan.hash.slice(0, 12)}${plan.request === undefined ? '' : `, for ${plan.request.id}`}`,
    ...plan.rules.map(
      ({ rule, action, records, oldest, held, withoutTrigger }) =>
        `  ${rule}  ${action}  ${records} due${oldest === null ? '' : `, the oldest of ${oldest}`}${held === 0 ? '' : `, ${held} held`}${withoutTrigger === 0 ? '' : `; ${withoutTrigger} have no date and stay`}`,
    ),
    ...plan.faults.map(
      ({ child, parent, foreignKey }) =>
        `blocked: ${child} points at ${parent} (${foreignKey}) and no resource of the catalogue stands for it`,
    ),
    ...(missing.length === 0 || plan.state !== 'planned'
      ? []
      : [`still to agree: ${missing.join(', then ')}`]),
  ].join('\n')
}
