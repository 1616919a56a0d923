import { isDeepStrictEqual } from 'node:util'
import type { Clock, Micros } from '@varco/core'

export interface AgedMemoryOptions<K, V> {
  readonly load: (key: K) => Promise<V | null>
  readonly clock: Clock
  /** A value is never used when it was asked for longer ago than this. */
  readonly maxAge: Micros
  readonly capacity: number
}

interface Remembered<V> {
  readonly value: V
  /** Before the question was sent: what changed since may be unknown. */
  readonly asOf: Micros
}

/**
 * Remembers answers for a bounded time. Past half of it an answer in use is asked for again in the background, so that
 * what is asked often is always at hand; one that says the same again is the same object, so that what was worked out of it
 * still holds. Absence is never remembered, nor is an answer that was under way when it was forgotten.
 */
export class AgedMemory<K, V> {
  readonly #options: AgedMemoryOptions<K, V>
  readonly #known = new Map<K, Remembered<V>>()
  readonly #asked = new Map<K, Promise<V | null>>()

  constructor(options: AgedMemoryOptions<K, V>) {
    this.#options = options
  }

  /** @throws whatever `load` throws, when nothing young enough is known */
  async get(key: K): Promise<V | null> {
    const known = this.#known.get(key)
    if (known === undefined) return this.#ask(key)
    const age = this.#options.clock.now() - known.asOf
    // A clock that stepped back says nothing about age.
    if (age < 0n || age > this.#options.maxAge) return this.#ask(key)
    if (age * 2n > this.#options.maxAge) this.#ask(key).catch(() => {})
    return known.value
  }

  forget(key: K): void {
    this.#known.delete(key)
    this.#asked.delete(key)
  }

  forgetAll(): void {
    this.#known.clear()
    this.#asked.clear()
  }

  #ask(key: K): Promise<V | null> {
    const underWay = this.#asked.get(key)
    if (underWay !== undefined) return underWay
    const asOf = this.#options.clock.now()
    const answer = this.#options.load(key).then(
      (value) => {
        if (this.#asked.get(key) === answer) this.#remember(key, value, asOf)
        return value
      },
      (error: unknown) => {
        if (this.#asked.get(key) === answer) this.#asked.delete(key)
        throw error
      },
    )
    this.#asked.set(key, answer)
    return answer
  }

  #remember(key: K, value: V | null, asOf: Micros): void {
    const before = this.#known.get(key)?.value
    this.#asked.delete(key)
    this.#known.delete(key)
    if (value === null) return
    this.#known.set(key, { value: isDeepStrictEqual(before, value) ? (before ?? value) : value, asOf })
    if (this.#known.size <= this.#options.capacity) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}
