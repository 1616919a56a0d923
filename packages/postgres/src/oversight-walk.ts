import type { SubjectLookup } from '@varco/access-log'
import type { TreePosition, WatchedEvent } from '@varco/oversight'
import pg from 'pg'
import { KnownTexts, textHash } from './known-texts.ts'
import { CopyConnection, int8At, type CopyChunk } from './log-copy.ts'
import { watchedEvents } from './watched-event.ts'

/** An event where it stands; an act, and what is no more, has none. */
export interface Step {
  readonly seq: number
  readonly at: number
  readonly event: WatchedEvent | null
}

/** What is to be read of a tree: what comes behind a place, up to a size. */
export interface TreeWalk {
  readonly from: TreePosition
  readonly size: number
}

/** The steps of a tree behind a place, lot by lot, over two connections of its own. */
export async function* walkTree(
  url: string,
  { from: { writer, epoch, seq, at }, size }: TreeWalk,
): AsyncGenerator<readonly Step[]> {
  await using forEvents = await CopyConnection.open(url)
  await using forSideRows = await CopyConnection.open(url)
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
      const eventSeq = int8At(bytes, start)
      const body = start + 28
      const bodyEnd = body + bytes.readInt32BE(start + 24)
      const subjects = shown.takeNow(eventSeq) ?? (await shown.take(eventSeq))
      steps.push({
        seq: eventSeq,
        at: int8At(bytes, start + 12),
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
    while (end < starts.length && int8At(bytes, starts[end] ?? 0) < seq) end++
    const first = end
    while (end < starts.length && int8At(bytes, starts[end] ?? 0) === seq) end++
    if (end === starts.length && !this.#done) return null
    this.#at = end
    return end === first ? NOBODY : this.#lookups(first, end)
  }

  async take(seq: number): Promise<readonly SubjectLookup[]> {
    const subjects = new Set<SubjectLookup>()
    for (;;) {
      const { bytes, starts } = this.#chunk
      while (this.#at < starts.length && int8At(bytes, starts[this.#at] ?? 0) < seq) this.#at++
      const first = this.#at
      while (this.#at < starts.length && int8At(bytes, starts[this.#at] ?? 0) === seq) this.#at++
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
