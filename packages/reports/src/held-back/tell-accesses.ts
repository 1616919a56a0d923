import { sumShown } from '@varco/core'
import type { AccessFigure, HeldByContract } from '../ports.ts'
import { holdBackMonth, purposeOf, type ShownMonth, type ShownOutcomes } from './hold-back-month.ts'

/** Accesses as any report of several contracts may tell them; `null` where held back. */
export interface ToldAccesses extends ShownOutcomes {
  readonly total: number | null
  readonly byMonth: readonly (ShownOutcomes & { readonly month: string; readonly total: number | null })[]
  /** `null`: the body's own staff. */
  readonly byCompany: readonly (ShownOutcomes & { readonly company: string | null })[]
  /** What was permitted, to each company in their order. */
  readonly byPurpose: readonly {
    readonly purpose: string
    readonly permitted: readonly (number | null)[]
    readonly total: number | null
  }[]
}

/**
 * Each month is judged by itself, and a sum over months is held back with any count in it: else a year less eleven of its
 * months would be the twelfth, of few people. What several periods tell is then no more than what their months do.
 * @param months whole, and over: of any other span a second report, a day longer, would tell the day
 */
export async function tellAccesses(
  figures: readonly AccessFigure[],
  months: readonly string[],
  heldByContract: HeldByContract,
): Promise<ToldAccesses> {
  const accesses = figures.filter(({ kind, month }) => kind === 'access' && months.includes(month))
  const companies = [...new Set(accesses.map(({ processor }) => processor))].sort((a, b) =>
    (a ?? '').localeCompare(b ?? ''),
  )
  const permitted = accesses.filter(({ decision }) => decision === 'permit')
  const purposes = [...new Set(permitted.map(purposeOf))].sort()
  const contracts = [...new Set(accesses.map(({ contract }) => contract))]
  const [from, to] = [months[0] ?? '', months.at(-1) ?? '']
  const held = contracts.length === 0 ? () => [] : await heldByContract(contracts, { from, to })
  const each = months.map((month) =>
    holdBackMonth(
      accesses.filter((figure) => figure.month === month),
      held(month),
    ),
  )
  const sum = (of: (shown: ShownMonth) => number | null): number | null => sumShown(each.map(of))
  return {
    permitted: sum((shown) => shown.permitted),
    denied: sum((shown) => shown.denied),
    total: sum((shown) => shown.total),
    byMonth: months.map((month, i) => ({
      month,
      permitted: each[i]?.permitted ?? null,
      denied: each[i]?.denied ?? null,
      total: each[i]?.total ?? null,
    })),
    byCompany: companies.map((company) => ({
      company,
      permitted: sum((shown) => shown.ofCompany(company).permitted),
      denied: sum((shown) => shown.ofCompany(company).denied),
    })),
    byPurpose: purposes.map((purpose) => ({
      purpose,
      permitted: companies.map((company) => sum((shown) => shown.permittedFor(purpose, company))),
      total: sum((shown) => shown.permittedFor(purpose)),
    })),
  }
}
