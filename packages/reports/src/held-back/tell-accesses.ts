import { sumShown, type SuppressedTable } from '@varco/core'
import type { AccessFigure, HeldByContract } from '../ports.ts'
import { holdBackMonth, type HeldBack } from './hold-back-month.ts'

/** Accesses as any report of several contracts may tell them; `null` where held back. */
export interface ToldAccesses extends HeldBack {
  readonly purposes: readonly string[]
  readonly companies: readonly (string | null)[]
  readonly byMonth: readonly { readonly month: string; readonly shown: HeldBack }[]
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
  const purposes = [...new Set(permitted.map(({ purpose }) => purpose ?? ''))].sort()
  const contracts = [...new Set(accesses.map(({ contract }) => contract))]
  const [from, to] = [months[0] ?? '', months.at(-1) ?? '']
  const held = contracts.length === 0 ? () => [] : await heldByContract(contracts, { from, to })
  const byMonth = months.map((month) => ({
    month,
    shown: holdBackMonth({
      figures: accesses.filter((figure) => figure.month === month),
      ...{ purposes, companies, heldByContract: held(month) },
    }),
  }))
  const sum = (of: (shown: HeldBack) => number | null | undefined): number | null =>
    sumShown(byMonth.map(({ shown }) => of(shown) ?? null))
  return {
    ...{ purposes, companies, byMonth },
    permitted: sum(({ permitted }) => permitted),
    denied: sum(({ denied }) => denied),
    total: sum(({ total }) => total),
    byCompany: companies.map((_, c) => ({
      permitted: sum(({ byCompany }) => byCompany[c]?.permitted),
      denied: sum(({ byCompany }) => byCompany[c]?.denied),
    })),
    byPurpose: sumOf(byMonth.map(({ shown }) => shown.byPurpose)),
  }
}

function sumOf(tables: readonly SuppressedTable[]): SuppressedTable {
  const [first] = tables
  if (first === undefined) return { cells: [], rowTotals: [], columnTotals: [], total: 0 }
  const places = (row: readonly unknown[], of: (table: SuppressedTable, i: number) => number | null) =>
    row.map((_, i) => sumShown(tables.map((table) => of(table, i))))
  return {
    cells: first.cells.map((row, r) => places(row, ({ cells }, c) => cells[r]?.[c] ?? null)),
    rowTotals: places(first.rowTotals, ({ rowTotals }, r) => rowTotals[r] ?? null),
    columnTotals: places(first.columnTotals, ({ columnTotals }, c) => columnTotals[c] ?? null),
    total: sumShown(tables.map(({ total }) => total)),
  }
}
