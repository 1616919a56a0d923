import { suppressLinked, workCountName, type LinkedTable, type SuppressedTable } from '@varco/core'
import type { Dimension } from '../watch/watch-store.ts'
import type { RefusalFigure, WorkFigure } from '../watch/work-figures.ts'
import { MIN_GROUP } from './min-group.ts'

/** What is shown of one contract's month: `null` where held back, zero where there was nothing. */
export interface ShownMonth {
  /** Accesses permitted and refused. */
  of(dimension: Dimension, value: string): number | null
  refused(dimension: Dimension, value: string): number | null
  /** Refusals of one kind, as the friction report tells them. */
  refusals(refusal: RefusalKind): number | null
  /** All of the dimension: of purposes and of actions the same accesses, of categories some twice and some not at all. */
  all(dimension: Dimension): number | null
  /** All that were permitted. */
  readonly permitted: number | null
  /** The tables with what of them is held back, for whoever tells sums over contracts and must not tell of these. */
  readonly linked: readonly LinkedTable[]
}

export type RefusalKind = Pick<RefusalFigure, 'purpose' | 'resource' | 'reason' | 'field'>

/**
 * INVARIANT: a month is judged by itself, and whoever sums months holds the sum back with any part of it (`sumShown`). So no
 * two periods subtract to what is held back of one month: what all of them tell is no more than the months do.
 *
 * Drift, friction and ticket report count the same accesses: by purpose, by action and by outcome; refusals once more by
 * reason. Their tables are linked by the sums they have in common, and all hold back what is decided here.
 */
export function shownMonth(work: readonly WorkFigure[], refusals: readonly RefusalFigure[]): ShownMonth {
  const { purpose, action, reasons, all } = linkedOf(work, refusals)
  const category = outcomesOf(work, 'category')
  const shown = suppressLinked(all)
  const [byPurpose, byAction, ...byReason] = shown
  const [ofCategories] = suppressLinked([linked(category, () => null)])
  const tables = {
    purpose: { values: purpose.values, shown: byPurpose },
    action: { values: action.values, shown: byAction },
    category: { values: category.values, shown: ofCategories },
  }
  const told = new Map(
    reasons.flatMap(({ kinds }, t) => kinds.map((kind, r) => [kind, byReason[t]?.cells[r]?.[0] ?? null])),
  )
  const rowOf = (dimension: Dimension, value: string): number => tables[dimension].values.indexOf(value)
  return {
    of: (dimension, value) => {
      const r = rowOf(dimension, value)
      return r < 0 ? 0 : (tables[dimension].shown?.rowTotals[r] ?? null)
    },
    refused: (dimension, value) => {
      const r = rowOf(dimension, value)
      return r < 0 ? 0 : (tables[dimension].shown?.cells[r]?.[DENY] ?? null)
    },
    refusals: (refusal) => {
      const count = told.get(kindOf(refusal))
      return count === undefined ? 0 : count
    },
    all: (dimension) =>
      tables[dimension].values.length === 0 ? 0 : (tables[dimension].shown?.total ?? null),
    permitted: purpose.values.length === 0 ? 0 : (byPurpose?.columnTotals[PERMIT] ?? null),
    linked: all.map(({ counts, nameOf }, t) => ({
      ...{ counts, nameOf, elsewhere: true },
      isSmall: (_count, r, c) => isHeld(shown[t], r, c),
    })),
  }
}

function isHeld(shown: SuppressedTable | undefined, r: number, c: number): boolean {
  if (shown === undefined) return true
  const { cells, rowTotals, columnTotals, total } = shown
  const row = r < cells.length ? [...(cells[r] ?? []), rowTotals[r]] : [...columnTotals, total]
  return row[c] === null
}

/** The columns of a table of outcomes. */
const [PERMIT, DENY] = [0, 1]
const OUTCOMES = ['permitted', 'denied', 'all'] as const

interface Linked {
  readonly purpose: Outcomes
  readonly action: Outcomes
  readonly reasons: readonly ReturnType<typeof reasonsOf>[]
  /** Of purposes, of actions and of each purpose's reasons. */
  readonly all: readonly LinkedTable[]
}

function linkedOf(work: readonly WorkFigure[], refusals: readonly RefusalFigure[]): Linked {
  const purpose = outcomesOf(work, 'purpose')
  const action = outcomesOf(work, 'action')
  // In an order of their own: what is held back must not hang on how the store lists them.
  const inOrder = refusals.toSorted((a, b) => (kindOf(a) < kindOf(b) ? -1 : 1))
  const reasons = [...Map.groupBy(inOrder, (refusal) => refusal.purpose)].map(([value, some]) =>
    reasonsOf(value, some, purpose),
  )
  const nameOf = (c: number, value: string | null): string => workCountName(OUTCOMES[c] ?? 'all', value)
  return {
    ...{ purpose, action, reasons },
    all: [
      linked(purpose, (r, c) => nameOf(c, purpose.values[r] ?? null)),
      linked(action, (r, c) => (r === action.values.length ? nameOf(c, null) : null)),
      ...reasons.map(({ table }) => table),
    ],
  }
}

interface Outcomes {
  readonly values: readonly string[]
  readonly counts: readonly (readonly number[])[]
  /** With the sums, as a table of totals has them. */
  readonly people: readonly (readonly number[])[]
}

function outcomesOf(work: readonly WorkFigure[], dimension: Dimension): Outcomes {
  const some = work.filter((figure) => figure.dimension === dimension)
  const values = [...new Set(some.map(({ value }) => value))].sort()
  const cells = values.map((value) =>
    (['permit', 'deny'] as const).map((decision) =>
      some.filter((figure) => figure.value === value && figure.decision === decision),
    ),
  )
  const people = cells.map((row) => withMost(row.map((cell) => most(cell.map(({ workers }) => workers)))))
  return {
    values,
    counts: cells.map((row) => row.map((cell) => cell.reduce((sum, { accesses }) => sum + accesses, 0))),
    people: [...people, [PERMIT, DENY, 2].map((c) => most(people.map((row) => row[c] ?? 0)))],
  }
}

/** People are counted cell by cell, and some may be in several: of a sum, the most of one cell is what is surely there. */
function withMost(people: readonly number[]): readonly number[] {
  return [...people, most(people)]
}

function most(people: readonly number[]): number {
  return Math.max(0, ...people)
}

function linked({ counts, people }: Outcomes, nameOf: LinkedTable['nameOf']): LinkedTable {
  return { counts, nameOf, isSmall: (count, r, c) => count > 0 && (people[r]?.[c] ?? 0) < MIN_GROUP }
}

/** The refusals of one purpose, kind by kind; their sum is what the purpose's own row has. */
function reasonsOf(
  purpose: string,
  refusals: readonly RefusalFigure[],
  { values, people: ofPurposes }: Outcomes,
): { readonly kinds: readonly string[]; readonly table: LinkedTable } {
  const people = [
    ...refusals.map(({ workers }) => workers),
    ofPurposes[values.indexOf(purpose)]?.[DENY] ?? most(refusals.map(({ workers }) => workers)),
  ]
  return {
    kinds: refusals.map(kindOf),
    table: {
      counts: refusals.map((refusal) => [refusal.refusals]),
      isSmall: (count, r) => count > 0 && (people[r] ?? 0) < MIN_GROUP,
      nameOf: (r, c) => (r === refusals.length && c === 0 ? workCountName('denied', purpose) : null),
    },
  }
}

function kindOf({ purpose, resource, reason, field }: RefusalKind): string {
  return [purpose, resource, reason, field].join('|')
}
