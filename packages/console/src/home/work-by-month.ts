import { sumShown, type Micros } from '@varco/core'
import { lastMonthTold, shownMonths, type OversightFigures } from '@varco/oversight'
import type { Bundle } from '@varco/policy'
import { Temporal } from 'temporal-polyfill'

/** Accesses of the last months that are over, of each company or for each purpose; `null` where held back. */
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

/**
 * From the watch's own counters: the log itself is not walked through. What a contract's reports hold back of a month is held
 * back here, and each sum it would be part of: else a sum over contracts less the others would tell it.
 */
export async function workByMonth(
  figures: Pick<OversightFigures, 'work' | 'refusals'>,
  bundle: Bundle,
  now: Micros,
): Promise<WorkByMonth> {
  const last = Temporal.PlainYearMonth.from(lastMonthTold(now, bundle.document.varco.time_zone))
  const months = Array.from({ length: MONTHS }, (_, index) =>
    last.subtract({ months: MONTHS - 1 - index }).toString(),
  )
  const period = { from: months[0] ?? last.toString(), to: last.toString() }
  const contracts = [...bundle.contracts.values()].map(({ id, processor }) => ({ id, processor }))
  const worked = await Promise.all(
    [{ id: null, processor: null }, ...contracts].map(async ({ id, processor }) => {
      const shown = await shownMonths(figures, { contract: id, ...period })
      const purposes = shown.work.flatMap(({ dimension, value }) => (dimension === 'purpose' ? [value] : []))
      return { processor, shown, purposes: new Set(purposes) }
    }),
  )
  const some = worked.filter(({ purposes }) => purposes.size > 0)
  const seriesOf = (of: string | null, count: (month: string) => readonly (number | null)[]): WorkSeries => ({
    of,
    counts: months.map((month) => sumShown(count(month))),
  })
  return {
    months,
    byCompany: [...Map.groupBy(some, ({ processor }) => processor)].map(([processor, group]) =>
      seriesOf(processor, (month) => group.map(({ shown }) => shown.of(month).all('purpose'))),
    ),
    byPurpose: [...new Set(some.flatMap(({ purposes }) => [...purposes]))].map((purpose) =>
      seriesOf(purpose, (month) => some.map(({ shown }) => shown.of(month).of('purpose', purpose))),
    ),
  }
}
