import type { OversightFigures, WorkFigure } from '@varco/oversight'
import type { Bundle } from '@varco/policy'
import { Temporal } from 'temporal-polyfill'

/** Accesses by month, of each company or for each purpose; `null` where fewer than five people did them. */
export interface WorkByMonth {
  /** `2026-11`, oldest first. */
  readonly months: readonly string[]
  readonly byCompany: readonly WorkSeries[]
  readonly byPurpose: readonly WorkSeries[]
}

export interface WorkSeries {
  /** A processor, `null` for the body's own staff; or a purpose. */
  readonly of: string | null
  readonly counts: readonly (number | null)[]
}

const MONTHS = 6
/** What fewer people did would tell of each of them (invariant of worker protection). */
const FEWEST_WORKERS = 5

/** From the watch's own counters: the log itself is not walked through. */
export async function workByMonth(
  figures: Pick<OversightFigures, 'work'>,
  bundle: Bundle,
  today: string,
): Promise<WorkByMonth> {
  const last = Temporal.PlainDate.from(today).toPlainYearMonth()
  const months = Array.from({ length: MONTHS }, (_, index) =>
    last.subtract({ months: MONTHS - 1 - index }).toString(),
  )
  const from = months[0] ?? last.toString()
  const contracts = [...bundle.contracts.values()].map(({ id, processor }) => ({ id, processor }))
  const rows = (
    await Promise.all(
      [{ id: null, processor: null }, ...contracts].map(async ({ id, processor }) =>
        (await figures.work(id, from, last.toString())).map((row) => ({ ...row, processor })),
      ),
    )
  )
    .flat()
    .filter(({ dimension }) => dimension === 'purpose')
  return {
    months,
    byCompany: seriesOf(rows, months, ({ processor }) => processor),
    byPurpose: seriesOf(rows, months, ({ value }) => value),
  }
}

type CountedRow = Pick<WorkFigure, 'month' | 'accesses' | 'workers'>

function seriesOf<Row extends CountedRow>(
  rows: readonly Row[],
  months: readonly string[],
  keyOf: (row: Row) => string | null,
): readonly WorkSeries[] {
  return [...Map.groupBy(rows, keyOf)].map(([of, group]) => ({
    of,
    counts: months.map((month) => countOf(group.filter((row) => row.month === month))),
  }))
}

/** Of the groups added up the largest counts: whether they overlap is not known. */
function countOf(rows: readonly CountedRow[]): number | null {
  const workers = Math.max(0, ...rows.map((row) => row.workers))
  if (workers > 0 && workers < FEWEST_WORKERS) return null
  return rows.reduce((sum, { accesses }) => sum + accesses, 0)
}
