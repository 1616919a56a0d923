import type { SubjectLookup } from '@varco/access-log'
import { UnavailableError } from '@varco/core'
import type { EventFeed, FeedBatch, FeedPosition, TreePosition, WatchedEvent } from '@varco/oversight'
import pg from 'pg'
import type { Database } from './database.ts'
import { KnownTexts, textHash } from './known-texts.ts'
import { CopyConnection, type CopyChunk } from './log-copy.ts'
import { watchedEvents } from './watched-event.ts'

const BATCH_EVENTS = 10_000

interface HeadRow {
  readonly writer: string
  readonly epoch: number
  readonly size: string
}

/** An event where it stands; an act, and what is no more, has none. */
interface Step {
  readonly seq: number
  readonly at: number
  readonly event: WatchedEvent | null
}

/**
 * The log for the watch: each tree's new events over a COPY of its own, merged by time. A tree's times never step back, so
 * months before the position are not even planned for: what a pass costs does not depend on how long the log is.
 */
export function postgresEventFeed({ pool, url }: Pick<Database, 'pool' | 'url'>): EventFeed {
  return {
    read: async function* (after) {
      try {
        yield* read(pool, url, after)
      } catch (cause) {
        throw cause instanceof UnavailableError ? cause : new UnavailableError('access log', { cause })
      }
    },
  }
}

async function* read(pool: pg.Pool, url: string, after: FeedPosition): AsyncGenerator<FeedBatch> {
  const { rows } = await pool.query<HeadRow>('SELECT writer, epoch, size FROM varco.heads')
  const known = new Map(after.map((place) => [nameOf(place), place]))
  const trees = rows.flatMap(({ writer, epoch, size }) => {
    const from = known.get(nameOf({ writer, epoch })) ?? { writer, epoch, seq: -1, at: 0 }
    return Number(size) > from.seq + 1 ? [{ from, size: Number(size) }] : []
  })
  if (trees.length === 0) return
  await using stack = new AsyncDisposableStack()
  const readers = await Promise.all(
    trees.map(async ({ from, size }) => {
      const connections = await Promise.all([CopyConnection.open(url), CopyConnection.open(url)])
      for (const connection of connections) stack.use(connection)
      const reader = new TreeReader(from, walk(from, size, ...connections))
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
class TreeReader {
  readonly place: TreePosition
  readonly #chunks: AsyncIterator<readonly Step[]>
  #chunk: readonly Step[] = []
  #at = 0
  step: Step | null = null

  constructor(place: TreePosition, chunks: AsyncIterable<readonly Step[]>) {
    this.place = place
    this.#chunks = chunks[Symbol.asyncIterator]()
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

async function* walk(
  { writer, epoch, seq, at }: TreePosition,
  size: number,
  forEvents: CopyConnection,
  forSideRows: CopyConnection,
): AsyncGenerator<readonly Step[]> {
  const where = `writer = ${pg.escapeLiteral(writer)} AND epoch = ${epoch} AND seq > ${seq} AND seq < ${size} AND at_us >= ${at}`
  const events = forEvents.rows(`SELECT seq, at_us, body FROM varco.events WHERE ${where} ORDER BY seq`)
  const shown = new ShownSubjects(
    forSideRows.rows(
      `SELECT seq, subject FROM varco.disclosures WHERE ${where} AND subject IS NOT NULL ORDER BY seq, pos`,
    ),
  )
  const watched = watchedEvents({ writer, epoch })
  for await (const { bytes, starts } of events) {
    const steps: Step[] = []
    for (const start of starts) {
      const eventSeq = integer(bytes, start)
      const body = start + 28
      const bodyEnd = body + bytes.readInt32BE(start + 24)
      const subjects = shown.takeNow(eventSeq) ?? (await shown.take(eventSeq))
      steps.push({
        seq: eventSeq,
        at: integer(bytes, start + 12),
        event: watched(bytes, body, bodyEnd, subjects),
      })
    }
    yield steps
  }
  await shown.end()
}

const NOBODY: readonly SubjectLookup[] = []

/** Data subjects who are told apart without decoding them anew. */
const MAX_LOOKUPS = 200_000
const LOOKUP_BYTES = 16

/** Whom the events of one tree showed, in step with them. */
class ShownSubjects {
  readonly #known = new KnownTexts(
    (bytes, start, end) => bytes.toString('latin1', start, end) as SubjectLookup,
    MAX_LOOKUPS,
  )
  readonly #chunks: AsyncIterator<CopyChunk>
  #chunk: CopyChunk = { bytes: Buffer.alloc(0), starts: [] }
  #at = 0
  #done = false

  constructor(chunks: AsyncIterable<CopyChunk>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** As `take`, when the rows of the event are here already; `null` when more must be awaited. */
  takeNow(seq: number): readonly SubjectLookup[] | null {
    const { bytes, starts } = this.#chunk
    let end = this.#at
    while (end < starts.length && integer(bytes, starts[end] ?? 0) < seq) end++
    const first = end
    while (end < starts.length && integer(bytes, starts[end] ?? 0) === seq) end++
    if (end === starts.length && !this.#done) return null
    this.#at = end
    return end === first ? NOBODY : this.#lookups(first, end)
  }

  async take(seq: number): Promise<readonly SubjectLookup[]> {
    const subjects = new Set<SubjectLookup>()
    for (;;) {
      const { bytes, starts } = this.#chunk
      while (this.#at < starts.length && integer(bytes, starts[this.#at] ?? 0) < seq) this.#at++
      const first = this.#at
      while (this.#at < starts.length && integer(bytes, starts[this.#at] ?? 0) === seq) this.#at++
      for (const lookup of this.#lookups(first, this.#at)) subjects.add(lookup)
      if (this.#at < starts.length || this.#done) return [...subjects]
      await this.#next()
    }
  }

  /** The connection is free again only when it was read to its end. */
  async end(): Promise<void> {
    while (!this.#done) await this.#next()
  }

  async #next(): Promise<void> {
    const { done, value } = await this.#chunks.next()
    this.#done = done === true
    this.#chunk = done === true ? { bytes: Buffer.alloc(0), starts: [] } : value
    this.#at = 0
  }

  #lookups(first: number, end: number): readonly SubjectLookup[] {
    const { bytes, starts } = this.#chunk
    const lookups: SubjectLookup[] = []
    for (let i = first; i < end; i++) {
      const at = (starts[i] ?? 0) + 16
      const lookup = this.#known.of(bytes, at, at + LOOKUP_BYTES, textHash(bytes, at, at + LOOKUP_BYTES))
      if (!lookups.includes(lookup)) lookups.push(lookup)
    }
    return lookups
  }
}

/** An int8 field: exact up to 2^53, which is the year 2255 in microseconds. */
function integer(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at + 4) * 0x1_0000_0000 + bytes.readUInt32BE(at + 8)
}
