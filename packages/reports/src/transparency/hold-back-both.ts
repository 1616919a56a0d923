import { suppressCells, type SuppressedTable } from '@varco/core'

export interface HeldBack {
  readonly byMonth: SuppressedTable
  readonly byPurpose: SuppressedTable
}

/**
 * Holds small counts back in two tables that have one number in common: what was permitted is the first column's total
 * by month and the whole total by purpose. Held back in one and shown in the other it would be given away, and others
 * with it; so it is shown in both or in neither. Each table alone leaves it free then, hence both together do.
 * @param byMonth permitted and denied, for each month
 * @param byPurpose permitted, for each purpose and company
 */
export function holdBackBoth(
  byMonth: readonly (readonly number[])[],
  byPurpose: readonly (readonly number[])[],
  threshold: number,
): HeldBack {
  const hold = (common: boolean): HeldBack => {
    const isSmall = (count: number): boolean => count > 0 && count < threshold
    const companies = byPurpose[0]?.length
    return {
      byMonth: suppressCells(
        byMonth,
        (count, row, column) => isSmall(count) || (common && row === byMonth.length && column === 0),
      ),
      byPurpose: suppressCells(
        byPurpose,
        (count, row, column) =>
          isSmall(count) || (common && row === byPurpose.length && column === companies),
      ),
    }
  }
  const apart = hold(false)
  const shown = apart.byMonth.columnTotals[0] !== null && apart.byPurpose.total !== null
  return shown ? apart : hold(true)
}
