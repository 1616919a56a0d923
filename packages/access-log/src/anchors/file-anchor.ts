import { mkdir, open } from 'node:fs/promises'
import path from 'node:path'
import type { Anchor } from './anchor.ts'
import { NewestNotes } from './newest-notes.ts'

/**
 * A file that only grows, one checkpoint a line as JSON text, flushed to disk before `publish` resolves. Keep it on another
 * machine, or on media that cannot be rewritten, for it to prove anything against whoever owns this one.
 */
export function fileAnchor(file: string): Anchor {
  const newest = new NewestNotes(file)
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
    latest: (origin) => newest.of(origin),
  }
}
