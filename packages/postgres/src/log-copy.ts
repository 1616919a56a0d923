import pg from 'pg'

/** Rows of a binary COPY, lent until the next chunk. `starts` are the offsets of each row's first field's length. */
export interface CopyChunk {
  readonly bytes: Buffer
  readonly starts: readonly number[]
}

/** An int8 field: exact up to 2^53, which is the year 2255 in microseconds. */
export function int8At(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at + 4) * 0x1_0000_0000 + bytes.readUInt32BE(at + 8)
}

const MESSAGE = { copyData: 0x64, error: 0x45, ready: 0x5a } as const
const MESSAGE_HEADER = 5
/** Signature, flags and length of an extension there never is, before the first row. */
const COPY_HEADER = 11 + 4 + 4
const FIELD_COUNT = 2
/** Received and not yet asked for: beyond this the server is made to wait. */
const MAX_PENDING_BYTES = 256 * 1024
const MAX_CHUNK_BYTES = 32 * 1024

/**
 * A connection that does nothing but `COPY ... TO STDOUT (FORMAT binary)`. It reads the protocol itself, for one object a row,
 * as a driver makes them, costs several times what hashing the row does.
 */
export class CopyConnection implements AsyncDisposable {
  readonly #client: pg.Client
  readonly #socket: NodeJS.ReadWriteStream
  #pending: Buffer[] = []
  #pendingBytes = 0
  #failure: Error | null = null
  #wake: (() => void) | null = null

  private constructor(client: pg.Client, socket: NodeJS.ReadWriteStream) {
    this.#client = client
    this.#socket = socket
    socket.removeAllListeners('data')
    socket.on('data', (bytes: Buffer) => {
      this.#pending.push(bytes)
      this.#pendingBytes += bytes.length
      if (this.#pendingBytes > MAX_PENDING_BYTES) socket.pause()
      this.#wake?.()
    })
    const fail = (): void => {
      this.#failure ??= new Error('the connection was lost')
      this.#wake?.()
    }
    socket.on('close', fail)
    socket.on('error', fail)
    client.on('error', fail)
  }

  /**
   * @param inOrder whether rows come in the order of an index: the planner, left to itself, sorts all of a long log before the first
   * @param sorting how much memory is sorted in, in words of PostgreSQL; absent: as the server is set
   */
  static async open(
    url: string,
    {
      snapshot,
      inOrder = false,
      sorting,
    }: {
      readonly snapshot?: string | undefined
      readonly inOrder?: boolean
      readonly sorting?: string
    } = {},
  ): Promise<CopyConnection> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'varco log reading',
      connectionTimeoutMillis: 2_000,
    })
    client.on('error', () => {})
    await client.connect()
    if (inOrder) await client.query('SET enable_sort = off')
    if (sorting !== undefined) await client.query(`SET work_mem = ${pg.escapeLiteral(sorting)}`)
    if (snapshot !== undefined) {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      await client.query(`SET TRANSACTION SNAPSHOT ${pg.escapeLiteral(snapshot)}`)
    }
    return new CopyConnection(
      client,
      (client as unknown as { connection: { stream: NodeJS.ReadWriteStream } }).connection.stream,
    )
  }

  /**
   * The rows of `COPY (select) TO STDOUT`. Must be read to the end before the next is asked for.
   * @param select SQL without parameters: COPY takes none
   */
  async *rows(select: string): AsyncGenerator<CopyChunk> {
    this.#send(`COPY (${select}) TO STDOUT (FORMAT binary)`)
    let rest: Buffer = Buffer.alloc(0)
    let first = true
    for (;;) {
      const bytes = await this.#receive(rest)
      const starts: number[] = []
      let at = 0
      let done = false
      while (at + MESSAGE_HEADER <= bytes.length) {
        const end = at + 1 + bytes.readUInt32BE(at + 1)
        if (end > bytes.length) break
        const type = bytes[at]
        if (type === MESSAGE.copyData) {
          const data = at + MESSAGE_HEADER + (first ? COPY_HEADER : 0)
          first = false
          // The trailer counts -1 fields.
          if (bytes.readInt16BE(data) >= 0) starts.push(data + FIELD_COUNT)
        } else if (type === MESSAGE.error) {
          this.#failure = new Error(
            `the database refused to read: ${sqlState(bytes.subarray(at + MESSAGE_HEADER, end))}`,
          )
        }
        done = type === MESSAGE.ready
        at = end
      }
      rest = bytes.subarray(at)
      if (starts.length > 0) yield { bytes, starts }
      if (this.#failure !== null) throw this.#failure
      if (done) return
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.removeAllListeners('data')
    this.#socket.resume()
    ;(this.#socket as unknown as { destroy(): void }).destroy()
    await this.#client.end().catch(() => {})
  }

  #send(sql: string): void {
    const text = Buffer.from(`${sql}\0`)
    const header = Buffer.alloc(MESSAGE_HEADER)
    header.write('Q')
    header.writeUInt32BE(4 + text.length, 1)
    this.#socket.write(Buffer.concat([header, text]))
  }

  async #receive(rest: Buffer): Promise<Buffer> {
    while (this.#pending.length === 0) {
      if (this.#failure !== null) throw this.#failure
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = null
    }
    const taken: Buffer[] = [rest]
    let size = 0
    while (size < MAX_CHUNK_BYTES) {
      const next = this.#pending.shift()
      if (next === undefined) break
      taken.push(next)
      size += next.length
    }
    this.#pendingBytes -= size
    if (this.#pendingBytes < MAX_PENDING_BYTES / 2) this.#socket.resume()
    return Buffer.concat(taken, rest.length + size)
  }
}

/** The five-character code of an error; its message may carry values. */
function sqlState(error: Buffer): string {
  return /(?:^|\0)C([0-9A-Z]{5})\0/.exec(error.toString('latin1'))?.[1] ?? 'unknown'
}
