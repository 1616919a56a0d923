import {
  approvePlan,
  cancelPlan,
  endPlan,
  missingApprovals,
  pausePlan,
  recordsToGo,
  type ApproverRole,
  type PlanState,
  type RetentionPlan,
  type RetentionRefused,
} from '@varco/retention'
import type { Pseudonym } from '@varco/core'
import type { Act } from '../act/act.ts'
import type { SentForm } from '../act/confirmed.ts'
import type { Permission } from '../visit/permissions.ts'
import type { Visit } from '../visit/visit.ts'
import { authorityText } from './authority-text.ts'
import { planHref } from './plans-page.tsx'
import type { RetentionAccess } from './retention-access.ts'
import { retentionText } from './text.ts'

export const PLAN_ACTS = ['approve', 'run', 'pause', 'end', 'finish-ending', 'cancel'] as const
export type PlanActName = (typeof PLAN_ACTS)[number]

/** Under which permission each part of an agreement is given. */
const PARTS: Readonly<Record<ApproverRole, Permission>> = {
  owner: 'approve-retention-as-owner',
  dpo: 'approve-retention-as-dpo',
  authority: 'record-retention-authority',
}

/** Who must agree next; `null`: nobody. */
export function nextApprover(plan: RetentionPlan): ApproverRole | null {
  return plan.state === 'planned' ? (missingApprovals(plan)[0] ?? null) : null
}

/** Who has had a part in it: none of them agrees to it. */
export function namesOn({ plannedBy, tellers = [], approvals }: RetentionPlan): readonly Pseudonym[] {
  return [plannedBy, ...tellers, ...approvals.map(({ by }) => by)]
}

/** What a run carries on. */
const GOES_ON: ReadonlySet<PlanState> = new Set(['approved', 'paused'])

/** Whether a process may be at work on the plan: how far it is changes by itself. */
export function isUnderWay({ state }: Pick<RetentionPlan, 'state'>): boolean {
  return state === 'running' || state === 'ending'
}

/** Whether the plan is one whose list an outside authority is still to be sent. */
export function asksAuthority({ approval, state, startedAt }: RetentionPlan): boolean {
  return approval === 'authority' && startedAt === null && (state === 'planned' || state === 'approved')
}

/** The permission an act needs, as the plan stands; `null`: it makes no sense now. */
export function permissionFor(name: PlanActName, plan: RetentionPlan): Permission | null {
  switch (name) {
    case 'approve': {
      const next = nextApprover(plan)
      return next === null ? null : PARTS[next]
    }
    case 'run':
      return GOES_ON.has(plan.state) ? 'run-retention' : null
    case 'pause':
      return plan.state === 'running' ? 'run-retention' : null
    case 'end':
      return plan.state === 'running' || plan.state === 'paused' ? 'run-retention' : null
    case 'finish-ending':
      return plan.state === 'ending' ? 'run-retention' : null
    case 'cancel':
      return plan.startedAt === null && (plan.state === 'planned' || plan.state === 'approved')
        ? 'run-retention'
        : null
  }
}

export function planAct({ locale, formats }: Visit, plan: RetentionPlan, name: PlanActName): Act {
  const words =
    name === 'approve' && nextApprover(plan) === 'authority'
      ? authorityText[locale].whole
      : retentionText[locale].acts[name]
  const { title, button, consequences } = words
  return {
    to: `${planHref(plan.id)}/${name}`,
    title,
    button,
    consequences: consequences(formats.number(recordsToGo(plan))),
    ...(name === 'run' || name === 'end' || name === 'cancel' ? { danger: true } : {}),
  }
}

/** Taking the list out that an authority is to agree to. */
export function disposalListAct({ locale }: Pick<Visit, 'locale'>, { id }: RetentionPlan): Act {
  return { to: `${planHref(id)}/list`, ...authorityText[locale].list }
}

/** The plan does not stand as the page that asked had it. */
export function planChangedText({ locale }: Pick<Visit, 'locale'>): string {
  return retentionText[locale].planChanged
}

/** Does it; the refusal is told in the domain's words. */
export async function performPlanAct(
  { desk, runner }: RetentionAccess,
  plan: RetentionPlan,
  name: PlanActName,
  by: Pseudonym,
  form: SentForm,
): Promise<RetentionRefused | null> {
  switch (name) {
    case 'approve': {
      const as = nextApprover(plan)
      if (as === null) return null
      const outcome = await approvePlan(desk, {
        plan: plan.id,
        by,
        as,
        ...(as === 'authority' ? { reference: form['reference'] ?? '' } : {}),
      })
      return outcome.ok ? null : outcome
    }
    case 'run':
    case 'finish-ending':
      runner.start(plan.id, by)
      return null
    case 'pause': {
      const outcome = await pausePlan(desk, plan.id)
      return outcome.ok ? null : outcome
    }
    case 'end': {
      const outcome = await endPlan(desk, { plan: plan.id, by, why: 'asked' })
      if (!outcome.ok) return outcome
      runner.start(plan.id, by)
      return null
    }
    case 'cancel': {
      const outcome = await cancelPlan(desk, plan.id, by)
      return outcome.ok ? null : outcome
    }
  }
}
