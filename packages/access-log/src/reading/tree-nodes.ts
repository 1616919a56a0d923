import { InvariantError } from '@varco/core'
import { subtreeHash, TILE_LEVELS, type Frontier } from '../merkle/frontier.ts'
import { hashesFromBytes, type Hash } from '../merkle/hash.ts'
import type { NodeSource } from '../merkle/proof.ts'
import type { LogReadStore } from '../store/log-read-store.ts'
import type { TreeId } from '../store/log-store.ts'

/**
 * The hash of any complete subtree: from the tiles, or, below them, from the leaves that the checkpoints of its batches
 * list. One look-up for each. Nothing here is trusted: whoever uses it checks the proof against a signed root.
 * @param kept what a prune left of the tree's beginning, whose leaves are gone
 */
export function treeNodes(store: LogReadStore, tree: TreeId, kept: Frontier): NodeSource {
  const keptNodes = new Map(placesOf(kept).map(({ level, index, hash }) => [`${level}.${index}`, hash]))
  return async (level, index) => {
    const known = keptNodes.get(`${level}.${index}`)
    if (known !== undefined) return known
    const below = level % TILE_LEVELS
    const base = level - below
    const [from, to] = [index * 2 ** below, (index + 1) * 2 ** below]
    const nodes = await nodeRow(store, tree, base, from, to)
    if (nodes.length !== to - from) throw new InvariantError('a part of the tree is missing')
    const hash = subtreeHash(nodes)
    if (hash === null) throw new InvariantError('a part of the tree is missing')
    return hash
  }
}

/** Hashes `[from, to)` of the leaves (`base` 0) or of a level that tiles are kept of; fewer where there are none. */
export async function nodeRow(
  store: LogReadStore,
  tree: TreeId,
  base: number,
  from: number,
  to: number,
): Promise<readonly Hash[]> {
  return base === 0 ? leavesOf(store, tree, from, to) : store.tiles(tree, base, from, to)
}

/** A frontier's nodes with their places. */
function placesOf({ size, nodes }: Frontier): readonly { level: number; index: number; hash: Hash }[] {
  const places: { level: number; index: number; hash: Hash }[] = []
  let start = 0
  for (const hash of nodes) {
    const level = Math.floor(Math.log2(size - start))
    places.push({ level, index: start / 2 ** level, hash })
    start += 2 ** level
  }
  return places
}

/** Batches are large or small by how busy the log was: a few at first, then ever more, for each may have one leaf only. */
const CHECKPOINTS_AT_FIRST = 4
const TIMES_MORE = 4

/** Leaf hashes of `[from, to)`, fewer than a tile's worth, out of the checkpoints that list them. */
async function leavesOf(
  store: LogReadStore,
  tree: TreeId,
  from: number,
  to: number,
): Promise<readonly Hash[]> {
  const leaves: Hash[] = []
  let atOnce = CHECKPOINTS_AT_FIRST
  while (from + leaves.length < to) {
    const before = leaves.length
    for (const { size, leaves: bytes } of await store.checkpointsFrom(tree, from + before + 1, atOnce)) {
      const batch = hashesFromBytes(bytes) ?? []
      const start = size - batch.length
      leaves.push(...batch.slice(Math.max(from + leaves.length - start, 0), Math.max(to - start, 0)))
    }
    if (leaves.length === before) break
    atOnce *= TIMES_MORE
  }
  return leaves
}
