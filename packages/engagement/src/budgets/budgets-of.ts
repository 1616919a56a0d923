import type { Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import type { Attribution } from '../context/establish-context.ts'
import type { Budget } from './budget-store.ts'

const HOUR: Micros = 3_600_000_000n
const DAY: Micros = 24n * HOUR

/** The budgets that count for somebody now: their own, and that of their contract. */
export function budgetsOf(
  { contracts, document }: Bundle,
  { operator, contract }: Pick<Attribution, 'operator' | 'contract'>,
  now: Micros,
): readonly Budget[] {
  const terms = contract === null ? undefined : contracts.get(contract)?.document.budgets
  const own = terms?.operator ?? document.varco.budgets?.operator
  return [
    ...(operator === null || own === undefined ? [] : stretches(`operator ${operator}`, own, now)),
    ...(contract === null || terms?.contract === undefined
      ? []
      : stretches(`contract ${contract}`, terms.contract, now)),
  ]
}

interface Terms {
  readonly data_subjects_per_hour?: number | undefined
  readonly data_subjects_per_day?: number | undefined
}

function stretches(holder: string, terms: Terms, now: Micros): readonly Budget[] {
  const stretch = (name: string, length: Micros, most: number | undefined): readonly Budget[] => {
    const from = now - (now % length)
    return most === undefined ? [] : [{ holder: `${holder} ${name}`, from, to: from + length, most }]
  }
  return [
    ...stretch('hour', HOUR, terms.data_subjects_per_hour),
    ...stretch('day', DAY, terms.data_subjects_per_day),
  ]
}
