/**
 * One value for all that say the same. Of ten thousand rules most repeat a condition or a list of fields: shared, these
 * are made once, and a decision meets them in the processor's caches whichever rule it is about.
 */
export class Shared<T> {
  readonly #known = new Map<string, T>()

  /** @param key says everything that `make` depends on */
  of(key: string, make: () => T): T {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = make()
    this.#known.set(key, made)
    return made
  }
}

/** Numbers things by identity, for keys that say which of the shared values are meant. */
export class Numbering {
  readonly #numbers = new Map<unknown, number>()

  of(thing: unknown): number {
    const known = this.#numbers.get(thing)
    if (known !== undefined) return known
    this.#numbers.set(thing, this.#numbers.size)
    return this.#numbers.size - 1
  }
}
