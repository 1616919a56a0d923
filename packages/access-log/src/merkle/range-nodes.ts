import { nodeHash, type Hash } from './hash.ts'
import type { TreeNode } from './frontier.ts'

/**
 * The complete subtrees of a piece of a tree, whose start need not be aligned: what one worker finds, and what is
 * then appended in order to the frontier of everything before it.
 */
export class RangeNodes {
  readonly #nodes: TreeNode[] = []
  #next: number

  constructor(from: number) {
    this.#next = from
  }

  get nodes(): readonly TreeNode[] {
    return [...this.#nodes]
  }

  append(leaf: Hash, onNode?: (node: TreeNode) => void): void {
    let level = 0
    let index = this.#next
    let hash = leaf
    this.#next++
    for (; index % 2 === 1; level++) {
      const left = this.#nodes.at(-1)
      if (left === undefined || left.level !== level || left.index !== index - 1) break
      this.#nodes.pop()
      hash = nodeHash(left.hash, hash)
      index = (index - 1) / 2
      onNode?.({ level: level + 1, index, hash })
    }
    this.#nodes.push({ level, index, hash })
  }
}
