import type { TicketId } from '@varco/core'
import type { TicketChange } from './ticket-change.ts'

/** What is known of tickets, each with all that happened to it; one that was put without a history has what that implies. */
export type TicketHistories = ReadonlyMap<TicketId, readonly TicketChange[]>

/** Tickets with their histories. Every method throws `UnavailableError` when the store cannot be reached. */
export interface TicketStore {
  /** In the order in which it happened; empty for a ticket nobody knows. */
  ticketHistory(id: TicketId): Promise<readonly TicketChange[]>
  /**
   * In one transaction, and one caller after the other: shows what is known of these tickets, adds the changes that are given
   * back, and puts each ticket as its changes then fold. A change that is known is not added twice.
   */
  changeTickets(
    ids: readonly TicketId[],
    judge: (known: TicketHistories) => readonly TicketChange[],
  ): Promise<void>
}
