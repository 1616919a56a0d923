import { sumShown, type Micros } from '@varco/core'
import { MIN_GROUP } from '../held-back/min-group.ts'
import { shownMonths } from '../held-back/shown-months.ts'
import { lastMonthTold } from '../held-back/told-months.ts'
import { monthAfter, monthAt, startOfMonth } from '../watch/local-time.ts'
import type { OversightFigures, TicketTies } from '../watch/work-figures.ts'

/** Ties of which those are `null` that would tell of few people's work, and all of them where no month of theirs is told. */
export type HeldTies = { readonly [K in keyof TicketTies]: number | null }

/** A ticket without access tells of accesses too: it is one fewer as soon as somebody looks. */
const HELD: HeldTies = { accesses: null, accessesWithoutTicket: null, ticketsWithoutAccess: null }

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
 * How accesses and tickets fit together. Accesses are told of whole months alone, each with enough people behind it and no
 * sum of which is held back in the drift report: else two periods, or two reports, would subtract to what few people did.
 */
export async function heldTies(figures: OversightFigures, request: TiesRequest): Promise<HeldTies> {
  const { contract, from, to: asked, now, timeZone, purposes } = request
  const toldTo = startOfMonth(monthAfter(lastMonthTold(now, timeZone)), timeZone)
  const to = asked < toldTo ? asked : toldTo
  if (to <= from) return HELD
  const ties = await figures.ties(contract, from, to, purposes)
  const [first, last] = [monthAt(from, timeZone), monthAt(to - 1n, timeZone)]
  const shown = await shownMonths(figures, { contract, from: first, to: last })
  const months = [...new Set(shown.work.map(({ month }) => month))]
  const isCut =
    (months.includes(first) && from !== startOfMonth(first, timeZone)) ||
    (months.includes(last) && to !== startOfMonth(monthAfter(last), timeZone))
  // That on one day nobody did anything is the day's too.
  if (isCut) return HELD
  if (ties.accesses === 0) return ties
  if (sumShown(months.map((month) => shown.of(month).permitted)) === null) return HELD
  const monthly: TicketTies[] = []
  // One after the other: there may be ten years of them.
  for (const month of months) {
    const end = startOfMonth(monthAfter(month), timeZone)
    monthly.push(await figures.ties(contract, startOfMonth(month, timeZone), end, purposes))
  }
  const all = monthly.reduce((sum, { accesses }) => sum + accesses, 0)
  // Not all of it has been watched yet: who is behind the rest is not known.
  if (all !== ties.accesses) return HELD
  return monthly.some(isFewWithoutTicket) ? { ...ties, accessesWithoutTicket: null } : ties
}

/** Fewer accesses than people it would take; or all but so few had a ticket. */
function isFewWithoutTicket({ accesses, accessesWithoutTicket: without }: TicketTies): boolean {
  return [without, accesses - without].some((count) => count > 0 && count < MIN_GROUP)
}
