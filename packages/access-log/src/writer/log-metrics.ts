/** How the writing side is doing; counts since the process started. */
export interface LogMetrics {
  /** Events waiting for their batch. */
  readonly queued: number
  readonly events: number
  readonly batches: number
  /** Events in the last batch. */
  readonly lastBatch: number
  /** Milliseconds of the last commit, as the caller waited for it. */
  readonly lastCommitMs: number
  /** Milliseconds of all commits together: over `batches`, how long one takes. */
  readonly commitMs: number
  readonly failures: number
  /** Milliseconds by which the tree's last event is ahead of the clock: more than a few, and the clock had jumped. */
  readonly aheadMs: number
  /** For each anchor, how many of this tree's events its last checkpoint does not cover. */
  readonly anchorLag: Readonly<Record<string, number>>
}
