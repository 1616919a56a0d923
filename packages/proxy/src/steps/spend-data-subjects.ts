import type { DisclosureDraft } from '@varco/access-log'
import { MICROS_PER_SECOND, UnavailableError } from '@varco/core'
import { budgetsOf } from '@varco/engagement'
import { refusal, unavailable } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import type { Visit } from '../visit.ts'

/**
 * Counts whose records are about to be shown, against the operator's budget and their contract's. `null`: within all
 * of them. A budget that cannot be asked denies.
 */
export async function spendDataSubjects(
  { gate, bundle, now, trail }: Visit,
  disclosures: readonly DisclosureDraft[],
): Promise<Refusal | null> {
  const budgets = budgetsOf(bundle, trail.attribution, now)
  if (budgets.length === 0) return null
  const dataSubjects = disclosures.flatMap(({ dataSubject }) => dataSubject ?? [])
  try {
    const over = await gate.dataSubjects.spend(budgets, dataSubjects)
    if (over.length === 0) return null
    const ends = over.reduce((latest, { to }) => (to > latest ? to : latest), 0n)
    const seconds = (ends - now + MICROS_PER_SECOND - 1n) / MICROS_PER_SECOND
    return refusal('data-subjects-spent', { headers: { 'retry-after': String(seconds) } })
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error
    gate.diagnostics.warn('the budgets cannot be asked', { service: error.service })
    return unavailable()
  }
}
