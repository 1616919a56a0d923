import type { SubjectLookup } from '@varco/access-log'
import type { WatchedTicket } from '../facts/ticket-facts.ts'

/**
 * Tickets by whom they are about. A data subject has a lookup under each kind it could be of, and its tickets share them: so
 * they are filed once by all of them together, and not once under each.
 */
export class FiledTickets {
  readonly #bySubjects = new Map<WatchedTicket['subjects'], WatchedTicket[]>()
  readonly #byLookup = new Map<SubjectLookup, (readonly WatchedTicket[])[]>()

  add(ticket: WatchedTicket): void {
    const { subjects } = ticket
    if (subjects.length === 0) return
    const known = this.#bySubjects.get(subjects)
    if (known !== undefined) {
      known.push(ticket)
      return
    }
    const made = [ticket]
    this.#bySubjects.set(subjects, made)
    for (const lookup of subjects) {
      const lists = this.#byLookup.get(lookup)
      if (lists === undefined) this.#byLookup.set(lookup, [made])
      else lists.push(made)
    }
  }

  about(lookup: SubjectLookup): readonly (readonly WatchedTicket[])[] | undefined {
    return this.#byLookup.get(lookup)
  }

  /** Those opened from a time on, filed anew. */
  since(from: number): FiledTickets {
    const kept = new FiledTickets()
    for (const tickets of this.#bySubjects.values())
      for (const ticket of tickets) if (ticket.openedAt >= from) kept.add(ticket)
    return kept
  }
}
