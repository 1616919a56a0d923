import type { SubjectLookup } from '@varco/access-log'
import type { WatchedTicket } from '../facts/ticket-facts.ts'

/**
 * The first two bytes of each lookup of many tickets, one behind the other. Few of them are asked for: the others are passed over
 * without looking at the tickets, which lie anywhere in memory.
 */
export interface TicketPrints {
  readonly prints: Uint16Array
  /** Where each ticket's begin; behind the last ticket, where all end. */
  readonly starts: Uint32Array
}

export function ticketPrints(tickets: readonly WatchedTicket[]): TicketPrints {
  const starts = new Uint32Array(tickets.length + 1)
  const prints = new Uint16Array(tickets.reduce((sum, { subjects }) => sum + subjects.length, 0))
  let at = 0
  for (const [i, { subjects }] of tickets.entries()) {
    for (const lookup of subjects) prints[at++] = printOf(lookup)
    starts[i + 1] = at
  }
  return { prints, starts }
}

/** Says of prints whether one of the lookups has it. */
export class AskedPrints {
  readonly #asked = new Uint8Array(0x1_0000)

  constructor(lookups: Iterable<SubjectLookup>) {
    for (const lookup of lookups) this.#asked[printOf(lookup)] = 1
  }

  /** Whether one of a ticket's lookups may be among those asked for; one that is not among them may pass. */
  mayHold({ prints, starts }: TicketPrints, ticket: number): boolean {
    const end = starts[ticket + 1] ?? 0
    for (let at = starts[ticket] ?? 0; at < end; at++) if (this.#asked[prints[at] ?? 0] === 1) return true
    return false
  }
}

/** One byte a character: lookups are keyed hashes, and any two of their bytes tell them apart as well as others. */
function printOf(lookup: SubjectLookup): number {
  return (lookup.charCodeAt(0) & 0xff) | ((lookup.charCodeAt(1) & 0xff) << 8)
}
