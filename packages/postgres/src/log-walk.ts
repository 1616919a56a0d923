import {
  hashesFromBytes,
  leafHashOfPrefixed,
  type EventKeys,
  type Hash,
  type SeqRange,
  type StoredCheckpoint,
  type TreeId,
  type TreeNode,
  type WalkedEvent,
  type WalkedSideRow,
} from '@varco/access-log'
import pg from 'pg'
import { CopyConnection, int8At, type CopyChunk } from './log-copy.ts'

/**
 * Walks over a tree's rows for verification. What is hashed is hashed where it was received: the byte before it, already
 * read, becomes RFC 6962's 0x00.
 */
export class LogWalks implements AsyncDisposable {
  readonly #url: string
  readonly #snapshot: string | undefined
  readonly #idle: CopyConnection[] = []
  #closed = false

  /** @param snapshot one that another transaction exported and holds open; the present when absent */
  constructor(url: string, snapshot?: string) {
    this.#url = url
    this.#snapshot = snapshot
  }

  async *events(tree: TreeId, range: SeqRange): AsyncGenerator<readonly WalkedEvent[]> {
    const select = `SELECT seq, at_us, denied, operator, ticket, act, body FROM varco.events WHERE ${inTree(tree, 'seq', range)} ORDER BY seq, at_us`
    for await (const { bytes, starts } of this.#rows(select)) {
      yield starts.map((start) => new CopiedEvent(bytes, start))
    }
  }

  async *sideRows(tree: TreeId, range: SeqRange): AsyncGenerator<readonly WalkedSideRow[]> {
    const select = `SELECT seq, at_us, pos, salt, subject, resource, record_key FROM varco.disclosures
      WHERE ${inTree(tree, 'seq', range)} ORDER BY seq, pos, at_us`
    for await (const { bytes, starts } of this.#rows(select)) {
      yield starts.map((start) => ({
        seq: int8At(bytes, start),
        at: int8At(bytes, start + 12),
        position: bytes.readInt32BE(start + 28),
        commitment: leafHashOfPrefixed(fieldsFrom(bytes, start + 32)),
      }))
    }
  }

  async *checkpoints(tree: TreeId, range: SeqRange): AsyncGenerator<readonly StoredCheckpoint[]> {
    const select = `SELECT size, at_us, note, leaves FROM varco.checkpoints WHERE ${inTree(tree, 'size', range)} ORDER BY size`
    for await (const { bytes, starts } of this.#rows(select)) {
      yield starts.map((start) => {
        const note = field(bytes, start + 24)
        return {
          size: int8At(bytes, start),
          at: BigInt(int8At(bytes, start + 12)),
          note: note.toString('utf8'),
          leaves: field(bytes, start + 28 + note.length),
        }
      })
    }
  }

  async *tiles(tree: TreeId): AsyncGenerator<readonly TreeNode[]> {
    const select = `SELECT level, idx, hash FROM varco.tiles
      WHERE writer = ${pg.escapeLiteral(tree.writer)} AND epoch = ${tree.epoch} ORDER BY level, idx`
    for await (const { bytes, starts } of this.#rows(select)) {
      yield starts.map((start) => {
        const hash = field(bytes, start + 20)
        return {
          level: bytes.readInt32BE(start + 4),
          index: int8At(bytes, start + 8),
          hash: hashesFromBytes(hash)?.[0] ?? (hash.toString('latin1') as Hash),
        }
      })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await Promise.all(this.#idle.splice(0).map((connection) => connection[Symbol.asyncDispose]()))
  }

  async *#rows(select: string): AsyncGenerator<CopyChunk> {
    const connection =
      this.#idle.pop() ?? (await CopyConnection.open(this.#url, { snapshot: this.#snapshot, inOrder: true }))
    let complete = false
    try {
      yield* connection.rows(select)
      complete = !this.#closed
    } finally {
      if (complete) this.#idle.push(connection)
      else await connection[Symbol.asyncDispose]()
    }
  }
}

/** A row of `events` where it was received. */
class CopiedEvent implements WalkedEvent {
  readonly seq: number
  readonly at: number
  readonly leaf: Buffer
  readonly #bytes: Buffer
  readonly #denied: number
  readonly #ticket: number
  readonly #act: number

  constructor(bytes: Buffer, start: number) {
    this.seq = int8At(bytes, start)
    this.at = int8At(bytes, start + 12)
    this.#bytes = bytes
    this.#denied = start + 28
    this.#ticket = behind(bytes, start + 29)
    this.#act = behind(bytes, this.#ticket)
    this.leaf = lastField(bytes, behind(bytes, this.#act))
  }

  hasKeys({ operator, ticket, act, denied }: EventKeys): boolean {
    const bytes = this.#bytes
    return (
      (bytes[this.#denied] === 1) === denied &&
      isTextAt(bytes, this.#denied + 1, operator) &&
      isTextAt(bytes, this.#ticket, ticket) &&
      isTextAt(bytes, this.#act, act)
    )
  }
}

function inTree({ writer, epoch }: TreeId, column: 'seq' | 'size', { from, to }: SeqRange): string {
  const [low, high] = [from, to].map((end) =>
    Number.isFinite(end) ? String(end) : end < 0 ? MIN_INT8 : MAX_INT8,
  )
  return `writer = ${pg.escapeLiteral(writer)} AND epoch = ${epoch} AND ${column} >= ${low} AND ${column} < ${high}`
}

const MIN_INT8 = "'-9223372036854775808'::int8"
const MAX_INT8 = "'9223372036854775807'::int8"

/** Where the field after this one begins. */
function behind(bytes: Buffer, at: number): number {
  return at + 4 + Math.max(bytes.readInt32BE(at), 0)
}

/** Whether the field is this text, or absent for `null`. */
function isTextAt(bytes: Buffer, at: number, text: string | null): boolean {
  const length = bytes.readInt32BE(at)
  if (text === null || length < 0) return text === null && length < 0
  for (let i = 0; i < length; i++) {
    const byte = bytes[at + 4 + i]
    if (byte === text.charCodeAt(i) && byte < 0x80) continue
    return bytes.toString('utf8', at + 4, at + 4 + length) === text
  }
  return length === text.length
}

function field(bytes: Buffer, at: number): Buffer {
  return bytes.subarray(at + 4, at + 4 + bytes.readInt32BE(at))
}

/** The field's bytes behind a 0x00, which takes the place of its length's last byte. */
function lastField(bytes: Buffer, at: number): Buffer {
  const end = at + 4 + bytes.readInt32BE(at)
  bytes[at + 3] = 0
  return bytes.subarray(at + 3, end)
}

const SIDE_ROW_FIELDS = 4

/** The row's last four fields, each with its length, behind a 0x00, which takes the place of the position's last byte. */
function fieldsFrom(bytes: Buffer, at: number): Buffer {
  let end = at
  for (let i = 0; i < SIDE_ROW_FIELDS; i++) end += 4 + Math.max(bytes.readInt32BE(end), 0)
  bytes[at - 1] = 0
  return bytes.subarray(at - 1, end)
}
