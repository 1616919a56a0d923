import { GrowingFrontier, TILE_LEVELS } from '../merkle/frontier.ts'
import type { Hash } from '../merkle/hash.ts'
import type { NodeSource } from '../merkle/proof.ts'

const TILE = 2 ** TILE_LEVELS
/** Tiles kept at once, of one tree: sixteen thousand hashes and as many above them. */
const KEPT = 64

/** Hashes `[from, to)` of a level that tiles are kept of, or of the leaves; fewer where the tree has none. */
export type ReadRow = (base: number, from: number, to: number) => Promise<readonly Hash[]>

/**
 * Nodes for many proofs of one tree: a whole tile is read at a time, hashed once and kept until others were asked for since,
 * for neighbours ask for the same. What a tile cannot give, and what begins before `from`, `single` is asked for.
 * @param size of the tree: what came later is not looked at
 * @param from the first leaf that a prune left
 */
export function tileNodes(size: number, from: number, readRow: ReadRow, single: NodeSource): NodeSource {
  const tiles = new Map<string, Promise<Tile>>()
  const tileOf = (base: number, tile: number): Promise<Tile> => {
    const key = `${base}.${tile}`
    const known = tiles.get(key)
    const complete = Math.floor(size / 2 ** base)
    const found = known ?? readRow(base, tile * TILE, Math.min((tile + 1) * TILE, complete)).then(tileFrom)
    tiles.delete(key)
    if (tiles.size >= KEPT) tiles.delete(tiles.keys().next().value ?? '')
    tiles.set(key, found)
    return found
  }
  return async (level, index) => {
    const below = level % TILE_LEVELS
    const first = index * 2 ** below
    const tile = Math.floor(first / TILE)
    const before = tile * TILE
    if (before * 2 ** (level - below) < from) return single(level, index)
    const levels = await tileOf(level - below, tile)
    return levels[below]?.[(first - before) / 2 ** below] ?? single(level, index)
  }
}

/** The row a tile is kept as, and above it the nodes of two, four and more of it, as far as they are complete. */
type Tile = readonly (readonly Hash[])[]

function tileFrom(row: readonly Hash[]): Tile {
  const above: Hash[][] = Array.from({ length: TILE_LEVELS }, () => [])
  const growing = new GrowingFrontier()
  for (const node of row) growing.append(node, ({ level, hash }) => above[level - 1]?.push(hash))
  return [row, ...above]
}
