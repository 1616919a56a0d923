import type { Batch, NewEvent, PlacedSideRow } from '@varco/access-log'

/** One table's rows as PostgreSQL's binary COPY takes them. */
export interface CopyRows {
  /** Which of `COPIES`, prepared on the connection. */
  readonly copy: keyof typeof COPIES
  readonly data: Buffer
}

export const COPIES = {
  log_copy_events:
    'COPY varco.events (writer, epoch, seq, at_us, body, operator, ticket, act, denied) FROM STDIN (FORMAT binary)',
  log_copy_side_rows: `COPY varco.disclosures (writer, epoch, seq, pos, at_us, subject, resource, record_key, salt)
  FROM STDIN (FORMAT binary)`,
} as const

/** Signature, flags, and the length of an extension there never is. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const TRAILER = Buffer.from([0xff, 0xff])

const ABSENT = -1
/** Of UTF-8, for each UTF-16 unit. */
const MAX_BYTES_A_CHAR = 3
/** Up to this many characters a loop here is quicker than a call into the runtime. */
const SHORT_CHARS = 40
const UUID_BYTES = 16

export function eventRows(batch: Batch): CopyRows {
  const tree = treeFields(batch, 9)
  const rows = new RowBuffer(batch.events.length * EVENT_BYTES)
  for (const event of batch.events) putEvent(rows, tree, event)
  return { copy: 'log_copy_events', data: rows.end() }
}

export function sideRowRows(batch: Batch): CopyRows {
  const tree = treeFields(batch, 9)
  const rows = new RowBuffer(batch.sideRows.length * SIDE_ROW_BYTES)
  for (const row of batch.sideRows) putSideRow(rows, tree, row)
  return { copy: 'log_copy_side_rows', data: rows.end() }
}

function putEvent(rows: RowBuffer, tree: Buffer, { seq, at, body, keys }: NewEvent): void {
  const { operator, ticket, act, denied } = keys
  const chars = body.length + (operator?.length ?? 0) + (ticket?.length ?? 0) + (act?.length ?? 0)
  rows.reserve(tree.length + 12 + 12 + 4 * 4 + 5 + MAX_BYTES_A_CHAR * chars)
  rows.raw(tree)
  rows.int8(seq)
  rows.int8(Number(at))
  rows.text(body)
  rows.text(operator)
  rows.text(ticket)
  rows.text(act)
  rows.bool(denied)
}

function putSideRow(rows: RowBuffer, tree: Buffer, row: PlacedSideRow): void {
  const { subject, resource, recordKey, salt } = row
  const chars = (resource?.length ?? 0) + (recordKey?.length ?? 0)
  rows.reserve(tree.length + 12 + 8 + 12 + 4 * 4 + UUID_BYTES + MAX_BYTES_A_CHAR * chars + salt.length)
  rows.raw(tree)
  rows.int8(row.seq)
  rows.int4(row.position)
  rows.int8(Number(row.at))
  rows.latin1(subject)
  rows.text(resource)
  rows.text(recordKey)
  rows.bytes(salt)
}

/** What every row of a batch begins with: how many fields follow, the writer, the epoch. */
function treeFields({ writer, epoch }: Batch, fields: number): Buffer {
  const name = Buffer.from(writer)
  const bytes = Buffer.alloc(2 + 4 + name.length + 8)
  bytes.writeInt16BE(fields)
  bytes.writeInt32BE(name.length, 2)
  bytes.set(name, 6)
  bytes.writeInt32BE(4, 6 + name.length)
  bytes.writeInt32BE(epoch, 10 + name.length)
  return bytes
}

/** About what a row takes, so that few batches outgrow what they begin with. */
const EVENT_BYTES = 1_024
const SIDE_ROW_BYTES = 192

/** Rows one behind the other; each field is its length in four bytes, and its bytes. Every row is reserved for before it is put. */
class RowBuffer {
  #bytes: Buffer
  #at: number

  constructor(bytes: number) {
    this.#bytes = Buffer.allocUnsafe(HEADER.length + bytes)
    this.#at = HEADER.copy(this.#bytes)
  }

  reserve(bytes: number): void {
    const needed = this.#at + bytes + TRAILER.length
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }

  raw(bytes: Buffer): void {
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  bool(value: boolean): void {
    this.#at = this.#bytes.writeInt32BE(1, this.#at)
    this.#at = this.#bytes.writeUInt8(value ? 1 : 0, this.#at)
  }

  int4(value: number): void {
    this.#at = this.#bytes.writeInt32BE(4, this.#at)
    this.#at = this.#bytes.writeInt32BE(value, this.#at)
  }

  /** INVARIANT: indices and times are not negative and below 2^53, the year 2255 in microseconds. */
  int8(value: number): void {
    this.#at = this.#bytes.writeInt32BE(8, this.#at)
    this.#at = this.#bytes.writeInt32BE(Math.floor(value / 0x1_0000_0000), this.#at)
    this.#at = this.#bytes.writeUInt32BE(value % 0x1_0000_0000, this.#at)
  }

  bytes(value: Uint8Array): void {
    this.#at = this.#bytes.writeInt32BE(value.length, this.#at)
    this.raw(value as Buffer)
  }

  /** One byte a character. */
  latin1(value: string | null): void {
    this.#put(value, value === null ? ABSENT : this.#loop(value, 0x100))
  }

  text(value: string | null): void {
    if (value === null) this.#put(null, ABSENT)
    else {
      const short = value.length <= SHORT_CHARS ? this.#loop(value, 0x80) : ABSENT
      this.#put(value, short === ABSENT ? this.#bytes.write(value, this.#at + 4) : short)
    }
  }

  end(): Buffer {
    this.#at += TRAILER.copy(this.#bytes, this.#at)
    return this.#bytes.subarray(0, this.#at)
  }

  #put(value: string | null, length: number): void {
    this.#at = this.#bytes.writeInt32BE(length, this.#at)
    if (value !== null) this.#at += length
  }

  /** Puts characters behind the place of their length; `ABSENT` at the first that takes more than a byte. */
  #loop(value: string, limit: number): number {
    const start = this.#at + 4
    for (let i = 0; i < value.length; i++) {
      const char = value.charCodeAt(i)
      if (char >= limit) return ABSENT
      this.#bytes[start + i] = char
    }
    return value.length
  }
}
