import type { LogReadStore } from '../store/log-read-store.ts'
import type { Head, TreeId } from '../store/log-store.ts'
import { treeKey } from '../store/tree-key.ts'
import { TOP_WRITER } from '../store/tree-origin.ts'
import type { KnownCheckpoint } from '../verify/known-checkpoint.ts'
import { parseSeenTrees, type SeenTree } from './top-entries.ts'

/** What the top tree remembers of the others. */
export interface TopKnowledge {
  /** Every tree that was ever registered or seen at one of the last heartbeats. */
  readonly trees: readonly TreeId[]
  of(tree: TreeId): readonly KnownCheckpoint[]
}

/** Heartbeats that are held against the trees: the newest; the trees' own checkpoints tie the older ones down. */
const HEARTBEATS = 200

/**
 * Reads the top tree's entries. They are themselves verified like any event; those within the size that an
 * anchor remembers of the top tree vouch for the trees they list.
 */
export async function topKnowledge(
  store: LogReadStore,
  heads: readonly Head[],
  anchored: ReadonlyMap<Head, readonly KnownCheckpoint[]>,
): Promise<TopKnowledge> {
  const witnessedSize = new Map(
    heads
      .filter(({ writer }) => writer === TOP_WRITER)
      .map((head) => [head.epoch, Math.max(0, ...(anchored.get(head) ?? []).map(({ size }) => size))]),
  )
  const seen: (SeenTree & { readonly witnessed: boolean })[] = []
  const take = (event: {
    readonly writer: string
    readonly epoch: number
    readonly seq: number
    readonly body: string
  }): void => {
    if (event.writer !== TOP_WRITER) return
    const witnessed = event.seq < (witnessedSize.get(event.epoch) ?? 0)
    seen.push(...parseSeenTrees(event.body).map((tree) => ({ ...tree, witnessed })))
  }
  for await (const event of store.acts('writer-registered')) take(event)
  for (const event of await store.search({ kind: 'heartbeat', limit: HEARTBEATS })) take(event)

  const trees = new Map(seen.map(({ writer, epoch }) => [treeKey({ writer, epoch }), { writer, epoch }]))
  return {
    trees: [...trees.values()],
    of: ({ writer, epoch }) =>
      seen
        .filter((tree) => tree.writer === writer && tree.epoch === epoch)
        .map(({ size, root, witnessed }) => ({ size, root, from: 'the top tree', witnessed })),
  }
}
