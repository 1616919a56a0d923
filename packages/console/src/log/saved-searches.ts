import type { Micros } from '@varco/core'

/** Filters of the log that somebody wants to find again. No data subject is ever among them. */
export interface SavedSearch {
  readonly name: string
  /** The query of the list's address: filters alone. */
  readonly query: string
  readonly savedAt: Micros
}

/** A person's searches, by the pseudonym they act under. Every method throws `UnavailableError`. */
export interface SavedSearches {
  /** By name. */
  of(owner: string): Promise<readonly SavedSearch[]>
  /** In the place of one of the same name. */
  save(owner: string, search: SavedSearch): Promise<void>
  /** No error when there is none. */
  remove(owner: string, name: string): Promise<void>
}

/** More would be a second log. */
export const MOST_SEARCHES = 20
export const LONGEST_NAME = 60
