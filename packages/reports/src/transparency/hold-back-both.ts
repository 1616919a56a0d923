import { suppressLinked, type LinkedTable, type SuppressedTable } from '@varco/core'
import type { Counted } from './counted.ts'

export interface HeldBack {
  readonly byMonth: SuppressedTable
  readonly byPurpose: SuppressedTable
}

/**
 * Holds back what fewer people than the threshold did, in two tables of the same accesses that have one number in common: what
 * was permitted is the first column's total by month and the whole total by purpose.
 * @param byMonth permitted and denied, for each month
 * @param byPurpose permitted, for each purpose and company
 */
export function holdBackBoth(
  byMonth: readonly (readonly Counted[])[],
  byPurpose: readonly (readonly Counted[])[],
  threshold: number,
): HeldBack {
  const tableOf = (cells: readonly (readonly Counted[])[], column: number): LinkedTable => ({
    counts: cells.map((row) => row.map(({ accesses }) => accesses)),
    isSmall: (count, r, c) => count > 0 && peopleBehind(cells, r, c) < threshold,
    nameOf: (r, c) => (r === cells.length && c === column ? 'permitted' : null),
  })
  const [month, purpose] = suppressLinked([
    tableOf(byMonth, 0),
    tableOf(byPurpose, byPurpose[0]?.length ?? 0),
  ])
  if (month === undefined || purpose === undefined) throw new Error('two tables come out of two')
  return { byMonth: month, byPurpose: purpose }
}

/** People may be in several cells: of a sum, the most of one cell is what is surely there. */
function peopleBehind(cells: readonly (readonly Counted[])[], r: number, c: number): number {
  const rows = r < cells.length ? cells.slice(r, r + 1) : cells
  return Math.max(
    0,
    ...rows.flatMap((row) => (c < row.length ? row.slice(c, c + 1) : row)).map(({ workers }) => workers),
  )
}
