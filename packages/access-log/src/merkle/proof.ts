import { EMPTY_ROOT, nodeHash, type Hash } from './hash.ts'

/** Gives the hash of a complete subtree, wherever it is kept or however it is computed. */
export type NodeSource = (level: number, index: number) => Promise<Hash>

/** The largest power of two below `n` (n > 1), RFC 6962's `k`. */
function splitOf(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** RFC 6962 Merkle tree hash of the leaves `[start, end)`; `start` is a multiple of the power of two that holds the range. */
export async function rangeHash(start: number, end: number, nodeAt: NodeSource): Promise<Hash> {
  const size = end - start
  if (size === 0) return EMPTY_ROOT
  const level = Math.log2(size)
  if (Number.isInteger(level)) return nodeAt(level, start / size)
  const middle = start + splitOf(size)
  return nodeHash(
    await nodeAt(Math.log2(middle - start), start / (middle - start)),
    await rangeHash(middle, end, nodeAt),
  )
}

/** RFC 6962 section 2.1.1: the audit path of leaf `index` in the tree of `size` leaves, from the leaf upwards. */
export async function inclusionPath(index: number, size: number, nodeAt: NodeSource): Promise<Hash[]> {
  let start = 0
  let end = size
  const path: Hash[] = []
  while (end - start > 1) {
    const middle = start + splitOf(end - start)
    if (index < middle) {
      path.push(await rangeHash(middle, end, nodeAt))
      end = middle
    } else {
      path.push(await rangeHash(start, middle, nodeAt))
      start = middle
    }
  }
  return path.reverse()
}

/** The root a leaf and its audit path lead to; `null` when the path does not fit the place. */
export function rootFromInclusion(
  index: number,
  size: number,
  leaf: Hash,
  path: readonly Hash[],
): Hash | null {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) return null
  let node = index
  let last = size - 1
  let hash = leaf
  for (const sibling of path) {
    if (last === 0) return null
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash)
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = Math.floor(last / 2)
      }
    } else {
      hash = nodeHash(hash, sibling)
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? hash : null
}

/** RFC 6962 section 2.1.2: that the tree of `size` leaves begins with the tree of `old` leaves. Empty when `old` is 0 or `size`. */
export async function consistencyPath(old: number, size: number, nodeAt: NodeSource): Promise<Hash[]> {
  if (old === 0 || old === size) return []
  let start = 0
  let end = size
  let whole = true
  const path: Hash[] = []
  while (old !== end) {
    const middle = start + splitOf(end - start)
    if (old <= middle) {
      path.push(await rangeHash(middle, end, nodeAt))
      end = middle
    } else {
      path.push(await rangeHash(start, middle, nodeAt))
      start = middle
      whole = false
    }
  }
  if (!whole) path.push(await rangeHash(start, end, nodeAt))
  return path.reverse()
}

/** Whether the proof shows that the tree `(size, root)` begins with the tree `(old, oldRoot)`. */
export function isConsistent(
  older: { readonly size: number; readonly root: Hash },
  newer: { readonly size: number; readonly root: Hash },
  path: readonly Hash[],
): boolean {
  if (older.size > newer.size) return false
  if (older.size === newer.size) return path.length === 0 && older.root === newer.root
  if (older.size === 0) return path.length === 0 && older.root === EMPTY_ROOT
  let node = older.size - 1
  let last = newer.size - 1
  while (node % 2 === 1) {
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  const rest = [...path]
  const first = node === 0 ? older.root : rest.shift()
  if (first === undefined) return false
  let oldHash = first
  let newHash = first
  for (const sibling of rest) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(sibling, oldHash)
      newHash = nodeHash(sibling, newHash)
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        last = Math.floor(last / 2)
      }
    } else {
      newHash = nodeHash(newHash, sibling)
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && oldHash === older.root && newHash === newer.root
}
