import {
  frontierRoot,
  GrowingFrontier,
  TILE_LEVELS,
  type Frontier,
  type TreeNode,
} from '../merkle/frontier.ts'
import { hashesToBytes, leafHash, plainHash, type Hash } from '../merkle/hash.ts'
import { checkpointText } from '../notes/checkpoint.ts'
import type { Batch, Head, NewEvent, PlacedSideRow } from '../store/log-store.ts'
import type { SealedEvent } from './sealed-event.ts'

/** Where a tree stands, with the hash of the checkpoint that says so; `null` before the first. */
export interface TreeState {
  readonly head: Head
  readonly checkpointHash: Hash | null
}

export interface BatchContext {
  /** Origin line of this tree's checkpoints. */
  readonly treeOrigin: string
  readonly sign: (text: string) => string
  readonly now: bigint
  /** Times of the events one by one, for a history that is entered after it happened. */
  readonly times?: readonly bigint[]
}

/** What a batch forgets, and which holds it minds. */
export type Forgetting = Pick<Batch, 'erase' | 'minded'>

const NOTHING: Forgetting = { erase: [] }

/**
 * Gives events their places behind the tree's end: indices without gaps, times that never step back (a clock that does
 * is held at the last time plus one), leaves, the new root and its signature.
 */
export function nextBatch(
  { head, checkpointHash }: TreeState,
  sealed: readonly SealedEvent[],
  { treeOrigin, sign, now, times }: BatchContext,
  forgetting: Forgetting = NOTHING,
): { readonly batch: Batch; readonly after: TreeState } {
  const { writer, epoch } = head
  const tree = new GrowingFrontier(head)
  const base: Frontier | null = checkpointHash === null ? null : { size: head.size, nodes: head.nodes }
  const events: NewEvent[] = []
  const sideRows: PlacedSideRow[] = []
  const leaves: Hash[] = []
  const tiles: TreeNode[] = []
  const keepTile = (node: TreeNode): void => {
    if (node.level % TILE_LEVELS === 0) tiles.push(node)
  }
  let at = head.at
  for (const event of sealed) {
    const happened = times?.[events.length] ?? now
    at = happened > at ? happened : at + 1n
    const seq = tree.size
    const body = event.bodyAt({ seq, at, previous: leaves.length === 0 ? checkpointHash : null })
    const leaf = leafHash(body)
    tree.append(leaf, keepTile)
    leaves.push(leaf)
    events.push({ seq, at, body, keys: event.keys })
    let position = 0
    for (const row of event.sideRows) {
      sideRows.push({
        seq,
        position: position++,
        at,
        subject: row.subject,
        resource: row.resource,
        recordKey: row.recordKey,
        salt: row.salt,
      })
    }
  }
  const next: Head = { writer, epoch, at, ...tree.snapshot() }
  const note = sign(checkpointText({ origin: treeOrigin, size: next.size, root: frontierRoot(next) }))
  return {
    batch: {
      writer,
      epoch,
      base,
      events,
      sideRows,
      tiles,
      ...forgetting,
      head: next,
      now,
      checkpoint: { size: next.size, at, note, leaves: hashesToBytes(leaves) },
    },
    after: { head: next, checkpointHash: plainHash(note) },
  }
}
