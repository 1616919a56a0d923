import type { TreeId } from '../store/log-store.ts'
import { TOP_WRITER } from '../store/tree-origin.ts'

/**
 * The trees that an anchor is asked about: those there are, and of every writer the epochs that may have been behind its newest, the top
 * tree even if it is not there. What an anchor remembers of a tree without a head was taken away.
 * @param keys how many signing keys the log has had: a tree has one epoch for each, at most
 */
export function treesAsked(heads: readonly TreeId[], keys: number): readonly TreeId[] {
  const newest = new Map([[TOP_WRITER, 0]])
  for (const { writer, epoch } of heads) newest.set(writer, Math.max(epoch, newest.get(writer) ?? 0))
  const behind = [...newest].flatMap(([writer, epoch]) =>
    Array.from({ length: Math.max(1, keys - epoch) }, (_, i) => ({ writer, epoch: epoch + 1 + i })),
  )
  return [...heads, ...behind]
}
