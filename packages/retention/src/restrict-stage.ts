import type { Pseudonym } from '@varco/core'
import type { RetentionDesk } from './desk.ts'
import { OTHERS_MS } from './others-pages.ts'
import type { PlannedRule, RetentionPlan } from './plan.ts'
import { restrictAs } from './restrict-records.ts'
import type { DisposalRule } from './rules.ts'

/**
 * The whole stage at once: from here on its records are out of sight, and the slices count them. It is placed by who has one
 * of its pages: who ends the plan waits for that, and once the plan is being ended nobody places it any more.
 */
export async function restrictStage(
  desk: RetentionDesk,
  plan: RetentionPlan,
  rule: DisposalRule,
  by: Pseudonym,
): Promise<void> {
  const { store, pause } = desk
  while (!(await isStagePlaced(desk, plan, { rule: rule.id, action: rule.action }))) {
    await using page = await store.claimPage(plan.id, rule.id, null)
    if (page === null && (await store.openPages(plan.id, rule.id, 0)).open > 0) {
      await pause(OTHERS_MS)
      continue
    }
    if ((await store.plan(plan.id))?.state !== 'running') return
    await place(desk, plan, rule, by)
  }
}

/** More than any run makes. */
const ALL_PASSES = 2 ** 31 - 1

/**
 * Of a plan that is being ended: waits until whoever was placing the stage has. Each of its pages was free once since.
 * @returns `false` when stopped
 */
export async function stageSettled(
  { store, pause }: Pick<RetentionDesk, 'store' | 'pause'>,
  plan: string,
  rule: string,
  stop: AbortSignal | undefined,
): Promise<boolean> {
  while (stop?.aborted !== true) {
    await using page = await store.claimPage(plan, rule, ALL_PASSES)
    if (page !== null) continue
    if ((await store.openPages(plan, rule, ALL_PASSES)).behind === 0) return true
    await pause(OTHERS_MS)
  }
  return false
}

async function place(
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
