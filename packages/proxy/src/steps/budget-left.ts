import { UnavailableError } from '@varco/core'
import type { Permit, Resource } from '@varco/policy'
import { refusal, unavailable } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import type { Visit } from '../visit.ts'

/** How many records of the resource the operator may still be shown this hour, as the rule in use says. */
export function recordsLeft({ gate, trail }: Visit, { name }: Resource, { obligations }: Permit): number {
  const { maxRecordsPerHour } = obligations
  if (maxRecordsPerHour === null) return Infinity
  return gate.budgets.left(trail.attribution.operator ?? '', name, maxRecordsPerHour)
}

/** Records of one resource that are about to be shown under a permit. */
export interface Spending {
  readonly resource: Resource
  readonly permit: Permit
  readonly count: number
}

/**
 * Counts records against those budgets, just before they are recorded and shown; `null`: within all of them. A budget
 * that cannot be asked denies.
 */
export async function spendRecords(
  { gate, trail }: Visit,
  spendings: readonly Spending[],
): Promise<Refusal | null> {
  const operator = trail.attribution.operator ?? ''
  try {
    for (const { resource, permit, count } of spendings) {
      const { maxRecordsPerHour } = permit.obligations
      if (maxRecordsPerHour === null) continue
      if (!(await gate.budgets.spend(operator, resource.name, maxRecordsPerHour, count))) return budgetSpent()
    }
    return null
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error
    gate.diagnostics.warn('the budgets cannot be asked', { service: error.service })
    return unavailable()
  }
}

/** Some of the budget comes back with every minute. */
export function budgetSpent(): Refusal {
  return refusal('budget-spent', { headers: { 'retry-after': '600' } })
}
