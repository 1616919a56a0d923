import type { TreePosition } from '@varco/oversight'
import pg from 'pg'
import { CopyConnection, int8At, type CopyChunk } from './log-copy.ts'
import { StepPacker, type PackedSteps } from './packed-steps.ts'
import { packEvents } from './watched-event.ts'

/** What is to be read of a tree: what comes behind a place, up to a size. */
export interface TreeWalk {
  readonly from: TreePosition
  readonly size: number
}

const LOT_STEPS = 1_000

/** The steps of a tree behind a place, lot by lot, over two connections of its own. An act, and what is no more, has no event. */
export async function* walkTree(
  url: string,
  { from: { writer, epoch, seq, at }, size }: TreeWalk,
): AsyncGenerator<PackedSteps> {
  await using forEvents = await CopyConnection.open(url, { inOrder: true })
  await using forSideRows = await CopyConnection.open(url, { inOrder: true })
  const where = `writer = ${pg.escapeLiteral(writer)} AND epoch = ${epoch} AND seq > ${seq} AND seq < ${size} AND at_us >= ${at}`
  const events = forEvents.rows(`SELECT seq, at_us, body FROM varco.events WHERE ${where} ORDER BY seq`)
  const shown = new ShownSubjects(
    forSideRows.rows(
      `SELECT seq, subject FROM varco.disclosures WHERE ${where} AND subject IS NOT NULL ORDER BY seq, pos`,
    ),
  )
  const packer = new StepPacker(Math.min(LOT_STEPS, size - seq - 1))
  const pack = packEvents({ writer, epoch }, packer)
  for await (const { bytes, starts } of events) {
    for (const start of starts) {
      if (packer.isFull) yield packer.take()
      const eventSeq = int8At(bytes, start)
      const body = start + 28
      const bodyEnd = body + bytes.readInt32BE(start + 24)
      const length = shown.takeNow(eventSeq) ?? (await shown.take(eventSeq))
      const subjects = packer.subjectsAt(shown.bytes, 0, length)
      pack(bytes, body, bodyEnd, packer.begin(eventSeq, int8At(bytes, start + 12)), subjects)
    }
  }
  if (!packer.isEmpty) yield packer.take()
  await shown.end()
}

const LOOKUP_BYTES = 16
const FEWEST_LOOKUPS = 64

/** Whom the events of one tree showed, in step with them. */
class ShownSubjects {
  readonly #chunks: AsyncIterator<CopyChunk>
  #chunk: CopyChunk = { bytes: Buffer.alloc(0), starts: [] }
  #at = 0
  #done = false
  /** The lookups of the event that was last taken, one behind the other. */
  bytes = Buffer.alloc(FEWEST_LOOKUPS * LOOKUP_BYTES)

  constructor(chunks: AsyncIterable<CopyChunk>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** As `take`, when the rows of the event are here already; `null` when more must be awaited. */
  takeNow(seq: number): number | null {
    const { bytes, starts } = this.#chunk
    let end = this.#at
    while (end < starts.length && int8At(bytes, starts[end] ?? 0) < seq) end++
    const first = end
    while (end < starts.length && int8At(bytes, starts[end] ?? 0) === seq) end++
    if (end === starts.length && !this.#done) return null
    this.#at = end
    return this.#put(first, end, 0)
  }

  /** @returns how many of `bytes` are the event's */
  async take(seq: number): Promise<number> {
    let length = 0
    for (;;) {
      const { bytes, starts } = this.#chunk
      while (this.#at < starts.length && int8At(bytes, starts[this.#at] ?? 0) < seq) this.#at++
      const first = this.#at
      while (this.#at < starts.length && int8At(bytes, starts[this.#at] ?? 0) === seq) this.#at++
      length = this.#put(first, this.#at, length)
      if (this.#at < starts.length || this.#done) return length
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

  #put(first: number, end: number, from: number): number {
    const { bytes, starts } = this.#chunk
    const length = from + (end - first) * LOOKUP_BYTES
    if (length > this.bytes.length) this.bytes = Buffer.concat([this.bytes], length * 2)
    let to = from
    for (let i = first; i < end; i++) {
      const at = (starts[i] ?? 0) + 16
      for (let n = 0; n < LOOKUP_BYTES; n++) this.bytes[to++] = bytes[at + n] ?? 0
    }
    return length
  }
}
