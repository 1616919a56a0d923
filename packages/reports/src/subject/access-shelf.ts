import { randomBytes } from 'node:crypto'
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { ReportNotWrittenError } from '../errors.ts'
import { diskFault } from '../report/disk-fault.ts'

/** Where a report's accesses wait, each as its canonical JSON, until they are set down: put oldest first, read newest first. */
export interface AccessShelf {
  readonly count: number
  put(access: string): Promise<void>
  /** May be asked for more than once. */
  newestFirst(): AsyncIterable<string>
}

/** For a report that is wanted whole. */
export function memoryShelf(): AccessShelf {
  const accesses: string[] = []
  return {
    get count() {
      return accesses.length
    },
    put: async (access) => {
      accesses.push(access)
    },
    newestFirst: async function* () {
      yield* accesses.toReversed()
    },
  }
}

const BLOCK = 1_000_000

/**
 * For any number of accesses: a file that nobody else can open and that is gone with the process, for it has no name. No
 * access contains a line feed: canonical JSON escapes it.
 */
export class FileShelf implements AccessShelf, AsyncDisposable {
  readonly #file: FileHandle
  readonly #blocks: { readonly at: number; readonly length: number }[] = []
  #open: string[] = []
  #size = 0
  #end = 0
  #count = 0

  private constructor(file: FileHandle) {
    this.#file = file
  }

  /** @throws ReportNotWrittenError when the folder does not let it */
  static async in(dir: string): Promise<FileShelf> {
    return orDiskFault(async () => {
      await mkdir(dir, { recursive: true })
      const place = path.join(dir, `.accesses.${randomBytes(6).toString('hex')}`)
      const file = await open(place, 'wx+', 0o600)
      await rm(place)
      return new FileShelf(file)
    })
  }

  get count(): number {
    return this.#count
  }

  /** @throws ReportNotWrittenError when the disk is full */
  async put(access: string): Promise<void> {
    this.#open.push(access)
    this.#size += access.length
    this.#count++
    if (this.#size >= BLOCK) await this.#close()
  }

  async *newestFirst(): AsyncGenerator<string> {
    if (this.#open.length > 0) await this.#close()
    for (const { at, length } of this.#blocks.toReversed()) {
      const bytes = Buffer.allocUnsafe(length)
      let read = 0
      while (read < length) {
        const { bytesRead } = await this.#file.read(bytes, read, length - read, at + read)
        if (bytesRead === 0) throw new ReportNotWrittenError('what was set aside cannot be read again')
        read += bytesRead
      }
      yield* bytes.toString('utf8').split('\n').toReversed()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close()
  }

  async #close(): Promise<void> {
    const bytes = Buffer.from(this.#open.join('\n'))
    await orDiskFault(async () => {
      let written = 0
      while (written < bytes.length)
        written += (await this.#file.write(bytes, written, bytes.length - written, this.#end + written))
          .bytesWritten
    })
    this.#blocks.push({ at: this.#end, length: bytes.length })
    this.#end += bytes.length
    this.#open = []
    this.#size = 0
  }
}

async function orDiskFault<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new ReportNotWrittenError(diskFault(cause), { cause })
  }
}
