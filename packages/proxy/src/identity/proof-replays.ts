import type { Micros } from '@varco/core'

/** Proofs of one window at most: about 50 MB. */
const CAPACITY = 200_000

/**
 * Which proofs were seen, for as long as one could still pass. Two windows of time are kept and the older forgotten
 * whole, so that memory is bounded and nothing need be swept. Each node remembers its own.
 */
export class ProofReplays {
  readonly #window: Micros
  readonly #capacity: number
  #at = -1n
  #current = new Set<string>()
  #previous = new Set<string>()

  /** @param window how long a proof can pass, from the first time it could to the last */
  constructor(window: Micros, capacity = CAPACITY) {
    this.#window = window
    this.#capacity = capacity
  }

  /** `full`: whether it was seen could not be remembered, so it must not pass. */
  take(proof: string, now: Micros): 'first' | 'again' | 'full' {
    this.#turn(now / this.#window)
    if (this.#current.has(proof) || this.#previous.has(proof)) return 'again'
    if (this.#current.size >= this.#capacity) return 'full'
    this.#current.add(proof)
    return 'first'
  }

  #turn(window: bigint): void {
    // A clock set back keeps what is there: forgetting is what an attacker would want.
    if (window <= this.#at) return
    this.#previous = window === this.#at + 1n ? this.#current : new Set()
    this.#current = new Set()
    this.#at = window
  }
}
