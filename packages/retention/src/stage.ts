import type { Pseudonym } from '@varco/core'
import type { RetentionDesk } from './desk.ts'
import type { PlannedRule, RetentionPlan } from './plan.ts'
import { restrictAs } from './restrict-records.ts'
import type { DisposalRule } from './rules.ts'

/** The whole stage at once: from here on its records are out of sight, and the slices count them. */
export async function restrictStage(
  desk: RetentionDesk,
  { id, request }: RetentionPlan,
  rule: DisposalRule,
  by: Pseudonym,
): Promise<void> {
  const dataSubject = request?.dataSubject ?? null
  if (request !== undefined && dataSubject !== null) {
    const scope = { kind: 'data-subject', dataSubject, resource: rule.resource.name } as const
    await restrictAs(desk, stageId(id, rule.id), { scope, reason: rule.because, by, request: request.id })
    return
  }
  const cutoffs = rule.cutoffs.map(({ field, type, upTo }) => ({ field, type, upTo }))
  await restrictAs(desk, stageId(id, rule.id), {
    scope: {
      ...{ kind: 'stage', rule: rule.id, resource: rule.resource.name },
      ...{ cutoffs, timeZone: rule.timeZone },
    },
    ...{ reason: rule.because, by },
  })
}

/** Whether a plan's run came to restrict a rule's stage: it stands, whatever becomes of the plan. */
export async function isStagePlaced(
  { restrictions }: Pick<RetentionDesk, 'restrictions'>,
  { id }: Pick<RetentionPlan, 'id'>,
  { rule, action }: Pick<PlannedRule, 'rule' | 'action'>,
): Promise<boolean> {
  return action === 'restrict' && (await restrictions.restriction(stageId(id, rule))) !== null
}

/** The rules of a plan whose stages were. */
export async function placedStages(
  desk: Pick<RetentionDesk, 'restrictions'>,
  plan: RetentionPlan,
): Promise<readonly PlannedRule[]> {
  const placed: PlannedRule[] = []
  for (const planned of plan.rules) if (await isStagePlaced(desk, plan, planned)) placed.push(planned)
  return placed
}

function stageId(plan: string, rule: string): string {
  return `${plan}/${rule}`
}
