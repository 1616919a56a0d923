import { open, type FileHandle } from 'node:fs/promises'
import { parseNote } from '../notes/signed-note.ts'

const PIECE_BYTES = 64 * 1024
/** No checkpoint takes more; of a longer line no more is kept. */
const MAX_LINE_BYTES = 1024 * 1024
const NEW_LINE = 0x0a

/**
 * The newest checkpoint of each log in a file that only grows, one a line as JSON text. The first question reads all of it, a piece
 * at a time; every other only what was appended since, for a year's file is asked every minute. A file that turns out to be
 * another one is read anew.
 */
export class NewestNotes {
  readonly #file: string
  #notes = new Map<string, string>()
  /** Where the last line begins, and what was read of it: it may not be whole yet. */
  #from = 0
  #last: Buffer = Buffer.alloc(0)
  #reading: Promise<void> = Promise.resolve()

  constructor(file: string) {
    this.#file = file
  }

  async of(origin: string): Promise<string | null> {
    const reading = this.#reading.then(() => this.#read())
    this.#reading = reading.catch(() => {})
    await reading
    return this.#notes.get(origin) ?? null
  }

  async #read(): Promise<void> {
    const handle = await openIfThere(this.#file)
    if (handle === null) {
      this.#forget()
      return
    }
    try {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(this.#last.length),
        0,
        this.#last.length,
        this.#from,
      )
      if (!buffer.subarray(0, bytesRead).equals(this.#last)) this.#forget()
      await this.#readOn(handle)
    } finally {
      await handle.close()
    }
  }

  async #readOn(handle: FileHandle): Promise<void> {
    const piece = Buffer.alloc(PIECE_BYTES)
    let at = this.#from + this.#last.length
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, PIECE_BYTES, at)
      if (bytesRead === 0) break
      const read = piece.subarray(0, bytesRead)
      let start = 0
      for (let end = read.indexOf(NEW_LINE); end >= 0; end = read.indexOf(NEW_LINE, start)) {
        this.#take(Buffer.concat([this.#last, read.subarray(start, end)]))
        this.#last = Buffer.alloc(0)
        start = end + 1
        this.#from = at + start
      }
      this.#last = Buffer.concat([this.#last, read.subarray(start)]).subarray(0, MAX_LINE_BYTES)
      at += bytesRead
    }
    this.#take(this.#last)
  }

  /** A line that is no checkpoint, such as one cut short by a crash, is passed over: the next checkpoint covers it. */
  #take(line: Buffer): void {
    const note = noteOf(line)
    const origin = note === null ? undefined : parseNote(note)?.text.split('\n', 1)[0]
    if (note !== null && origin !== undefined) this.#notes.set(origin, note)
  }

  #forget(): void {
    this.#notes = new Map()
    this.#from = 0
    this.#last = Buffer.alloc(0)
  }
}

function noteOf(line: Buffer): string | null {
  try {
    const note: unknown = JSON.parse(line.toString('utf8'))
    return typeof note === 'string' ? note : null
  } catch {
    return null
  }
}

async function openIfThere(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
