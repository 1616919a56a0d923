import type { DisclosureDraft } from '@varco/access-log'
import { budgetsOf } from '@varco/engagement'
import type { Permit, Resource } from '@varco/policy'
import type { Refusal } from '../refusal.ts'
import type { Visit } from '../visit.ts'
import { spendRecords } from './budget-left.ts'
import { spendDataSubjects } from './spend-data-subjects.ts'

/** Records of one resource that are about to be shown, or told of, under a permit. */
export interface Spending {
  readonly resource: Resource
  readonly permit: Permit
  readonly disclosures: readonly DisclosureDraft[]
}

/**
 * Counts records, and whose they are, against every budget, just before they are recorded and shown; `null`: within all of
 * them. A budget that cannot be asked denies.
 */
export async function spendBudgets(visit: Visit, spendings: readonly Spending[]): Promise<Refusal | null> {
  const { bundle, now, trail } = visit
  const budgets = budgetsOf(bundle, trail.attribution, now)
  const isBounded = spendings.some(({ permit }) => permit.obligations.maxRecordsPerHour !== null)
  if (budgets.length === 0 && !isBounded) return null
  // Both always: where one refuses, the records that it tells of count against the other all the same.
  const overDataSubjects = await spendDataSubjects(visit, budgets, spendings)
  const overRecords = await spendRecords(visit, spendings)
  return overDataSubjects ?? overRecords
}
