import type { SubjectLookup } from '@varco/access-log'
import { FiledTickets } from './filed-tickets.ts'
import type { TicketFacts, WatchedTicket } from '../facts/ticket-facts.ts'

const DAY_US = 86_400_000_000
/** How long before an access the ticket that explains it may have been opened. */
const LOOK_BACK_DAYS = 30
/** Tickets of days older than this do not change any more, as far as can be told: late messages have come. */
const SETTLED_AFTER_DAYS = 3
/** Days that are kept beyond need, so that not every batch has to tidy up. */
const SLACK_DAYS = 60

/** Beyond so many those read in a pass are forgotten, and asked for once more where needed. */
const MAX_READ = 200_000

interface Shelf {
  /** Days that are known and settled, first and last; none yet when `last` lies before `first`. */
  first: number
  last: number
  readonly settled: FiledTickets
  /** Days on which tickets may still arrive: asked for again with every batch. */
  recent: FiledTickets
}

/** Tickets by whom they are about, as far back as the events at hand need. */
export class TicketBook {
  readonly #facts: TicketFacts
  readonly #shelves = new Map<string | null, Shelf>()
  /** Shelves as the batch before needs them: it may not be judged yet. */
  readonly #before = new Map<string | null, Shelf>()
  readonly #read = new Map<string, WatchedTicket>()

  constructor(facts: TicketFacts) {
    this.#facts = facts
  }

  /** From now on, what was read before may have changed. */
  beginPass(): void {
    this.#read.clear()
  }

  /** By id; those the pass has read anyhow are not asked for again. */
  async byId(ids: ReadonlySet<string>): Promise<Map<string, WatchedTicket>> {
    const found = new Map<string, WatchedTicket>()
    const asked: string[] = []
    for (const id of ids) {
      const ticket = this.#read.get(id)
      if (ticket === undefined) asked.push(id)
      else found.set(id, ticket)
    }
    if (asked.length > 0) for (const [id, ticket] of await this.#facts.byId(asked)) found.set(id, ticket)
    return found
  }

  /**
   * Makes the tickets known that events of one contract between two times may rest on. Those of the call before stay, so that
   * a batch may be judged while the next one's tickets are asked for.
   */
  async ensure(contract: string | null, from: number, to: number, now: number): Promise<void> {
    const first = dayOf(from) - LOOK_BACK_DAYS
    const last = dayOf(to)
    const settledTo = dayOf(now) - SETTLED_AFTER_DAYS
    const shelf = this.#shelf(contract, first)
    const load = async (into: FiledTickets, begin: number, end: number): Promise<void> => {
      if (begin > end) return
      const tickets = await this.#facts.openedBetween(contract, begin * DAY_US, (end + 1) * DAY_US)
      for (const ticket of tickets) into.add(ticket)
      if (this.#read.size + tickets.length > MAX_READ) this.#read.clear()
      for (const ticket of tickets) this.#read.set(ticket.id, ticket)
    }
    if (first < shelf.first) {
      await load(shelf.settled, first, Math.min(shelf.first - 1, settledTo))
      shelf.first = first
    }
    const until = Math.min(last, settledTo)
    if (until > shelf.last) {
      await load(shelf.settled, shelf.last + 1, until)
      shelf.last = until
    }
    const recent = new FiledTickets()
    await load(recent, Math.max(first, settledTo + 1), last)
    shelf.recent = recent
  }

  /** Tickets of the contract about the data subject, opened in the month before the time and not after it. */
  about(contract: string | null, lookup: SubjectLookup, at: number): readonly WatchedTicket[] {
    const shelf = this.#shelves.get(contract)
    if (shelf === undefined) return NO_TICKETS
    const oldest = at - LOOK_BACK_DAYS * DAY_US
    const isIn = ({ openedAt }: WatchedTicket): boolean => openedAt <= at && openedAt >= oldest
    const before = this.#before.get(contract)
    const found: WatchedTicket[] = []
    for (const filed of [shelf.settled, shelf.recent, before?.settled, before?.recent])
      for (const tickets of filed?.about(lookup) ?? NO_LISTS)
        for (const ticket of tickets) if (isIn(ticket)) found.push(ticket)
    return found
  }

  #shelf(contract: string | null, first: number): Shelf {
    const known = this.#shelves.get(contract)
    const isNear = known !== undefined && first <= known.last && first >= known.first - LOOK_BACK_DAYS
    if (isNear && first - known.first <= SLACK_DAYS) {
      this.#before.delete(contract)
      return known
    }
    if (known !== undefined) this.#before.set(contract, known)
    const shelf: Shelf = isNear
      ? { first, last: known.last, settled: known.settled.since(first * DAY_US), recent: known.recent }
      : { first, last: first - 1, settled: new FiledTickets(), recent: new FiledTickets() }
    this.#shelves.set(contract, shelf)
    return shelf
  }
}

const NO_TICKETS: readonly WatchedTicket[] = []
const NO_LISTS: readonly (readonly WatchedTicket[])[] = []

function dayOf(at: number): number {
  return Math.floor(at / DAY_US)
}
