import { EMPTY_ROOT, nodeHash, type Hash } from './hash.ts'

/** A complete subtree: `2 ** level` leaves starting at `index * 2 ** level`. */
export interface TreeNode {
  readonly level: number
  readonly index: number
  readonly hash: Hash
}

/** A tree's size and the hashes of its complete subtrees, largest first: all that appending needs. */
export interface Frontier {
  readonly size: number
  readonly nodes: readonly Hash[]
}

/** Complete subtrees are kept at every so many levels: each 256 times larger than the one before. */
export const TILE_LEVELS = 8

export const EMPTY_FRONTIER: Frontier = { size: 0, nodes: [] }

/** RFC 6962 Merkle tree hash of the tree a frontier stands for. */
export function frontierRoot({ nodes }: Frontier): Hash {
  return (
    nodes.reduceRight<Hash | null>((right, left) => (right === null ? left : nodeHash(left, right)), null) ??
    EMPTY_ROOT
  )
}

/** The hash of one complete subtree, from the hashes of its leaves or of the subtrees of one level below; `null` of none. */
export function subtreeHash(nodes: readonly Hash[]): Hash | null {
  const subtree = new GrowingFrontier()
  for (const node of nodes) subtree.append(node)
  return subtree.nodes[0] ?? null
}

/** How many complete subtrees a tree of this size has: its one bits. */
export function frontierLength(size: number): number {
  let ones = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2
  return ones
}

/** A frontier that grows in place. */
export class GrowingFrontier implements Frontier {
  #size: number
  readonly #nodes: Hash[]

  constructor(from: Frontier = EMPTY_FRONTIER) {
    this.#size = from.size
    this.#nodes = [...from.nodes]
  }

  get size(): number {
    return this.#size
  }

  get nodes(): readonly Hash[] {
    return this.#nodes
  }

  /** Adds one leaf. `onNode` hears of each subtree of two leaves or more that it completes, small ones first. */
  append(leaf: Hash, onNode?: (node: TreeNode) => void): void {
    this.appendSubtree(0, leaf, onNode)
  }

  /**
   * Adds a complete subtree of `2 ** level` leaves.
   * INVARIANT: the size so far is a multiple of the subtree's: callers add subtrees in order, from aligned starts.
   */
  appendSubtree(level: number, subtree: Hash, onNode?: (node: TreeNode) => void): void {
    let hash = subtree
    let index = this.#size / 2 ** level
    this.#size += 2 ** level
    for (let at = level; index % 2 === 1; at++) {
      const left = this.#nodes.pop()
      if (left === undefined) break
      hash = nodeHash(left, hash)
      index = (index - 1) / 2
      onNode?.({ level: at + 1, index, hash })
    }
    this.#nodes.push(hash)
  }

  snapshot(): Frontier {
    return { size: this.#size, nodes: [...this.#nodes] }
  }
}
