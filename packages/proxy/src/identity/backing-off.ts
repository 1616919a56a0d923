import { MICROS_PER_SECOND, UnavailableError, type Clock, type Micros } from '@varco/core'

export interface BackingOffOptions {
  readonly fetch: typeof globalThis.fetch
  readonly clock: Clock
}

const FIRST_WAIT: Micros = MICROS_PER_SECOND
const LONGEST_WAIT: Micros = 60n * MICROS_PER_SECOND

/** Asks a server that may be away: after each failure it is left alone for twice as long, up to a minute. */
export class BackingOff {
  readonly #options: BackingOffOptions
  #wait: Micros = 0n
  #until: Micros = 0n

  constructor(options: BackingOffOptions) {
    this.#options = options
  }

  /** @throws UnavailableError without asking while the server is left alone, and when it answers with an error */
  async fetch(url: string, init: RequestInit): Promise<Response> {
    const { clock, fetch } = this.#options
    if (clock.now() < this.#until) throw new UnavailableError('identity provider')
    const response = await fetch(url, init).catch((cause: unknown) => {
      this.failed()
      throw new UnavailableError('identity provider', { cause })
    })
    if (!response.ok) {
      this.failed()
      throw new UnavailableError('identity provider')
    }
    this.#wait = 0n
    return response
  }

  /** An answer that is none counts as a failure too. */
  failed(): void {
    const now = this.#options.clock.now()
    if (now < this.#until) return
    this.#wait = this.#wait === 0n ? FIRST_WAIT : this.#wait * 2n
    if (this.#wait > LONGEST_WAIT) this.#wait = LONGEST_WAIT
    this.#until = now + this.#wait
  }
}
