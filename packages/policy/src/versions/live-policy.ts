import { faultFields, UnavailableError, type Clock, type Diagnostics, type Micros } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import { compileBundle } from '../bundle/compile-bundle.ts'
import type { PolicyStore } from './policy-store.ts'

export interface LivePolicyOptions {
  readonly store: PolicyStore
  readonly clock: Clock
  readonly diagnostics: Diagnostics
  /** Behind the store's own wake-up call; a switch reaches every node within twice this. */
  readonly pollMs?: number
  /** After so long without an answer nobody can say what is in force, and the node denies. */
  readonly staleAfterMs?: number
  /** Called after each switch this node makes, the first included. */
  readonly onSwitch?: (bundle: Bundle) => void
}

/** The bundle in force, as one node knows it. */
export interface LivePolicy extends AsyncDisposable {
  /** @throws UnavailableError when none is in force, or the store has been silent for too long */
  current(): Bundle
}

/** Follows the store: compiles what is in force, and switches when that changes. What cannot be compiled is never used. */
export async function followPolicy(options: LivePolicyOptions): Promise<LivePolicy> {
  const follower = new PolicyFollower(options)
  await follower.start()
  return follower
}

class PolicyFollower implements LivePolicy {
  readonly #options: LivePolicyOptions
  readonly #pollMs: number
  readonly #staleAfter: Micros
  #bundle: Bundle | null = null
  #confirmedAt: Micros = 0n
  #timer: NodeJS.Timeout | null = null
  #watch: AsyncDisposable | null = null
  #refreshing: Promise<void> | null = null
  #again = false
  #stopped = false

  constructor(options: LivePolicyOptions) {
    this.#options = options
    this.#pollMs = options.pollMs ?? 1_000
    this.#staleAfter = BigInt(options.staleAfterMs ?? 10_000) * 1_000n
  }

  async start(): Promise<void> {
    this.#watch = await this.#options.store.watch(() => void this.#refresh())
    await this.#refresh()
    this.#schedule()
  }

  current(): Bundle {
    if (this.#bundle === null || this.#options.clock.now() - this.#confirmedAt > this.#staleAfter)
      throw new UnavailableError('policy')
    return this.#bundle
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#watch?.[Symbol.asyncDispose]()
    await this.#refreshing
  }

  #schedule(): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => {
      void this.#refresh().finally(() => {
        this.#schedule()
      })
    }, this.#pollMs)
  }

  /** One at a time; a call during another makes that one look once more. */
  #refresh(): Promise<void> {
    this.#again = this.#refreshing !== null
    this.#refreshing ??= this.#look().finally(() => {
      this.#refreshing = null
    })
    return this.#refreshing
  }

  async #look(): Promise<void> {
    do {
      this.#again = false
      const { clock, diagnostics, onSwitch, store } = this.#options
      try {
        const asked = clock.now()
        const last = await store.lastActivation()
        const active = last === null || last.version === this.#bundle?.version ? null : await store.active()
        if (active !== null) {
          this.#bundle = compileBundle(active.document, active.version)
          diagnostics.info('policy switched', { version: active.version })
          onSwitch?.(this.#bundle)
        }
        if (last !== null) this.#confirmedAt = asked
      } catch (error) {
        diagnostics.error('policy in force cannot be learnt', faultFields(error))
      }
    } while (this.#again && !this.#stopped)
  }
}
