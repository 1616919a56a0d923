import { MICROS_PER_SECOND, UnavailableError, type Micros } from '@varco/core'
import { budgetsOf, type Budget } from '@varco/engagement'
import type { Permit, Resource } from '@varco/policy'
import { refusal, unavailable } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import type { Visit } from '../visit.ts'
import { dataSubjectsWithin } from './data-subjects-within.ts'
import type { Spending } from './spend-budgets.ts'

/**
 * Whether a budget of data subjects is spent, so that no more may be looked for under a permit: to refuse what is found,
 * and say where nothing is, would answer guesses without end. A permit that reaches only those who were counted tells of
 * nobody else. `null`: it may go on.
 */
export function dataSubjectsSpent(
  { gate, bundle, now, trail }: Visit,
  resource: Resource,
  permit: Permit,
): Refusal | null {
  if (resource.dataSubject === null) return null
  const budgets = budgetsOf(bundle, trail.attribution, now)
  const spent = gate.dataSubjects.spent(budgets, dataSubjectsWithin(resource, permit))
  return spent.length === 0 ? null : refuse(spent, now)
}

/**
 * Counts whose records are about to be shown, against the operator's budget and their contract's, if there are any. `null`: within all
 * of them. A budget that cannot be asked denies.
 */
export async function spendDataSubjects(
  visit: Visit,
  budgets: readonly Budget[],
  spendings: readonly Spending[],
): Promise<Refusal | null> {
  const { gate, now } = visit
  if (budgets.length === 0) return null
  const dataSubjects = spendings.flatMap(({ disclosures }) =>
    disclosures.flatMap(({ dataSubject }) => dataSubject ?? []),
  )
  try {
    const over = await gate.dataSubjects.spend(budgets, dataSubjects)
    if (over.length > 0) return refuse(over, now)
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error
    gate.diagnostics.warn('the budgets cannot be asked', { service: error.service })
    return unavailable()
  }
  if (dataSubjects.length > 0) return null
  // That nothing was found is an answer too, should another request have spent the budget meanwhile.
  for (const { resource, permit } of spendings) {
    const spent = dataSubjectsSpent(visit, resource, permit)
    if (spent !== null) return spent
  }
  return null
}

function refuse(over: readonly Budget[], now: Micros): Refusal {
  const ends = over.reduce((latest, { to }) => (to > latest ? to : latest), 0n)
  const seconds = (ends - now + MICROS_PER_SECOND - 1n) / MICROS_PER_SECOND
  return refusal('data-subjects-spent', { headers: { 'retry-after': String(seconds) } })
}
