/**
 * A place outside the database that remembers checkpoints, so that a log cut short, rolled back or rewritten
 * is found out. What was published stays.
 */
export interface Anchor {
  readonly name: string
  /** Resolves once the checkpoint is kept for good. */
  publish(note: string): Promise<void>
  /** The last checkpoint kept for the origin, as published; `null` when there is none. */
  latest(origin: string): Promise<string | null>
}
