import { MICROS_PER_SECOND, type Clock, type Micros } from '@varco/core'

/**
 * How many requests from nobody known may become events of the log: enough to see an attack, too few to be one.
 * A bucket that refills; what finds it empty is only counted, and the next event carries the count.
 */
export class StrangerQuota {
  readonly #clock: Clock
  readonly #burst: number
  readonly #every: Micros
  #left: number
  #filledAt: Micros
  #unrecorded = 0

  constructor(
    clock: Clock,
    { burst = 60, perSecond = 1 }: { readonly burst?: number; readonly perSecond?: number } = {},
  ) {
    this.#clock = clock
    this.#burst = burst
    this.#every = MICROS_PER_SECOND / BigInt(perSecond)
    this.#left = burst
    this.#filledAt = clock.now()
  }

  /** `null`: do not record this one. Otherwise how many went unrecorded before it. */
  take(): number | null {
    this.#refill()
    if (this.#left === 0) {
      this.#unrecorded++
      return null
    }
    this.#left--
    const before = this.#unrecorded
    this.#unrecorded = 0
    return before
  }

  #refill(): void {
    const now = this.#clock.now()
    const drops = (now - this.#filledAt) / this.#every
    if (drops <= 0n) return
    this.#left = Math.min(this.#burst, this.#left + Number(drops))
    this.#filledAt += drops * this.#every
  }
}
