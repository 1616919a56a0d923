import { setTimeout as sleep } from 'node:timers/promises'
import { faultFields, type Diagnostics } from '@varco/core'
import type { Anchor } from './anchor.ts'

interface Latest {
  readonly note: string
  readonly size: number
}

/**
 * Carries a tree's newest checkpoint to the anchors, in the background: an anchor that is slow or away delays nobody,
 * its lag grows and is shown. Checkpoints in between are skipped, for the newest covers them.
 */
export class AnchorPublisher implements AsyncDisposable {
  readonly #lanes: readonly Lane[]

  constructor(anchors: readonly Anchor[], everyMs: number, diagnostics: Diagnostics) {
    this.#lanes = anchors.map((anchor) => new Lane(anchor, everyMs, diagnostics))
  }

  offer(note: string, size: number): void {
    for (const lane of this.#lanes) lane.offer({ note, size })
  }

  lag(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#lanes.map((lane) => [lane.anchor.name, lane.lag]))
  }

  /** Tries once more to bring every anchor up to date. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()))
  }
}

class Lane {
  readonly anchor: Anchor
  readonly #everyMs: number
  readonly #diagnostics: Diagnostics
  #newest: Latest | null = null
  #published = 0
  #running: Promise<void> | null = null
  readonly #closing = new AbortController()

  constructor(anchor: Anchor, everyMs: number, diagnostics: Diagnostics) {
    this.anchor = anchor
    this.#everyMs = everyMs
    this.#diagnostics = diagnostics
  }

  get lag(): number {
    return (this.#newest?.size ?? 0) - this.#published
  }

  offer(latest: Latest): void {
    this.#newest = latest
    this.#running ??= this.#run()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
    if (this.lag > 0) await this.#publish()
  }

  async #run(): Promise<void> {
    while (this.lag > 0 && !this.#closing.signal.aborted) {
      await this.#publish()
      await sleep(this.#everyMs, undefined, { signal: this.#closing.signal, ref: false }).catch(() => {})
    }
    this.#running = null
  }

  async #publish(): Promise<void> {
    const newest = this.#newest
    if (newest === null) return
    try {
      await this.anchor.publish(newest.note)
      this.#published = newest.size
    } catch (error) {
      this.#diagnostics.error('a checkpoint was not published', {
        anchor: this.anchor.name,
        ...faultFields(error),
      })
    }
  }
}
