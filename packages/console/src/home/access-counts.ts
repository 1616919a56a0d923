import type { Micros } from '@varco/core'

/** Accesses that have all this in common, and how many they are. */
export interface AccessCount {
  /** Whole hours since the beginning of the stretch. */
  readonly hour: number
  /** `null` for the body's own staff. */
  readonly processor: string | null
  readonly purpose: string | null
  readonly decision: 'permit' | 'deny'
  /** The first reason of a denied one. */
  readonly reason: string | null
  /** Whether a permitted one showed something masked. */
  readonly masked: boolean
  readonly count: number
}

/** Counts over a stretch of the log, made where the log is. Says nothing of single persons. */
export interface AccessCounts {
  /**
   * @param span with the time of the question: nothing comes any more to hours that are long over
   * @throws UnavailableError while the log cannot be read
   */
  count(span: {
    readonly from: Micros
    readonly to: Micros
    readonly now: Micros
  }): Promise<readonly AccessCount[]>
}
