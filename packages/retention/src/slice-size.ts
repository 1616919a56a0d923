const KEYS = { first: 200, least: 20, most: 2_000 }
/** A slice holds locks: it is made to last about this long, and less where others are to be given way. */
const ABOUT_MS = { alone: 200, givingWay: 50 }
/** Half as many that take more of the time than this were not what took it. */
const IN_VAIN = 0.75

/** How many keys the next slice has, by the time the last ones took. */
export class SliceSize {
  readonly #aboutMs: number
  #keys = KEYS.first
  #last: { readonly keys: number; readonly ms: number } | null = null

  constructor(givesWay: boolean) {
    this.#aboutMs = givesWay ? ABOUT_MS.givingWay : ABOUT_MS.alone
  }

  get keys(): number {
    return this.#keys
  }

  /**
   * Smaller slices where they take long; but not where it is each slice that does and not its records, on a disk or a machine that
   * others keep busy: ever smaller ones would only make it busier.
   */
  took(keys: number, ms: number): void {
    const last = this.#last
    this.#last = { keys, ms }
    if (ms < this.#aboutMs / 2) this.#resize(2)
    else if (ms <= 2 * this.#aboutMs) return
    else if (last !== null && 2 * keys <= last.keys && ms > IN_VAIN * last.ms) this.#resize(4)
    else this.#resize(0.5)
  }

  #resize(by: number): void {
    this.#keys = Math.min(KEYS.most, Math.max(KEYS.least, Math.floor(this.#keys * by)))
  }
}
