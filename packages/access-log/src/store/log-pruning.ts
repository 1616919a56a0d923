import type { Micros } from '@varco/core'
import type { MindedHolds, TreeId } from './log-store.ts'

/** Where a point in time cuts a tree. */
export interface TreeCut {
  /** Index of the last event before it; `null` when there is none. */
  readonly lastBefore: number | null
  /** Index of the first event at or after it; `null` when there is none. */
  readonly firstAfter: number | null
}

/** What dropping old months asks of a store. */
export interface LogPruning {
  cut(tree: TreeId, before: Micros): Promise<TreeCut>
  /**
   * Drops events and side rows of the months that end by `before`, and each tree's checkpoints smaller than what was
   * pruned of it. Done again, it does nothing.
   * @param before beginning of a month, UTC
   * @throws HoldPlacedError when a hold is in force that is not minded
   */
  drop(
    before: Micros,
    trees: readonly (TreeId & { readonly size: number })[],
    minded: MindedHolds,
  ): Promise<void>
}
