import type { Json } from '@varco/core'
import { frontierLength, type Frontier } from '../merkle/frontier.ts'
import { hashFromBase64, hashToBase64, type Hash } from '../merkle/hash.ts'
import type { TreeId } from '../store/log-store.ts'

/** What a prune leaves of a tree: how many events went, and the frontier they had led to. */
export interface PrunedTree extends TreeId, Frontier {}

/** How an event of kind `log-pruned` lists the trees it cut, under `trees`. */
export function prunedTreesJson(trees: readonly PrunedTree[]): Json {
  return trees.map(({ writer, epoch, size, nodes }) => ({
    writer,
    epoch,
    size: String(size),
    frontier: nodes.map(hashToBase64),
  }))
}

/** Reads the list back, from an event's body; what does not fit is left out. */
export function parsePrunedTrees(body: string): readonly PrunedTree[] {
  const { detail } = JSON.parse(body) as { detail?: { trees?: unknown } }
  const listed: readonly unknown[] = Array.isArray(detail?.trees) ? detail.trees : []
  return listed.flatMap((entry) => {
    const { writer, epoch, size, frontier } = entry as Readonly<Record<string, unknown>>
    const nodes = Array.isArray(frontier)
      ? frontier.map((text) => (typeof text === 'string' ? hashFromBase64(text) : null))
      : []
    const fits =
      typeof writer === 'string' && typeof epoch === 'number' && nodes.length === frontierLength(Number(size))
    return fits && !nodes.includes(null)
      ? [{ writer, epoch, size: Number(size), nodes: nodes as readonly Hash[] }]
      : []
  })
}
