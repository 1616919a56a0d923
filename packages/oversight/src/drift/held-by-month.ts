/** Fewer people behind a count, and it would tell of them (L. 300/1970, art. 4). */
export const MIN_GROUP = 5

/** Counts by value and month, with how many people are surely behind each, and behind the sum of each month. */
export interface MonthlyCounts {
  readonly counts: readonly (readonly number[])[]
  readonly people: readonly (readonly number[])[]
  readonly monthPeople: readonly number[]
}

/**
 * Which counts are held back; by row and column, where the totals are the last row and the last column.
 *
 * INVARIANT: each month is judged by itself, and a sum over months is held back with any count in it, so that no number
 * is held back in one period and told by the difference of two others. A count held back always has another held back
 * in its month, or the month's sum: one can be more by what the other is less, and no sum that is shown in any period
 * would be another.
 * @param tables of the same months; they show the same sums of months
 */
export function heldByMonth(tables: readonly MonthlyCounts[]): readonly (readonly (readonly boolean[])[])[] {
  const held = tables.map(({ counts, people }) =>
    counts.map((row, r) => row.map((count, c) => count > 0 && (people[r]?.[c] ?? 0) < MIN_GROUP)),
  )
  const months = Math.max(0, ...tables.map(({ monthPeople }) => monthPeople.length))
  const sums = Array.from({ length: months }, (_, c) => holdMonth(tables, held, c))
  return held.map((rows) => [
    ...rows.map((row) => [...row, row.includes(true)]),
    [...sums, sums.includes(true)],
  ])
}

/** @returns whether the month's sum is held back too */
function holdMonth(
  tables: readonly MonthlyCounts[],
  held: readonly (readonly boolean[][])[],
  month: number,
): boolean {
  const heldIn = (t: number): number => held[t]?.filter((row) => row[month] === true).length ?? 0
  const hold = (t: number): boolean => {
    const r = leastShown(tables[t]?.counts ?? [], held[t] ?? [], month)
    const row = r === null ? undefined : held[t]?.[r]
    if (row !== undefined) row[month] = true
    return row !== undefined
  }
  let sum = tables.some(
    ({ counts, monthPeople }) =>
      counts.some((row) => (row[month] ?? 0) > 0) && (monthPeople[month] ?? 0) < MIN_GROUP,
  )
  for (const t of tables.keys()) if (!sum && heldIn(t) === 1 && !hold(t)) sum = true
  // A sum that is held back must not be what the counts of another table come to.
  if (sum) for (const t of tables.keys()) if (heldIn(t) === 0) hold(t)
  return sum
}

/** The row of the month's smallest count that is still shown and not zero. */
function leastShown(
  counts: readonly (readonly number[])[],
  held: readonly (readonly boolean[])[],
  month: number,
): number | null {
  let least: number | null = null
  for (const [r, row] of counts.entries()) {
    const count = row[month] ?? 0
    if (count === 0 || held[r]?.[month] === true) continue
    if (least === null || count < (counts[least]?.[month] ?? 0)) least = r
  }
  return least
}
