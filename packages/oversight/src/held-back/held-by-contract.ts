import type { LinkedTable } from '@varco/core'
import type { OversightFigures } from '../watch/work-figures.ts'
import { shownMonths } from './shown-months.ts'

/** Of one contract's month, the tables its reports tell from, and what they hold back. */
export interface HeldOfContract {
  /** `null`: the body's own units. */
  readonly contract: string | null
  readonly tables: readonly LinkedTable[]
}

/**
 * What drift, friction and ticket reports of these contracts hold back, month by month: whoever tells sums over contracts hands the
 * tables to `suppressLinked` with their own.
 * @param period months, both included
 */
export async function heldByContract(
  figures: OversightFigures,
  contracts: readonly (string | null)[],
  period: { readonly from: string; readonly to: string },
): Promise<(month: string) => readonly HeldOfContract[]> {
  const shown = await Promise.all(
    contracts.map(async (contract) => ({
      contract,
      months: await shownMonths(figures, { contract, ...period }),
    })),
  )
  return (month) => shown.map(({ contract, months }) => ({ contract, tables: months.of(month).linked }))
}
