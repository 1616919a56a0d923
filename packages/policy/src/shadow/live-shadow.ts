import { faultFields, MICROS_PER_MS, type Clock, type Diagnostics } from '@varco/core'
import type { Bundle } from '../bundle/bundle.ts'
import { compileBundle } from '../bundle/compile-bundle.ts'
import type { DataRecord } from '../condition/evaluate-condition.ts'
import type { AccessRequest } from '../decision/request.ts'
import type { PolicyStore } from '../versions/policy-store.ts'
import { Shadow } from './shadow.ts'
import type { ShadowStore } from './shadow-store.ts'

/** A question that the bundle in force has answered, and the records that were fetched for it. */
export interface ShadowQuestion {
  readonly request: AccessRequest
  readonly records: readonly DataRecord[]
}

/** Asks the candidate that is set, if one is, what a node was asked; for counting alone. */
export interface LiveShadow extends AsyncDisposable {
  /** Whether a candidate is set: otherwise nothing needs to be noted. */
  readonly isOn: boolean
  /** Takes questions for later. Returns at once, never throws; what is too much is counted and left. */
  observe(active: Bundle, questions: readonly ShadowQuestion[]): void
}

export interface LiveShadowOptions {
  readonly store: ShadowStore
  readonly policies: Pick<PolicyStore, 'find'>
  readonly clock: Clock
  readonly diagnostics: Diagnostics
  /** How often counts are added to the store, and how often a wake-up call that was missed is made good. */
  readonly pollMs?: number
}

/** Questions waiting; more are left. */
const MOST_WAITING = 1_000
/** A turn of work, then a rest: a tenth of one core at most, and no request waits for longer than a turn. */
const TURN_US = 1n * MICROS_PER_MS
const TURN_QUESTIONS = 50
const REST_MS = 9

/** Follows the store: asks the candidate set there, and adds up there what came of it. */
export async function followShadow(options: LiveShadowOptions): Promise<LiveShadow> {
  const follower = new ShadowFollower(options)
  await follower.start()
  return follower
}

interface Running {
  readonly run: number
  readonly candidate: Bundle
  /** One for each bundle in force since counts were last added to the store. */
  readonly counts: Map<Bundle, Count>
}

interface Count {
  readonly shadow: Shadow
  left: number
  failed: number
}

class ShadowFollower implements LiveShadow {
  readonly #options: LiveShadowOptions
  readonly #pollMs: number
  readonly #waiting: { readonly active: Bundle; readonly question: ShadowQuestion }[] = []
  #running: Running | null = null
  #known = 0
  #turn: NodeJS.Timeout | null = null
  #timer: NodeJS.Timeout | null = null
  #watch: AsyncDisposable | null = null
  #refreshing: Promise<void> | null = null
  #stopped = false

  constructor(options: LiveShadowOptions) {
    this.#options = options
    this.#pollMs = options.pollMs ?? 1_000
  }

  get isOn(): boolean {
    return this.#running !== null && !this.#stopped
  }

  async start(): Promise<void> {
    this.#watch = await this.#options.store.watch(() => void this.#refresh())
    await this.#refresh()
    this.#schedule()
  }

  observe(active: Bundle, questions: readonly ShadowQuestion[]): void {
    if (this.#running === null || this.#stopped) return
    for (const question of questions) {
      if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ active, question })
      else countOf(this.#running, active).left += 1
    }
    this.#turn ??= setTimeout(() => {
      this.#work()
    }, REST_MS)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    for (const timer of [this.#timer, this.#turn]) if (timer !== null) clearTimeout(timer)
    await this.#watch?.[Symbol.asyncDispose]()
    await this.#refreshing
    const running = this.#running
    this.#running = null
    if (running !== null) await this.#end(running)
  }

  #schedule(): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => {
      void this.#refresh().finally(() => {
        this.#schedule()
      })
    }, this.#pollMs)
    this.#timer.unref()
  }

  /** Asks what waits, for one turn; what is left over waits for the next. */
  #work(): void {
    this.#turn = null
    const running = this.#running
    if (running === null) return
    const { clock } = this.#options
    const until = clock.now() + TURN_US
    for (let asked = 0; asked < TURN_QUESTIONS && clock.now() <= until; asked++) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      ask(running, next.active, next.question)
    }
    if (this.#waiting.length > 0 && !this.#stopped)
      this.#turn = setTimeout(() => {
        this.#work()
      }, REST_MS)
  }

  /** One at a time: counts would be added twice otherwise. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#look().finally(() => {
      this.#refreshing = null
    })
    return this.#refreshing
  }

  async #look(): Promise<void> {
    const { diagnostics, policies, store } = this.#options
    try {
      if (this.#running !== null) await this.#addCounts(this.#running)
      const last = await store.lastRun()
      if (last === null || last.number === this.#known) return
      const stored = last.candidate === null ? null : await policies.find(last.candidate)
      const candidate = stored === null ? null : compileBundle(stored.document, stored.version)
      const ended = this.#running
      this.#waiting.length = 0
      this.#running = candidate === null ? null : { run: last.number, candidate, counts: new Map() }
      this.#known = last.number
      diagnostics.info('shadow switched', { candidate: last.candidate ?? 'none' })
      if (ended !== null) await this.#addCounts(ended)
    } catch (error) {
      diagnostics.error('the shadow cannot be followed', faultFields(error))
    }
  }

  /** Each count is handed over once: one whose fate is not known, for the store fell silent, is not added again. */
  async #addCounts({ run, counts }: Running): Promise<void> {
    for (const [active, { failed, left, shadow }] of [...counts]) {
      counts.delete(active)
      await this.#options.store.add(run, { ...shadow.report(), failed, left })
    }
  }

  async #end(running: Running): Promise<void> {
    try {
      await this.#addCounts(running)
    } catch (error) {
      this.#options.diagnostics.error('the shadow’s last counts are lost', faultFields(error))
    }
  }
}

function countOf({ candidate, counts }: Running, active: Bundle): Count {
  const known = counts.get(active)
  if (known !== undefined) return known
  const count = { shadow: new Shadow(active, candidate), left: 0, failed: 0 }
  counts.set(active, count)
  return count
}

function ask(running: Running, active: Bundle, { records, request }: ShadowQuestion): void {
  const count = countOf(running, active)
  try {
    count.shadow.compare(request, records)
  } catch {
    count.failed += 1
  }
}
