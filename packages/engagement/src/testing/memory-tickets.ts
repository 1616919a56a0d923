import type { TicketId } from '@varco/core'
import {
  changeDigest,
  foldTicket,
  impliedChanges,
  inOrder,
  type TicketChange,
} from '../tickets/ticket-change.ts'
import type { TicketStore } from '../tickets/ticket-store.ts'
import type { MemoryEngagement } from './memory-engagement.ts'

/** Tickets with their histories over the double of the engagement. */
export function memoryTickets(engagement: MemoryEngagement): TicketStore {
  const histories = new Map<TicketId, readonly TicketChange[]>()
  const historyOf = async (id: TicketId): Promise<readonly TicketChange[]> => {
    const ticket = await engagement.ticket(id)
    return histories.get(id) ?? (ticket === null ? [] : impliedChanges(ticket))
  }
  return {
    ticketHistory: async (id) => inOrder(await historyOf(id)),
    changeTickets: async (ids, judge) => {
      const known = new Map<TicketId, readonly TicketChange[]>()
      for (const id of ids) known.set(id, await historyOf(id))
      for (const change of judge(known)) {
        const history = histories.get(change.ticket) ?? known.get(change.ticket) ?? []
        if (history.some((each) => changeDigest(each) === changeDigest(change))) continue
        const next = [...history, change]
        histories.set(change.ticket, next)
        const ticket = foldTicket(next)
        if (ticket !== null) await engagement.putTicket(ticket)
      }
    },
  }
}
