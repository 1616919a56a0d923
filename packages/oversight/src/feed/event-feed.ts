import type { SubjectLookup } from '@varco/access-log'

/** An access as the watch sees it: names, codes and keyed lookups, no field value and nobody's name. */
export interface WatchedEvent {
  /** `writer.epoch.seq`. */
  readonly id: string
  /** Microseconds; exact until the year 2255. */
  readonly at: number
  /** Pseudonym; `null` where nobody could be told apart. */
  readonly operator: string | null
  readonly contract: string | null
  readonly role: string | null
  readonly unit: string | null
  readonly workstation: string | null
  readonly purpose: string | null
  readonly ticket: string | null
  /** As sent; whether the decision rested on one, its rules tell. */
  readonly grant: string | null
  readonly action: string | null
  readonly resource: string | null
  readonly decision: 'permit' | 'deny' | null
  readonly reasons: readonly string[]
  readonly rules: readonly string[]
  /** Names of the fields shown, plain or masked. */
  readonly fields: readonly string[]
  /** Of a refusal for a field, which; `null` where there was none, or the log does not tell. */
  readonly refusedField: string | null
  /** Whose records it showed, each once. */
  readonly subjects: readonly SubjectLookup[]
}

/** How far one tree of the log has been read: `seq` is the last event's. */
export interface TreePosition {
  readonly writer: string
  readonly epoch: number
  readonly seq: number
  /** Its time, so that older months need not be looked into. */
  readonly at: number
}

/** How far the log has been read: a place in each tree. A tree not named has not been read at all. */
export type FeedPosition = readonly TreePosition[]

export interface FeedBatch {
  /** Accesses, in the order of their times across all trees. Acts move the position and are left out. */
  readonly events: readonly WatchedEvent[]
  /** Where the next reading begins once this batch is dealt with. */
  readonly position: FeedPosition
  /** How many steps of the log lay behind it when reading began, at most: some may have been pruned. */
  readonly left: number
}

/** The log from a position to its present end, each event once, whichever tree holds it. */
export interface EventFeed {
  /** @throws UnavailableError while the log cannot be read */
  read(after: FeedPosition): AsyncIterable<FeedBatch>
}
