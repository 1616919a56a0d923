import { InvariantError } from '@varco/core'
import type { ConsistencyProof } from '../consistency-proof.ts'
import { hashToBase64 } from '../merkle/hash.ts'
import { consistencyPath, isConsistent } from '../merkle/proof.ts'
import { parseCheckpointText, type Checkpoint } from '../notes/checkpoint.ts'
import { parseNote } from '../notes/signed-note.ts'
import { keptFrontier } from '../prune/kept-frontier.ts'
import type { LogReadStore } from '../store/log-read-store.ts'
import { treeNodes } from './tree-nodes.ts'

/**
 * Proves that the tree of a checkpoint that somebody kept has only grown since; `null` when the log has no such tree, or one that
 * is shorter, or the text is no checkpoint. The signature on what was kept is for `checkConsistency` to judge.
 * @throws InvariantError when the tree is not the one it was: a proof that does not hold is not handed out
 */
export async function proveConsistency(store: LogReadStore, older: string): Promise<ConsistencyProof | null> {
  const kept = checkpointIn(older)
  if (kept === null) return null
  for (const head of await store.heads()) {
    const newer = (await store.checkpoint(head, head.size))?.note ?? ''
    const now = checkpointIn(newer)
    if (now?.origin !== kept.origin || now.size < kept.size) continue
    const nodeAt = treeNodes(store, head, await keptFrontier(store, head))
    const path = await consistencyPath(kept.size, now.size, nodeAt)
    if (!isConsistent(kept, now, path))
      throw new InvariantError('the log does not continue this checkpoint; verify it')
    return { older, newer, path: path.map(hashToBase64) }
  }
  return null
}

function checkpointIn(note: string): Checkpoint | null {
  return parseCheckpointText(parseNote(note)?.text ?? '')
}
