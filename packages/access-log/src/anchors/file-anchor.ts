import { mkdir, open, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { parseNote } from '../notes/signed-note.ts'
import type { Anchor } from './anchor.ts'

/**
 * A file that only grows, one checkpoint a line as JSON text, flushed to disk before `publish` resolves. Keep it on another
 * machine, or on media that cannot be rewritten, for it to prove anything against whoever owns this one.
 * A line cut short by a crash is ignored: the next checkpoint covers it.
 */
export function fileAnchor(file: string): Anchor {
  return {
    name: `file ${path.basename(file)}`,
    publish: async (note) => {
      await mkdir(path.dirname(file), { recursive: true })
      const handle = await open(file, 'a', 0o600)
      try {
        await handle.write(`\n${JSON.stringify(note)}`)
        await handle.sync()
      } finally {
        await handle.close()
      }
    },
    latest: async (origin) => {
      for await (const line of linesFromTheEnd(file)) {
        const note = noteOf(line)
        if (note !== null && originOf(note) === origin) return note
      }
      return null
    },
  }
}

function originOf(note: string): string | undefined {
  return parseNote(note)?.text.split('\n', 1)[0]
}

function noteOf(line: Buffer): string | null {
  try {
    const note: unknown = JSON.parse(line.toString('utf8'))
    return typeof note === 'string' ? note : null
  } catch {
    return null
  }
}

const PIECE_BYTES = 64 * 1024
const NEW_LINE = 0x0a

/** Last line first, a piece at a time: the file of a year is larger than memory should be, and its end is what is asked for. */
async function* linesFromTheEnd(file: string): AsyncGenerator<Buffer> {
  const handle = await openIfThere(file)
  if (handle === null) return
  try {
    let start = (await handle.stat()).size
    let rest: Buffer = Buffer.alloc(0)
    while (start > 0) {
      const length = Math.min(PIECE_BYTES, start)
      start -= length
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start)
      rest = Buffer.concat([buffer.subarray(0, bytesRead), rest])
      for (let at = rest.lastIndexOf(NEW_LINE); at >= 0; at = rest.lastIndexOf(NEW_LINE)) {
        yield rest.subarray(at + 1)
        rest = rest.subarray(0, at)
      }
    }
    yield rest
  } finally {
    await handle.close()
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
