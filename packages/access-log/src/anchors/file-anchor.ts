import { mkdir, open, readFile } from 'node:fs/promises'
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
    latest: async (origin) => (await readNotes(file)).findLast((note) => originOf(note) === origin) ?? null,
  }
}

function originOf(note: string): string | undefined {
  return parseNote(note)?.text.split('\n', 1)[0]
}

async function readNotes(file: string): Promise<readonly string[]> {
  const lines = (await readIfThere(file)).split('\n')
  return lines.flatMap((line) => {
    try {
      const note: unknown = JSON.parse(line)
      return typeof note === 'string' ? [note] : []
    } catch {
      return []
    }
  })
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
