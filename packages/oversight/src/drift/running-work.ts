import type { Localized, Micros } from '@varco/core'
import type { Dimension } from '../watch/watch-store.ts'
import type { WorkFigure } from '../watch/work-figures.ts'

/** What is said of months that run: no count, and of no week before it is over. */
export interface RunningWork {
  readonly months: readonly string[]
  /** Exclusive: the beginning of this week. */
  readonly until: Micros
  /** What the annex does not cover, and five people or more came to by then. */
  readonly outside: readonly RunningRow[]
}

export interface RunningRow {
  readonly month: string
  readonly dimension: Dimension
  readonly value: string
  readonly title: Localized | null
}

/**
 * A contract's manager need not wait for a month to end to learn that it is used for what it is not for. What two readings
 * differ by is that in the weeks between, a fifth person came to a kind of work.
 */
export function runningWork(
  figures: readonly WorkFigure[],
  {
    months,
    until,
    isContracted,
    titleOf,
  }: Pick<RunningWork, 'months' | 'until'> & {
    readonly isContracted: (dimension: Dimension, value: string) => boolean
    readonly titleOf: (dimension: Dimension, value: string) => Localized | null
  },
): RunningWork {
  const begun = figures.filter(
    ({ month, dimension, value, fifthAt }) =>
      months.includes(month) && fifthAt !== null && fifthAt < until && !isContracted(dimension, value),
  )
  const rows = begun.map(({ month, dimension, value }): RunningRow => ({
    ...{ month, dimension, value },
    title: titleOf(dimension, value),
  }))
  const keyOf = ({ month, dimension, value }: RunningRow): string => `${month}|${dimension}|${value}`
  return { months, until, outside: [...new Map(rows.map((row) => [keyOf(row), row])).values()] }
}
