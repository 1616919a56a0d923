import type { SubjectLookup } from '@varco/access-log'

/** A ticket as the watch compares it with accesses. */
export interface WatchedTicket {
  readonly id: string
  readonly contract: string | null
  readonly purpose: string
  /** Whose it is, under every kind of data subject it could be of; empty where it names nobody. */
  readonly subjects: readonly SubjectLookup[]
  /** Microseconds. */
  readonly openedAt: number
  readonly closedAt: number | null
}

export interface TicketFacts {
  /** Those that exist. */
  byId(ids: readonly string[]): Promise<ReadonlyMap<string, WatchedTicket>>
  /** Opened in `[from, to)`, of one contract or (`null`) the body's own; oldest first. */
  openedBetween(contract: string | null, from: number, to: number): Promise<readonly WatchedTicket[]>
  /**
   * Of those opened in `[from, to)` under contracts, all about data subjects of whom some contract opened so many for one
   * purpose; oldest first. The others cannot be split.
   */
  repeatedBetween(from: number, to: number, atLeast: number): Promise<readonly WatchedTicket[]>
}
