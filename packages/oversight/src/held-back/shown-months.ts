import type { OversightFigures, RefusalFigure, WorkFigure } from '../watch/work-figures.ts'
import { shownMonth, type ShownMonth } from './shown-month.ts'

/** What was counted of a contract in some months, and what of it is shown. */
export interface ShownMonths {
  readonly work: readonly WorkFigure[]
  readonly refusals: readonly RefusalFigure[]
  of(month: string): ShownMonth
}

/**
 * Every report of a contract's work asks here, so that all hold back the same; of months that are told (`lastMonthTold`).
 * @param period months, both included
 */
export async function shownMonths(
  figures: Pick<OversightFigures, 'work' | 'refusals'>,
  { contract, from, to }: { readonly contract: string | null; readonly from: string; readonly to: string },
): Promise<ShownMonths> {
  const [work, refusals] = await Promise.all([
    figures.work(contract, from, to),
    figures.refusals(contract, from, to),
  ])
  const workOf = Map.groupBy(work, ({ month }) => month)
  const refusalsOf = Map.groupBy(refusals, ({ month }) => month)
  const shown = new Map<string, ShownMonth>()
  return {
    work,
    refusals,
    of: (month) => {
      const known = shown.get(month)
      if (known !== undefined) return known
      const made = shownMonth(workOf.get(month) ?? [], refusalsOf.get(month) ?? [])
      shown.set(month, made)
      return made
    },
  }
}
