import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import {
  faultFields,
  InvariantError,
  silentDiagnostics,
  UnavailableError,
  type Diagnostics,
  type WriterId,
} from '@varco/core'
import { AnchorPublisher } from '../anchors/anchor-publisher.ts'
import { RolledBackError, SupersededError } from '../errors.ts'
import type { Appended, EventDraft } from '../event.ts'
import { frontierRoot } from '../merkle/frontier.ts'
import { noteSigner } from '../notes/signed-note.ts'
import { eventId } from '../stored-event.ts'
import type { Batch, Head } from '../store/log-store.ts'
import { treeOrigin } from '../store/tree-origin.ts'
import { sealingOf, SERVICE } from './append-once.ts'
import type { LogMetrics } from './log-metrics.ts'
import type { AccessLogOptions, AccessLogWriter } from './open-access-log.ts'
import { sealEvent, type SealedEvent, type Sealing } from './sealed-event.ts'
import { nextBatch, type TreeState } from './tree-state.ts'

/** What waits for a place. */
interface Waiting {
  readonly sealed: SealedEvent
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: Error) => void
}

interface Attempt {
  readonly batch: Batch
  readonly after: TreeState
}

const MAX_BATCH_EVENTS = 1_000
const MAX_BATCH_SIDE_ROWS = 10_000
/** Beyond this the process is in trouble, and an immediate refusal is better than a late one. */
const MAX_WAITING = 20_000
/** Pauses before each attempt to bring a batch in, in milliseconds; then its callers are told no. */
const ATTEMPTS_AFTER = [0, 20, 100, 400] as const

/**
 * Group commit over one tree. Everything that waits goes into the next batch; while one is being committed the
 * next gathers, already hashed but for its places.
 *
 * INVARIANT: `#state` is a state the store has held, and every attempt that the store may have taken without our
 * knowing starts from it and is in `#undecided`. So the head in the store is `#state`, or one of the undecided,
 * or another process's: then this one ends.
 */
export class TreeWriter implements AccessLogWriter {
  readonly writer: WriterId
  readonly epoch: number
  readonly #options: AccessLogOptions
  readonly #diagnostics: Diagnostics
  readonly #sealing: Sealing
  readonly #treeOrigin: string
  readonly #sign: (text: string) => string
  readonly #anchors: AnchorPublisher
  #state: TreeState
  #undecided: Attempt[] = []
  #waiting: Waiting[] = []
  #draining: Promise<void> | null = null
  /** Why nothing is taken any more. */
  #ended: Error | null = null
  #events = 0
  #batches = 0
  #lastBatch = 0
  #lastCommitMs = 0
  #commitMs = 0
  #failures = 0

