import { UnavailableError } from '@varco/core'
import type { EventFeed, FeedBatch, FeedPosition, TreePosition, WatchedEvent } from '@varco/oversight'
import type pg from 'pg'
import type { Database } from './database.ts'
import { FeedThread } from './oversight-feed-thread.ts'
import { walkTree, type TreeWalk } from './oversight-walk.ts'
import { StepUnpacker, type PackedSteps } from './packed-steps.ts'

const BATCH_EVENTS = 10_000
/** From so many on, a thread of its own reads them: fewer are read before it has begun. */
const MANY_EVENTS = 20_000

interface HeadRow {
  readonly writer: string
  readonly epoch: number
  readonly size: string
}

/**
 * The log for the watch: each tree's new events over a COPY of its own, merged by time. A tree's times never step back, so
 * months before the position are not even planned for: what a pass costs does not depend on how long the log is.
 */
export function postgresEventFeed(
  { pool, url }: Pick<Database, 'pool' | 'url'>,
  { manyEvents = MANY_EVENTS }: { readonly manyEvents?: number } = {},
): EventFeed {
  return {
    read: async function* (after) {
      try {
        yield* read(pool, url, { after, manyEvents })
      } catch (cause) {
        throw cause instanceof UnavailableError ? cause : new UnavailableError('access log', { cause })
      }
    },
  }
}

async function* read(
  pool: pg.Pool,
  url: string,
  { after, manyEvents }: { readonly after: FeedPosition; readonly manyEvents: number },
): AsyncGenerator<FeedBatch> {
  const { rows } = await pool.query<HeadRow>('SELECT writer, epoch, size FROM varco.heads')
  const known = new Map(after.map((place) => [nameOf(place), place]))
  const trees: readonly TreeWalk[] = rows.flatMap(({ writer, epoch, size }) => {
    const from = known.get(nameOf({ writer, epoch })) ?? { writer, epoch, seq: -1, at: 0 }
    return Number(size) > from.seq + 1 ? [{ from, size: Number(size) }] : []
  })
  if (trees.length === 0) return
  const count = trees.reduce((sum, { from, size }) => sum + size - from.seq - 1, 0)
  await using stack = new AsyncDisposableStack()
  const heads = trees.map((tree) => headOf(tree, BATCH_EVENTS / trees.length))
  const tails = trees.map(({ from, size }, index) => ({
    from: { ...from, seq: (heads[index]?.size ?? 0) - 1 },
    size,
  }))
  const thread = count >= manyEvents ? stack.use(new FeedThread(url, tails)) : null
  const readers = await Promise.all(
    trees.map(async (tree, index) => {
      const head = heads[index]
      const lots =
        thread === null || head === undefined
          ? walkTree(url, tree)
          : tailBehindHead(walkTree(url, head), thread.steps(index))
      const reader = new TreeReader(tree.from, lots)
      stack.use(reader)
      await reader.advance()
      return reader
    }),
  )
  let events: WatchedEvent[] = []
  let steps = 0
  let left = count
  const batch = (): FeedBatch => {
    for (const { place } of readers) if (place !== null) known.set(nameOf(place), place)
    left -= steps
    return { events, position: [...known.values()], left }
  }
  for (let next = earliest(readers); next !== null; next = earliest(readers)) {
    const event = next.take()
    if (event !== null) events.push(event)
    steps++
    if (!next.hasStep) await next.advance()
    if (steps < BATCH_EVENTS) continue
    yield batch()
    events = []
    steps = 0
  }
  if (steps > 0) yield batch()
}

/** What is read here while the thread begins: so many steps, or a fourth of the tree's. */
function headOf({ from, size }: TreeWalk, most: number): TreeWalk {
  return { from, size: from.seq + 1 + Math.ceil(Math.min(most, (size - from.seq - 1) / 4)) }
}

/** What is read there begins numbers of its own. */
async function* tailBehindHead(
  head: AsyncIterable<PackedSteps>,
  tail: AsyncIterable<PackedSteps>,
): AsyncGenerator<PackedSteps> {
  yield* head
  let isFirst = true
  for await (const lot of tail) {
    yield isFirst ? { ...lot, isAnew: true } : lot
    isFirst = false
  }
}

function nameOf({ writer, epoch }: Pick<TreePosition, 'writer' | 'epoch'>): string {
  return `${writer}.${epoch}`
}

/** The reader whose next event is the oldest; there are as many as processes that write. */
function earliest(readers: readonly TreeReader[]): TreeReader | null {
  let found: TreeReader | null = null
  for (const reader of readers) {
    if (reader.hasStep && (found === null || reader.at < found.at)) found = reader
  }
  return found
}

/** One tree, step by step; lots are awaited only when one is used up. */
class TreeReader implements AsyncDisposable {
  readonly #from: TreePosition
  readonly #lots: AsyncIterator<PackedSteps>
  readonly #lot: StepUnpacker
  #next = 0
  /** Of the last step taken. */
  #seq = -1
  #at: number | null = null
  /** When the next step was; only where there is one. */
  at = 0
  hasStep = false

  constructor(from: TreePosition, lots: AsyncIterable<PackedSteps>) {
    this.#from = from
    this.#lots = lots[Symbol.asyncIterator]()
    this.#lot = new StepUnpacker(`${nameOf(from)}.`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lots.return?.()
  }

  /** How far steps have been taken; `null` before the first. */
  get place(): TreePosition | null {
    return this.#at === null ? null : { ...this.#from, seq: this.#seq, at: this.#at }
  }

  /** Takes the step it stands on and moves on within the lot. */
  take(): WatchedEvent | null {
    const event = this.#lot.event(this.#next)
    this.#seq = this.#lot.seq(this.#next)
    this.#at = this.at
    this.#next++
    this.#stand()
    return event
  }

  async advance(): Promise<void> {
    do {
      const { done, value } = await this.#lots.next()
      if (done === true) return
      this.#lot.open(value)
      this.#next = 0
      this.#stand()
    } while (!this.hasStep)
  }

  #stand(): void {
    this.hasStep = this.#next < this.#lot.count
    if (this.hasStep) this.at = this.#lot.at(this.#next)
  }
}
