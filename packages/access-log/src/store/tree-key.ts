import type { TreeId } from './log-store.ts'

/** A tree as the key of a map. */
export function treeKey({ writer, epoch }: TreeId): string {
  return `${writer}.${epoch}`
}
