import { UnavailableError } from '@varco/core'
import type { EventFeed, FeedBatch, FeedPosition, TreePosition, WatchedEvent } from '@varco/oversight'
import type pg from 'pg'
import type { Database } from './database.ts'
import { FeedThread } from './oversight-feed-thread.ts'
import { walkTree, type Step, type TreeWalk } from './oversight-walk.ts'

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
  const thread = count >= manyEvents ? stack.use(new FeedThread(url, trees)) : null
  const readers = await Promise.all(
    trees.map(async (tree, index) => {
      const reader = new TreeReader(tree.from, thread?.steps(index) ?? walkTree(url, tree))
      stack.use(reader)
      await reader.advance()
      return reader
    }),
  )
  let events: WatchedEvent[] = []
  let steps = 0
  for (let next = earliest(readers); next !== null; next = earliest(readers)) {
    // INVARIANT: a reader that `earliest` gives stands on a step.
    const step = next.step as Step
    known.set(nameOf(next.place), { ...next.place, seq: step.seq, at: step.at })
    if (step.event !== null) events.push(step.event)
    steps++
    if (!next.shift()) await next.advance()
    if (steps < BATCH_EVENTS) continue
    yield { events, position: [...known.values()] }
    events = []
    steps = 0
  }
  if (steps > 0) yield { events, position: [...known.values()] }
}

function nameOf({ writer, epoch }: Pick<TreePosition, 'writer' | 'epoch'>): string {
  return `${writer}.${epoch}`
}

/** The reader whose next event is the oldest; there are as many as processes that write. */
function earliest(readers: readonly TreeReader[]): TreeReader | null {
  let found: TreeReader | null = null
  for (const reader of readers) {
    if (reader.step !== null && (found === null || reader.step.at < (found.step?.at ?? 0))) found = reader
  }
  return found
}

/** One tree, step by step; chunks are awaited only when one is used up. */
class TreeReader implements AsyncDisposable {
  readonly place: TreePosition
  readonly #chunks: AsyncIterator<readonly Step[]>
  #chunk: readonly Step[] = []
  #at = 0
  step: Step | null = null

  constructor(place: TreePosition, chunks: AsyncIterable<readonly Step[]>) {
    this.place = place
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return?.()
  }

  /** Moves on within the chunk; `false` at its end. */
  shift(): boolean {
    this.#at++
    this.step = this.#chunk[this.#at] ?? null
    return this.step !== null
  }

  async advance(): Promise<void> {
    do {
      const { done, value } = await this.#chunks.next()
      this.#chunk = done === true ? [] : value
      this.#at = 0
      this.step = this.#chunk[0] ?? null
      if (done === true) return
    } while (this.step === null)
  }
}
