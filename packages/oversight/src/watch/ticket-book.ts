import type { TicketFacts, WatchedTicket } from '../facts/ticket-facts.ts'
import { ticketPrints, type TicketPrints } from './ticket-prints.ts'

const DAY_US = 86_400_000_000
/** How long before an access the ticket that explains it may have been opened. */
export const TICKET_LOOK_BACK_US = 30 * DAY_US
/** Tickets of days older than this do not change any more, as far as can be told: late messages have come. */
const SETTLED_AFTER_DAYS = 3

/** Tickets of one contract that were opened on some days, oldest first. */
export interface TicketDays {
  readonly first: number
  readonly last: number
  readonly tickets: readonly WatchedTicket[]
  /** Of whom they are, to be sought through. */
  readonly prints: TicketPrints
  /** Whether they were read in this pass: else one of them may have been closed since. */
  readonly isFresh: () => boolean
}

interface Shelf {
  /** Days that are known and settled, in their order. */
  settled: readonly TicketDays[]
  /** From which day on the batch before needed tickets: time may step back a little. */
  needed: number
}

/** Keeps tickets of days that are settled, contract by contract, for as long as batches that follow one another need them. */
export class TicketBook {
  readonly #facts: TicketFacts
  readonly #shelves = new Map<string | null, Shelf>()

  /** How many passes have begun. */
  #pass = 0

  constructor(facts: TicketFacts) {
    this.#facts = facts
  }

  beginPass(): void {
    this.#pass++
  }

  /** Tickets that accesses of a contract between two times may rest on, and some more. What is given stays as it is. */
  async opened(
    contract: string | null,
    { from, to, now }: { readonly from: number; readonly to: number; readonly now: number },
  ): Promise<readonly TicketDays[]> {
    const first = dayOf(from - TICKET_LOOK_BACK_US)
    const last = dayOf(to)
    const settledTo = dayOf(now) - SETTLED_AFTER_DAYS
    const shelf = this.#shelves.get(contract) ?? { settled: [], needed: first }
    this.#shelves.set(contract, shelf)
    const kept = Math.min(first, shelf.needed)
    shelf.needed = first
    shelf.settled = shelf.settled.filter((days) => days.last >= kept)
    for (const [begin, end] of missing(shelf.settled, first, Math.min(last, settledTo))) {
      const days = await this.#read(contract, begin, end)
      shelf.settled = [...shelf.settled, days].sort((a, b) => a.first - b.first)
    }
    const settled = shelf.settled.filter((days) => days.last >= first && days.first <= last)
    const recent = Math.max(first, settledTo + 1)
    return recent > last ? settled : [...settled, await this.#read(contract, recent, last)]
  }

  async #read(contract: string | null, first: number, last: number): Promise<TicketDays> {
    const tickets = await this.#facts.openedBetween(contract, first * DAY_US, (last + 1) * DAY_US)
    const pass = this.#pass
    return { first, last, tickets, prints: ticketPrints(tickets), isFresh: () => pass === this.#pass }
  }
}

/** Stretches of days, from one to another, that are not there. */
function missing(there: readonly TicketDays[], first: number, last: number): (readonly [number, number])[] {
  const gaps: (readonly [number, number])[] = []
  let day = first
  for (const days of there) {
    if (days.last < day) continue
    if (days.first > day) gaps.push([day, Math.min(days.first - 1, last)])
    day = days.last + 1
    if (day > last) break
  }
  if (day <= last) gaps.push([day, last])
  return gaps.filter(([begin, end]) => begin <= end)
}

function dayOf(at: number): number {
  return Math.floor(at / DAY_US)
}
