import { sumShown, type SuppressedTable } from '@varco/core'
import type { Counted } from './counted.ts'
import { holdBackBoth, type HeldBack } from './hold-back-both.ts'

/** What one month came to. */
export interface MonthCounts {
  readonly permitted: Counted
  readonly denied: Counted
  /** Permitted, for each purpose and company. */
  readonly byPurpose: readonly (readonly Counted[])[]
}

/**
 * Each month is judged by itself, and a sum over months is held back with any count in it: else a year less eleven of its
 * months would be the twelfth, of few people. What several periods tell is then no more than what their months do.
 * @param months of the same purposes and companies
 */
export function holdBackMonthly(months: readonly MonthCounts[], threshold: number): HeldBack {
  const each = months.map(({ permitted, denied, byPurpose }) =>
    holdBackBoth([[permitted, denied]], byPurpose, threshold),
  )
  const decided = sumOf(each.map(({ byMonth }) => byMonth))
  return {
    byMonth: {
      cells: each.map(({ byMonth }) => byMonth.cells[0] ?? []),
      rowTotals: each.map(({ byMonth }) => byMonth.rowTotals[0] ?? null),
      columnTotals: decided.columnTotals,
      total: decided.total,
    },
    byPurpose: sumOf(each.map(({ byPurpose }) => byPurpose)),
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
