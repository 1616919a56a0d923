import { suppressLinked, type SuppressedTable } from '@varco/core'
import type { Dimension } from '../watch/watch-store.ts'
import type { WorkFigure } from '../watch/work-figures.ts'
import { heldByMonth } from './held-by-month.ts'

const DIMENSIONS = ['purpose', 'action', 'category'] as const satisfies readonly Dimension[]

/**
 * The counts of each dimension by value (sorted) and month, without those behind which there are few people and without
 * what would give them away. Each access has one purpose and one action: what a month came to stands in both tables.
 */
export function heldBackCounts(
  figures: readonly WorkFigure[],
  months: readonly string[],
): Readonly<Record<Dimension, SuppressedTable>> {
  const dimensions = DIMENSIONS.map((each) =>
    countsOf(
      figures.filter(({ dimension }) => dimension === each),
      months,
    ),
  )
  const [purposes, actions, categories] = dimensions.map(({ counts, people }) => ({
    ...{ counts, people },
    monthPeople: months.map((_, c) => Math.max(0, ...people.map((row) => row[c] ?? 0))),
  }))
  const held = [
    ...heldByMonth([purposes, actions].filter((each) => each !== undefined)),
    ...heldByMonth([categories].filter((each) => each !== undefined)),
  ]
  const [purpose, action, category] = suppressLinked(
    dimensions.map(({ values, counts }, index) => ({
      counts,
      isSmall: (_, r, c) => held[index]?.[r]?.[c] === true,
      nameOf: (r, c) => (index < 2 && values.length > 0 && r === values.length ? `month ${c}` : null),
    })),
  )
  if (purpose === undefined || action === undefined || category === undefined)
    throw new Error('as many tables come out as went in')
  return { purpose, action, category }
}

/** What is counted in one dimension, by value and month, and how many people are surely behind each count. */
interface Counts {
  readonly values: readonly string[]
  readonly counts: readonly (readonly number[])[]
  readonly people: readonly (readonly number[])[]
}

function countsOf(figures: readonly WorkFigure[], months: readonly string[]): Counts {
  const values = valuesOf(figures)
  const of = (value: string, month: string): readonly WorkFigure[] =>
    figures.filter((figure) => figure.value === value && figure.month === month)
  const each = <T>(count: (of: readonly WorkFigure[]) => T): readonly (readonly T[])[] =>
    values.map((value) => months.map((month) => count(of(value, month))))
  return {
    values,
    counts: each((cell) => sum(cell.map(({ accesses }) => accesses))),
    // People of a month are counted by decision, and some may be in both: the larger is what is surely there.
    people: each((cell) => Math.max(0, ...cell.map((figure) => figure.workers))),
  }
}

export function valuesOf(figures: readonly WorkFigure[]): readonly string[] {
  return [...new Set(figures.map(({ value }) => value))].sort()
}

export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
