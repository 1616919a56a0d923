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
import { gotIn, type Batch, type CommitOutcome, type Head } from '../store/log-store.ts'
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
  readonly before: TreeState
  readonly after: TreeState
}

/** Where an attempt leads that the store may have taken; its rows are not kept. */
interface Undecided {
  readonly after: TreeState
  /** The checkpoint there. */
  readonly note: string
}

/** A batch under way, and who waits for it. */
interface Flight {
  readonly entries: readonly Waiting[]
  readonly attempt: Attempt
  readonly commit: Promise<CommitOutcome>
  readonly started: number
}

const MAX_BATCH_EVENTS = 1_000
const MAX_BATCH_SIDE_ROWS = 10_000
/** Beyond this the process is in trouble, and an immediate refusal is better than a late one. */
const MAX_WAITING = 20_000
/** Fewer are not worth a transaction of their own while another is under way: at 32 callers halves take a third longer than the whole. */
const MIN_BEHIND = 24
/** Pauses before each further attempt to bring a batch in, in milliseconds; then its callers are told no. */
const AGAIN_AFTER = [0, 20, 100, 400] as const

/**
 * Group commit over one tree. Everything that waits goes into the next batch; while one is being committed the
 * next gathers, already hashed but for its places. Many are cut in two: one half is sealed while the store takes in the other.
 *
 * INVARIANT: `#state` is a state the store has held, and every attempt that the store may have taken without our
 * knowing starts from it and is in `#undecided`. So the head in the store is `#state`, or one of the undecided,
 * or another process's: then this one ends. A batch sent behind another gets in only if that one is known to have.
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
  #undecided: Undecided[] = []
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
      aheadMs: Math.max(0, Number(this.#state.head.at - this.#options.clock.now()) / 1_000),
      anchorLag: this.#anchors.lag(),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#draining
    this.#ended ??= new InvariantError('the log was closed')
    await this.#anchors[Symbol.asyncDispose]()
  }

  async #drain(): Promise<void> {
    let ahead: Flight | null = null
    while (this.#waiting.length > 0 || ahead !== null) {
      // Whoever was just answered may ask again at once: let them into this batch.
      await nextTurn()
      const next: Flight | null = await this.#send(ahead)
      const isIn: boolean = ahead === null || (await this.#settle(ahead))
      // What was sent behind a batch that did not get in at once did not either: brought in before more is sent behind it.
      if (!isIn && next !== null) await this.#settle(next)
      ahead = isIn ? next : null
    }
    this.#draining = null
  }

  /** Sends what waits on its way, behind the batch under way if there is one; `null` when there is nothing worth it. */
  async #send(ahead: Flight | null): Promise<Flight | null> {
    const waiting = this.#waiting.length
    if (waiting < (ahead === null ? 1 : MIN_BEHIND)) return null
    const isCut = ahead === null && waiting >= 2 * MIN_BEHIND
    const entries = this.#take(isCut ? Math.ceil(waiting / 2) : waiting)
    const started = performance.now()
    try {
      if (this.#ended !== null) throw this.#ended
      // While the store is away nothing is made ready that would have to be kept.
      if (ahead === null && this.#undecided.length > 0) await this.#learn()
      const attempt = this.#prepare(entries, ahead?.attempt.after ?? this.#state)
      const commit = this.#options.store.commit(attempt.batch, ahead?.commit)
      // Its outcome is asked for behind that of the batch ahead.
      commit.catch(() => {})
      return { entries, attempt, commit, started }
    } catch (error) {
      this.#refuse(entries, error)
      return null
    }
  }

  #take(most: number): readonly Waiting[] {
    let count = 0
    let rows = 0
    for (const { sealed } of this.#waiting) {
      rows += sealed.sideRows.length
      if (count > 0 && (count >= Math.min(most, MAX_BATCH_EVENTS) || rows > MAX_BATCH_SIDE_ROWS)) break
      count++
    }
    return this.#waiting.splice(0, count)
  }

  /** @returns whether the batch got in at once */
  async #settle(flight: Flight): Promise<boolean> {
    const { entries, attempt, commit, started } = flight
    const isIn = await gotIn(commit)
    try {
      if (isIn) this.#adopt(attempt)
      const batch = isIn ? attempt.batch : await this.#bringIn(flight)
      this.#lastCommitMs = performance.now() - started
      this.#commitMs += this.#lastCommitMs
      this.#lastBatch = entries.length
      this.#batches++
      this.#events += entries.length
      this.#answer(entries, batch)
    } catch (error) {
      this.#refuse(entries, error)
    }
    return isIn
  }

  #refuse(entries: readonly Waiting[], error: unknown): void {
    this.#failures++
    this.#diagnostics.error('the access log cannot append', {
      writer: this.writer,
      ...faultFields(error),
    })
    for (const { reject } of entries) reject(new UnavailableError(SERVICE, { cause: error }))
  }

  #answer(entries: readonly Waiting[], { writer, epoch, events }: Batch): void {
    let at = 0
    for (const { resolve } of entries) {
      const event = events[at++]
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
   * Brings a batch in that did not get in at once. A lost reply is answered by looking at the head: if the batch had been taken, it
   * has moved to where the batch leads, which no other batch does, for its salts and times are its own.
   */
  async #bringIn({ entries, attempt: first, commit }: Flight): Promise<Batch> {
    let attempt = first
    let failure: unknown = await this.#failureOf(commit, attempt)
    for (const pause of AGAIN_AFTER) {
      if (this.#ended !== null) throw this.#ended
      if (pause > 0) await sleep(pause)
      try {
        await this.#learn()
        if (this.#state === attempt.after) return attempt.batch
        // An earlier batch, whose callers were told no, had been taken after all: this one goes behind it.
        if (this.#state !== attempt.before) attempt = this.#prepare(entries, this.#state)
        const again = this.#options.store.commit(attempt.batch)
        if (await gotIn(again)) {
          this.#adopt(attempt)
          return attempt.batch
        }
        failure = (await this.#failureOf(again, attempt)) ?? failure
      } catch (error) {
        if (this.#ended !== null) throw error
        failure = error
      }
    }
    throw failure ?? new InvariantError('the head does not stand still')
  }

  /** Why a commit failed; its attempt is undecided from then on. `undefined`: it did not, the head was another. */
  async #failureOf(commit: Promise<CommitOutcome>, attempt: Attempt): Promise<unknown> {
    try {
      await commit
      return undefined
    } catch (error) {
      if (!this.#undecided.some(({ after }) => after === attempt.after))
        this.#undecided.push(placeOf(attempt))
      return error
    }
  }

  #prepare(entries: readonly Waiting[], before: TreeState): Attempt {
    const context = { treeOrigin: this.#treeOrigin, sign: this.#sign, now: this.#options.clock.now() }
    const sealed = entries.map((entry) => entry.sealed)
    return { before, ...nextBatch(before, sealed, context) }
  }

  /** Reads the head and finds out which of the undecided attempts, if any, the store took. */
  async #learn(): Promise<void> {
    const head = await this.#options.store.head(this.writer)
    if (head !== null && isSame(head, this.#state.head)) return
    const taken = head === null ? undefined : this.#undecided.find(({ after }) => isSame(head, after.head))
    if (taken !== undefined) {
      this.#move(taken)
      return
    }
    const rolledBack =
      head === null ||
      head.epoch < this.epoch ||
      (head.epoch === this.epoch && head.size < this.#state.head.size)
    this.#ended = rolledBack ? new RolledBackError(this.#treeOrigin) : new SupersededError(this.writer)
    throw this.#ended
  }

  #adopt(attempt: Attempt): void {
    this.#move(placeOf(attempt))
  }

  #move({ after, note }: Undecided): void {
    this.#state = after
    this.#undecided = []
    this.#anchors.offer(note, after.head.size)
  }
}

function placeOf({ after, batch }: Attempt): Undecided {
  return { after, note: batch.checkpoint.note }
}

function isSame(a: Head, b: Head): boolean {
  return a.epoch === b.epoch && a.size === b.size && frontierRoot(a) === frontierRoot(b)
}
