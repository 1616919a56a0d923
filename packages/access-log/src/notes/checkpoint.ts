import { hashFromBase64, hashToBase64, type Hash } from '../merkle/hash.ts'
import type { NoteVerifier } from './note-key.ts'
import { parseNote, verifyNote } from './signed-note.ts'

/** A tree head, C2SP tlog-checkpoint: which log, how many leaves, which root. */
export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Hash
}

/** The note's text, with its last newline. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${hashToBase64(root)}\n`
}

/** Reads a note's text; `null` when it is not a checkpoint. Extension lines are not ours and are refused. */
export function parseCheckpointText(text: string): Checkpoint | null {
  const match = /^([^\n]+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]+=*)\n$/.exec(text)
  const root = hashFromBase64(match?.[3] ?? '')
  const size = Number(match?.[2])
  return match === null || root === null || !Number.isSafeInteger(size)
    ? null
    : { origin: match[1] ?? '', size, root }
}

/** What a signed checkpoint says, once a trusted key's signature holds; `null` otherwise. */
export function openCheckpoint(
  note: string,
  trusted: readonly NoteVerifier[],
): (Checkpoint & { readonly signers: readonly NoteVerifier[] }) | null {
  const parsed = parseNote(note)
  const signers = parsed === null ? null : verifyNote(parsed, trusted)
  const checkpoint = parsed === null ? null : parseCheckpointText(parsed.text)
  return signers === null || signers.length === 0 || checkpoint === null ? null : { ...checkpoint, signers }
}
