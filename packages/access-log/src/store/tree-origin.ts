import type { TreeId } from './log-store.ts'

/** Reserved writer: the tree over the other trees' checkpoints. */
export const TOP_WRITER = 'top'

/**
 * The origin line of a tree's checkpoints. Each tree is a log of its own to the format; the top tree carries
 * the log's bare name, for it is the one that witnesses know.
 */
export function treeOrigin(origin: string, { writer, epoch }: TreeId): string {
  if (writer !== TOP_WRITER) return `${origin}/${writer}/${epoch}`
  return epoch === 1 ? origin : `${origin}/${epoch}`
}
