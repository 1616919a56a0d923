import { closingKey, openedAfter } from '../keys/epoch-change.ts'
import { frontierRoot } from '../merkle/frontier.ts'
import { hashToBase64 } from '../merkle/hash.ts'
import { openCheckpoint } from '../notes/checkpoint.ts'
import { verifierText, type NoteVerifier } from '../notes/note-key.ts'
import type { LogReadStore } from '../store/log-read-store.ts'
import type { Finding } from './finding.ts'
import type { TreeVerdict } from './verify-tree.ts'

/**
 * Whether each epoch follows from the one before: that one's last event names the key this one is signed with, and
 * this one's first event says how that one ended. And whether each writer's newest is signed with the log's present key, the first
 * of those given: a change of keys opens an epoch of every tree, so one that ends with a former key has lost what came after.
 */
export async function checkEpochs(
  store: LogReadStore,
  verdicts: readonly TreeVerdict[],
  verifiers: readonly NoteVerifier[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const { tree, frontier, start } of verdicts) {
    const find = (text: string): void => {
      findings.push({ kind: 'bad-epoch', ...tree, seq: null, text })
    }
    const checkpoint = await store.checkpoint(tree, frontier.size)
    const signer = checkpoint === null ? undefined : openCheckpoint(checkpoint.note, verifiers)?.signers[0]
    const isNewest = !verdicts.some(
      ({ tree: other }) => other.writer === tree.writer && other.epoch > tree.epoch,
    )
    if (isNewest && signer !== undefined && signer !== verifiers[0])
      find('the newest epoch is signed with a key that was replaced: what came after it is missing')
    if (tree.epoch === 1) continue
    const before = verdicts.find(
      ({ tree: other }) => other.writer === tree.writer && other.epoch === tree.epoch - 1,
    )
    if (before === undefined) {
      find('the epoch before is missing')
      continue
    }
    const { size } = before.frontier
    const closing = size > before.start ? await store.find(before.tree, size - 1) : null
    const named = closing === null ? null : closingKey(closing.body)
    if (size > before.start && (signer === undefined || named !== verifierText(signer))) {
      find('the epoch before does not name the key of this one')
    }
    const opening = start === 0 ? await store.find(tree, 0) : null
    const after = opening === null ? null : openedAfter(opening.body)
    const root = hashToBase64(frontierRoot(before.frontier))
    if (start === 0 && (after === null || after.size !== size || after.root !== root)) {
      find('the epoch does not begin where the one before ended')
    }
    // Times never step back: where this one's beginning is pruned or verified already, so is all of the one before.
    if (start > 0 && size > before.start) find('the epoch before went on after it had ended')
  }
  return findings
}
