import { microsToIso, type Json, type Micros } from '@varco/core'
import {
  isPlanOver,
  missingApprovals,
  type Cascade,
  type EarlyEnd,
  type ErrandStanding,
  type PlannedRule,
  type RetentionPlan,
  type RunEstimate,
} from '@varco/retention'

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
    endedEarly: plan.endedEarly === undefined ? null : endedEarlyJson(plan.endedEarly),
    missingApprovals: [...missingApprovals(plan)],
    approvals: plan.approvals.map(({ at, ...approval }) => ({ ...approval, atUs: String(at) })),
    rules: plan.rules.map(({ place: _known, upstream, ...rule }) => ({
      ...{ ...rule, sample: [...rule.sample] },
      cascades: rule.cascades.map((cascade) => ({ ...cascade })),
      ...(upstream === undefined ? {} : { upstream: upstream.map((each) => ({ ...each })) }),
    })),
    ...(plan.request === undefined ? {} : { request: plan.request.id }),
    faults: plan.faults.map((fault) => ({ ...fault })),
    estimate: plan.estimate === undefined ? null : { ...plan.estimate },
  }
}

/** The same for people. */
export function planText(plan: RetentionPlan): string {
  const missing = missingApprovals(plan)
  return [
    `plan ${plan.id} of ${plan.day}, ${plan.state}, hash ${plan.hash.slice(0, 12)}${plan.request === undefined ? '' : `, for ${plan.request.id}`}`,
    ...plan.rules.flatMap((rule) => [
      ruleText(rule),
      ...(rule.upstream ?? []).map(
        (each) =>
          `    before each, from the upstream ${each.upstream}: every ${each.resource} found by its ${each.by}`,
      ),
      ...rule.cascades.filter(({ rows }) => rows > 0).map(cascadeText),
    ]),
    ...plan.faults.map(
      ({ child, parent, foreignKey }) =>
        `blocked: ${child} points at ${parent} (${foreignKey}) and no resource of the catalogue stands for it`,
    ),
    ...(plan.estimate === undefined || isPlanOver(plan) ? [] : [estimateText(plan.estimate)]),
    ...(plan.endedEarly === undefined ? [] : [endedEarlyText(plan.endedEarly)]),
    ...(missing.length === 0 || plan.state !== 'planned'
      ? []
      : [`still to agree: ${missing.join(', then ')}`]),
  ].join('\n')
}

function endedEarlyJson({ why, by, at }: EarlyEnd): { readonly [key: string]: Json } {
  return { why, by, atUs: String(at) }
}

function endedEarlyText({ why, by, at }: EarlyEnd): string {
  const reason = { asked: 'it was asked for', 'basis-changed': 'the rules or the tables changed' }[why]
  return `ended early ${microsToIso(at)} by ${by}: ${reason}`
}

function ruleText({
  rule,
  action,
  records,
  oldest,
  held,
  withoutTrigger,
  unproven = 0,
}: PlannedRule): string {
  return `  ${rule}  ${action}  ${records} due${oldest === null ? '' : `, the oldest of ${oldest}`}${held === 0 ? '' : `, ${held} held`}${withoutTrigger === 0 ? '' : `; ${withoutTrigger} have no date, or no event, and stay`}${unproven === 0 ? '' : `; ${unproven} stay, for the log does not bear out their event: verify it`}`
}

function estimateText({ seconds, by }: RunEstimate): string {
  const long = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
  return `its run takes about ${long}, ${by === 'earlier-runs' ? 'as earlier runs did' : 'which no run here has shown yet'}`
}

/** Such a foreign key never acts: rows that nothing takes keep what they point at. */
function cascadeText({ foreignKey, child, onDelete, rows, unplanned }: Cascade): string {
  const kept =
    unplanned === 0 ? 'all of them planned' : `${unplanned} in no plan, and what they point at stays`
  return `    ${rows} rows of ${child} point at them (${foreignKey}, on delete ${onDelete.replace('-', ' ')}): ${kept}`
}

/** What of a plan waits for an upstream. */
export function waitingJson({ resource, waiting, since }: ErrandStanding): { readonly [key: string]: Json } {
  return { resource, records: waiting, sinceUs: String(since) }
}

export function waitingText({ resource, waiting, since }: ErrandStanding): string {
  return `waiting since ${microsToIso(since)}: ${waiting} records, for an upstream to let go of every ${resource} of theirs`
}
