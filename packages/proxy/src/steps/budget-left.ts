import { UnavailableError } from '@varco/core'
import type { Permit, Resource } from '@varco/policy'
import { refusal, unavailable } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import type { Visit } from '../visit.ts'
import type { Spending } from './spend-budgets.ts'
import { dataSubjectsSpent } from './spend-data-subjects.ts'

/**
 * How many records of the resource the operator may still be shown this hour, as the rule in use says, one at least; or the
 * refusal where some budget is spent. Asked before anything is looked for: afterwards the refusal would tell.
 */
export function recordsLeft(visit: Visit, resource: Resource, permit: Permit): number | Refusal {
  const spent = dataSubjectsSpent(visit, resource, permit)
  if (spent !== null) return spent
  const { maxRecordsPerHour } = permit.obligations
  if (maxRecordsPerHour === null) return Infinity
  const operator = visit.trail.attribution.operator ?? ''
  const left = visit.gate.budgets.left(operator, resource.name, maxRecordsPerHour)
  return left === 0 ? budgetSpent() : left
}

/**
 * Counts records against those budgets; `null`: within all of them. Whoever asks for more than is left has nothing left: that
 * there are so many is told, and could be asked for without end.
 */
export async function spendRecords(
  { gate, trail }: Visit,
  spendings: readonly Spending[],
): Promise<Refusal | null> {
  const operator = trail.attribution.operator ?? ''
  let isOver = false
  try {
    for (const { resource, permit, disclosures } of spendings) {
      const { maxRecordsPerHour } = permit.obligations
      if (maxRecordsPerHour === null) continue
      const spent = await gate.budgets.spend(operator, resource.name, maxRecordsPerHour, disclosures.length)
      if (!spent) await gate.budgets.spendRest(operator, resource.name, maxRecordsPerHour)
      isOver ||= !spent
    }
    return isOver ? budgetSpent() : null
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
