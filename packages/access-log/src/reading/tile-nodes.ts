import { subtreeHash, TILE_LEVELS } from '../merkle/frontier.ts'
import type { Hash } from '../merkle/hash.ts'
import type { NodeSource } from '../merkle/proof.ts'

const TILE = 2 ** TILE_LEVELS
/** Tiles kept at once: some hundred thousand hashes. */
const KEPT = 512

/** Hashes `[from, to)` of a level that tiles are kept of, or of the leaves; fewer where the tree has none. */
export type ReadRow = (base: number, from: number, to: number) => Promise<readonly Hash[]>

/**
 * Nodes for many proofs of one tree: a whole tile is read at a time and kept for a while, for neighbours ask for the same.
 * What a tile cannot give, and what begins before `from`, `single` is asked for.
 * @param size of the tree: what came later is not looked at
 * @param from the first leaf that a prune left
 */
export function tileNodes(size: number, from: number, readRow: ReadRow, single: NodeSource): NodeSource {
  const tiles = new Map<string, Promise<readonly Hash[]>>()
  const tileOf = (base: number, tile: number): Promise<readonly Hash[]> => {
    const key = `${base}.${tile}`
    const known = tiles.get(key)
    if (known !== undefined) return known
    const complete = Math.floor(size / 2 ** base)
    const read = readRow(base, tile * TILE, Math.min((tile + 1) * TILE, complete))
    if (tiles.size >= KEPT) tiles.delete(tiles.keys().next().value ?? '')
    tiles.set(key, read)
    return read
  }
  return async (level, index) => {
    const below = level % TILE_LEVELS
    const [first, count] = [index * 2 ** below, 2 ** below]
    const tile = Math.floor(first / TILE)
    const before = tile * TILE
    if (before * 2 ** (level - below) < from) return single(level, index)
    const nodes = (await tileOf(level - below, tile)).slice(first - before, first - before + count)
    if (nodes.length !== count) return single(level, index)
    return subtreeHash(nodes) ?? single(level, index)
  }
}
