import { shownMonths, type OversightFigures } from '@varco/oversight'
import { sumShown } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { Temporal } from 'temporal-polyfill'

/** Accesses by month, of each company or for each purpose; `null` where held back. */
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
 * From the watch's own counters: the log itself is not walked through. Each contract's months are what its drift report shows of
 * them, and a sum over contracts goes with any part of it: so this page tells nothing that the reports hold back.
 */
export async function workByMonth(
  figures: Pick<OversightFigures, 'work' | 'refusals'>,
  bundle: Bundle,
  today: string,
): Promise<WorkByMonth> {
  const last = Temporal.PlainDate.from(today).toPlainYearMonth()
  const months = Array.from({ length: MONTHS }, (_, index) =>
    last.subtract({ months: MONTHS - 1 - index }).toString(),
  )
  const period = { from: months[0] ?? last.toString(), to: last.toString() }
  const contracts = [...bundle.contracts.values()].map(({ id, processor }) => ({ id, processor }))
  const shown = await Promise.all(
    [{ id: null, processor: null }, ...contracts].map(async ({ id, processor }) => ({
      processor,
      months: await shownMonths(figures, { contract: id, ...period }),
    })),
  )
  const worked = shown.filter(({ months: { work } }) => work.length > 0)
  const purposes = new Set(
    worked.flatMap(({ months: { work } }) =>
      work.flatMap(({ dimension, value }) => (dimension === 'purpose' ? [value] : [])),
    ),
  )
  return {
    months,
    byCompany: [...Map.groupBy(worked, ({ processor }) => processor)].map(([of, group]) => ({
      of,
      counts: months.map((month) => sumShown(group.map((one) => one.months.of(month).all('purpose')))),
    })),
    byPurpose: [...purposes].map((of) => ({
      of,
      counts: months.map((month) => sumShown(worked.map((one) => one.months.of(month).of('purpose', of)))),
    })),
  }
}
