import { suppressLinked, type LinkedTable, type SuppressedTable } from '@varco/core'

export interface HeldBack {
  readonly byMonth: SuppressedTable
  readonly byPurpose: SuppressedTable
}

/**
 * Holds small counts back in two tables of the same accesses that have one number in common: what was permitted is the first column's total
 * by month and the whole total by purpose.
 * @param byMonth permitted and denied, for each month
 * @param byPurpose permitted, for each purpose and company
 */
export function holdBackBoth(
  byMonth: readonly (readonly number[])[],
  byPurpose: readonly (readonly number[])[],
  threshold: number,
): HeldBack {
  const isSmall = (count: number): boolean => count > 0 && count < threshold
  const tableOf = (counts: readonly (readonly number[])[], column: number): LinkedTable => ({
    ...{ counts, isSmall },
    nameOf: (r, c) => (r === counts.length && c === column ? 'permitted' : null),
  })
  const [month, purpose] = suppressLinked([
    tableOf(byMonth, 0),
    tableOf(byPurpose, byPurpose[0]?.length ?? 0),
  ])
  if (month === undefined || purpose === undefined) throw new Error('two tables come out of two')
  return { byMonth: month, byPurpose: purpose }
}
