import type { Permit, Resource } from '@varco/policy'
import { refusal } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import type { Visit } from '../visit.ts'

/** How many records of the resource the operator may still be shown this hour, as the rule in use says. */
export function recordsLeft({ gate, trail }: Visit, { name }: Resource, { obligations }: Permit): number {
  const { maxRecordsPerHour } = obligations
  if (maxRecordsPerHour === null) return Infinity
  return gate.budgets.left(trail.attribution.operator ?? '', name, maxRecordsPerHour)
}

/** Counts records against that budget, just before they are recorded and shown; `false`: not one of them may be. */
export function spendBudget(
  { gate, trail }: Visit,
  { name }: Resource,
  { obligations }: Permit,
  count: number,
): boolean {
  const { maxRecordsPerHour } = obligations
  if (maxRecordsPerHour === null) return true
  return gate.budgets.spend(trail.attribution.operator ?? '', name, maxRecordsPerHour, count)
}

/** Some of the budget comes back with every minute. */
export function budgetSpent(): Refusal {
  return refusal('budget-spent', { headers: { 'retry-after': '600' } })
}
