import { sumShown, type Micros } from '@varco/core'
import { MIN_GROUP } from '../held-back/min-group.ts'
import { shownMonths } from '../held-back/shown-months.ts'
import { lastMonthTold } from '../held-back/told-months.ts'
import { monthAfter, monthAt, startOfMonth } from '../watch/local-time.ts'
import type { MonthTies, OversightFigures } from '../watch/work-figures.ts'

/** How accesses and tickets fit together: `null` what would tell of few people's work, and all where no month of theirs is told. */
export interface HeldTies {
  readonly accesses: number | null
  readonly accessesWithoutTicket: number | null
  readonly ticketsWithoutAccess: number | null
}

/** A ticket without access tells of accesses too: it is one fewer as soon as somebody looks. */
export const HELD: HeldTies = { accesses: null, accessesWithoutTicket: null, ticketsWithoutAccess: null }

export interface TiesRequest {
  readonly contract: string | null
  readonly from: Micros
  /** Exclusive. */
  readonly to: Micros
  /** Of months that are not told by then nothing is. */
  readonly now: Micros
  readonly timeZone: string
  /** Those that work by ticket. */
  readonly purposes: readonly string[]
}

/**
 * Accesses are told of whole months alone, each with enough people behind it and no sum of which is held back in the drift
 * report: else two periods, or two reports, would subtract to what few people did.
 * @returns `'uncounted'` while some day of them is not counted yet
 */
export async function heldTies(
  figures: OversightFigures,
  request: TiesRequest,
): Promise<HeldTies | 'uncounted'> {
  const { contract, from, to: asked, now, timeZone, purposes } = request
  const toldTo = startOfMonth(monthAfter(lastMonthTold(now, timeZone)), timeZone)
  const to = asked < toldTo ? asked : toldTo
  if (to <= from) return HELD
  const [first, last] = [monthAt(from, timeZone), monthAt(to - 1n, timeZone)]
  const shown = await shownMonths(figures, { contract, from: first, to: last })
  const months = [...new Set(shown.work.map(({ month }) => month))]
  const isCut =
    (months.includes(first) && from !== startOfMonth(first, timeZone)) ||
    (months.includes(last) && to !== startOfMonth(monthAfter(last), timeZone))
  // That on one day nobody did anything is the day's too.
  if (isCut) return HELD
  const ties = await figures.ties(contract, first, last, purposes)
  if (ties === null) return 'uncounted'
  // Not all of it has been watched yet: who is behind the rest is not known.
  if (ties.some(({ month, accesses }) => accesses > 0 && !months.includes(month))) return HELD
  const accesses = sumOf(ties, (month) => month.accesses)
  if (accesses > 0 && sumShown(months.map((month) => shown.of(month).permitted)) === null) return HELD
  return {
    accesses,
    accessesWithoutTicket: ties.some(isFewWithoutTicket)
      ? null
      : sumOf(ties, (month) => month.accessesWithoutTicket),
    ticketsWithoutAccess: await figures.unusedTickets(contract, from, to),
  }
}

/** Fewer accesses than people it would take; or all but so few had a ticket. */
function isFewWithoutTicket({ accesses, accessesWithoutTicket: without }: MonthTies): boolean {
  return [without, accesses - without].some((count) => count > 0 && count < MIN_GROUP)
}

function sumOf(ties: readonly MonthTies[], count: (month: MonthTies) => number): number {
  return ties.reduce((sum, month) => sum + count(month), 0)
}
