import type { SubjectLookup } from '@varco/access-log'
import type { WatchedTicket } from '../facts/ticket-facts.ts'
import { TICKET_LOOK_BACK_US, type TicketDays } from './ticket-book.ts'
import { AskedPrints } from './ticket-prints.ts'

/** What is known of one contract's tickets. */
interface Known {
  readonly days: readonly TicketDays[]
  readonly filed: Map<SubjectLookup, WatchedTicket[]>
}

/**
 * The tickets that one batch of accesses is judged by: its own, so that the next batch's may be read meanwhile. Few accesses need
 * any but the one they name: of the others those are filed that are asked for, and by nobody else.
 */
export class BatchTickets {
  /** By id: those that accesses name. */
  readonly byId = new Map<string, WatchedTicket>()
  readonly #contracts = new Map<string | null, Known>()
  readonly #old = new Set<string>()

  /** Adds those of a contract's that are among the ids, as far as they stand as they were read. */
  name(days: readonly TicketDays[], ids: ReadonlySet<string>): void {
    for (const { tickets, isFresh } of days)
      for (const ticket of isFresh() ? tickets : NO_TICKETS)
        if (ids.has(ticket.id)) this.byId.set(ticket.id, ticket)
  }

  /** @param lookups those who will be asked for; others may be, and cost more */
  file(contract: string | null, days: readonly TicketDays[], lookups: Iterable<SubjectLookup>): void {
    const filed = new Map<SubjectLookup, WatchedTicket[]>()
    for (const lookup of lookups) filed.set(lookup, [])
    this.#contracts.set(contract, { days, filed })
    const asked = new AskedPrints(filed.keys())
    for (const { tickets, prints, isFresh } of days)
      for (const [i, ticket] of tickets.entries()) {
        if (!asked.mayHold(prints, i)) continue
        for (const lookup of ticket.subjects) {
          const found = filed.get(lookup)
          if (found === undefined) continue
          found.push(ticket)
          if (!isFresh()) this.#old.add(ticket.id)
        }
      }
  }

  /** Tickets filed as they stood in an earlier pass: they may have been closed since. */
  get old(): ReadonlySet<string> {
    return this.#old
  }

  /** Puts tickets as they stand now in the place of the old ones. */
  renew(now: ReadonlyMap<string, WatchedTicket>): void {
    for (const { filed } of this.#contracts.values())
      for (const tickets of filed.values())
        for (const [i, ticket] of tickets.entries()) tickets[i] = now.get(ticket.id) ?? ticket
    this.#old.clear()
  }

  /** Tickets of the contract about the data subject, opened in the month before the time and not after it. */
  about(contract: string | null, lookup: SubjectLookup, at: number): readonly WatchedTicket[] {
    const known = this.#contracts.get(contract)
    if (known === undefined) return NO_TICKETS
    let filed = known.filed.get(lookup)
    if (filed === undefined) {
      filed = known.days.flatMap(({ tickets }) => tickets.filter(({ subjects }) => subjects.includes(lookup)))
      known.filed.set(lookup, filed)
    }
    return filed.filter(({ openedAt }) => openedAt <= at && openedAt >= at - TICKET_LOOK_BACK_US)
  }
}

const NO_TICKETS: readonly WatchedTicket[] = []
