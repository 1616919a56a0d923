import { EMPTY_FRONTIER, type Frontier } from '../merkle/frontier.ts'
import type { LogReadStore } from '../store/log-read-store.ts'
import type { TreeId } from '../store/log-store.ts'
import { parsePrunedTrees, type PrunedTree } from './prune-detail.ts'

/**
 * Where the surviving parts of the trees begin, by the last recorded prune. A false frontier leads to no signed root, so it
 * need not be trusted; that it was recorded at all is what makes the absence of the rest legitimate.
 */
export async function lastPrunedTrees(store: Pick<LogReadStore, 'search'>): Promise<readonly PrunedTree[]> {
  const [last] = await store.search({ kind: 'log-pruned', limit: 1 })
  return last === undefined ? [] : parsePrunedTrees(last.body)
}

export async function keptFrontier(
  store: Pick<LogReadStore, 'search'>,
  { writer, epoch }: TreeId,
): Promise<Frontier> {
  const trees = await lastPrunedTrees(store)
  return trees.find((tree) => tree.writer === writer && tree.epoch === epoch) ?? EMPTY_FRONTIER
}