  constructor(options: AccessLogOptions, state: TreeState, checkpoint: string) {
    this.#options = options
    this.#state = state
    this.writer = options.writer
    this.epoch = state.head.epoch
    this.#diagnostics = options.diagnostics ?? silentDiagnostics
    this.#sealing = sealingOf(options.keys, state.head)
    this.#treeOrigin = treeOrigin(options.keys.origin, state.head)
    this.#sign = noteSigner(options.keys.origin, options.keys.signing)
    this.#anchors = new AnchorPublisher(
      options.anchors ?? [],
      options.anchorEveryMs ?? 1_000,
      this.#diagnostics,
    )
    this.#anchors.offer(checkpoint, state.head.size)
  }

  async append(draft: EventDraft): Promise<Appended> {
    if (this.#ended !== null) throw new UnavailableError(SERVICE, { cause: this.#ended })
    if (this.#waiting.length >= MAX_WAITING) throw new UnavailableError(SERVICE)
    const sealed = sealEvent(draft, this.#sealing)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ sealed, resolve, reject })
      this.#draining ??= this.#drain()
    })
  }

  metrics(): LogMetrics {
    return {
      queued: this.#waiting.length,
      events: this.#events,
      batches: this.#batches,
      lastBatch: this.#lastBatch,
      lastCommitMs: this.#lastCommitMs,
      commitMs: this.#commitMs,
      failures: this.#failures,
      anchorLag: this.#anchors.lag(),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#draining
    this.#ended ??= new InvariantError('the log was closed')
    await this.#anchors[Symbol.asyncDispose]()
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Whoever was just answered may ask again at once: let them into this batch.
      await nextTurn()
      const entries = this.#takeBatch()
      try {
        const started = performance.now()
        const batch = await this.#commit(entries)
        this.#lastCommitMs = performance.now() - started
        this.#commitMs += this.#lastCommitMs
        this.#lastBatch = entries.length
        this.#batches++
        this.#events += entries.length
        this.#answer(entries, batch)
      } catch (error) {
        this.#failures++
        this.#diagnostics.error('the access log cannot append', {
          writer: this.writer,
          ...faultFields(error),
        })
        for (const { reject } of entries) reject(new UnavailableError(SERVICE, { cause: error }))
      }
    }
    this.#draining = null
  }

  #takeBatch(): readonly Waiting[] {
    let count = 0
    let rows = 0
    for (const { sealed } of this.#waiting) {
      rows += sealed.sideRows.length
      if (count > 0 && (count >= MAX_BATCH_EVENTS || rows > MAX_BATCH_SIDE_ROWS)) break
      count++
    }
    return this.#waiting.splice(0, count)
  }

  #answer(entries: readonly Waiting[], { writer, epoch, events }: Batch): void {
    for (const [i, { resolve }] of entries.entries()) {
      const event = events[i]
      if (event === undefined) throw new InvariantError('a batch holds one event for each caller')
      resolve({
        id: eventId(writer, epoch, event.seq),
        writer: this.writer,
        epoch,
        seq: event.seq,
        at: event.at,
      })
    }
  }

  /**
   * Brings a batch in. A lost reply is answered by trying the same batch again: if it had been taken, the head has
   * moved to where the batch leads, which no other batch does, for its salts and times are its own.
   */
  async #commit(entries: readonly Waiting[]): Promise<Batch> {
    if (this.#ended !== null) throw this.#ended
    if (this.#undecided.length > 0) await this.#learn()
    let attempt = this.#prepare(entries)
    let failure: unknown
    for (const pause of ATTEMPTS_AFTER) {
      if (pause > 0) await sleep(pause)
      try {
        if ((await this.#options.store.commit(attempt.batch)) === 'committed') this.#adopt(attempt)
        else await this.#learn()
        if (this.#state === attempt.after) return attempt.batch
        // An earlier batch, whose callers were told no, had been taken after all: this one goes behind it.
        attempt = this.#prepare(entries)
      } catch (error) {
        if (this.#ended !== null) throw error
        failure = error
      }
    }
    throw failure ?? new InvariantError('the head does not stand still')
  }

  #prepare(entries: readonly Waiting[]): Attempt {
    const context = { treeOrigin: this.#treeOrigin, sign: this.#sign, now: this.#options.clock.now() }
    const attempt = nextBatch(
      this.#state,
      entries.map(({ sealed }) => sealed),
      context,
    )
    this.#undecided.push(attempt)
    return attempt
  }

  /** Reads the head and finds out which of the undecided attempts, if any, the store took. */
  async #learn(): Promise<void> {
    const head = await this.#options.store.head(this.writer)
    if (head !== null && isSame(head, this.#state.head)) return
    const taken = head === null ? undefined : this.#undecided.find(({ after }) => isSame(head, after.head))
    if (taken !== undefined) {
      this.#adopt(taken)
      return
    }
    const rolledBack =
      head === null ||
      head.epoch < this.epoch ||
      (head.epoch === this.epoch && head.size < this.#state.head.size)
    this.#ended = rolledBack ? new RolledBackError(this.#treeOrigin) : new SupersededError(this.writer)
    throw this.#ended
  }

  #adopt({ after, batch }: Attempt): void {
    this.#state = after
    this.#undecided = []
    this.#anchors.offer(batch.checkpoint.note, batch.checkpoint.size)
  }
}

function isSame(a: Head, b: Head): boolean {
  return a.epoch === b.epoch && a.size === b.size && frontierRoot(a) === frontierRoot(b)
}
