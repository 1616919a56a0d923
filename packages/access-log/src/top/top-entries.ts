import type { Json } from '@varco/core'
import { hashFromBase64, hashToBase64, type Hash } from '../merkle/hash.ts'
import type { TreeId } from '../store/log-store.ts'

/** A tree as the top tree has seen it: registered (size 0), or at a heartbeat. */
export interface SeenTree extends TreeId {
  readonly size: number
  readonly root: Hash
}

/** How an event of kind `heartbeat` or `writer-registered` lists trees, under `trees`. */
export function seenTreesJson(trees: readonly SeenTree[]): Json {
  return trees.map(({ writer, epoch, size, root }) => ({
    writer,
    epoch,
    size: String(size),
    root: hashToBase64(root),
  }))
}

/** Reads the list back, from an event's body; what does not fit is left out. */
export function parseSeenTrees(body: string): readonly SeenTree[] {
  const { detail } = JSON.parse(body) as { detail?: { trees?: unknown } }
  const listed: readonly unknown[] = Array.isArray(detail?.trees) ? detail.trees : []
  return listed.flatMap((entry) => {
    const { writer, epoch, size, root } = entry as Readonly<Record<string, unknown>>
    const hash = typeof root === 'string' ? hashFromBase64(root) : null
    return typeof writer === 'string' && typeof epoch === 'number' && hash !== null
      ? [{ writer, epoch, size: Number(size), root: hash }]
      : []
  })
}
