import type { Anchor } from '../anchors/anchor.ts'
import { parseNote } from '../notes/signed-note.ts'

/** An anchor in memory, for tests; `notes` is all it was ever given. */
export function memoryAnchor(): Anchor & { readonly notes: string[] } {
  const notes: string[] = []
  return {
    name: 'memory',
    notes,
    publish: async (note) => {
      notes.push(note)
    },
    latest: async (origin) =>
      notes.findLast((note) => parseNote(note)?.text.startsWith(`${origin}\n`)) ?? null,
  }
}
