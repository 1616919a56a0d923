import type { ErasedRow } from '../erase/erasure-detail.ts'
import type { TreeNode } from '../merkle/frontier.ts'
import type { Hash } from '../merkle/hash.ts'
import type { TreeId } from '../store/log-store.ts'
import type { Finding } from './finding.ts'

/** A piece of a tree to look through: from one checkpoint's size to another's. Plain data, for it travels to other threads. */
export interface ScanTask {
  readonly tree: TreeId
  readonly origin: string
  readonly from: number
  readonly to: number
  /** Whether rows outside the tree, before its first or behind its last, fall to this piece. */
  readonly first: boolean
  readonly last: boolean
  /** Sizes at which the state of the tree is wanted. */
  readonly stops: readonly number[]
}

/** An event that lacks side rows: an erasure must account for every one of them. */
export interface SideRowGap {
  readonly seq: number
  readonly root: string
  readonly count: number
  readonly present: readonly { readonly position: number; readonly hash: Hash }[]
}

/** What a piece turned out to hold. Plain data. */
export interface ScanReport {
  readonly events: number
  readonly sideRows: number
  readonly nodes: readonly TreeNode[]
  readonly stops: readonly { readonly size: number; readonly nodes: readonly TreeNode[] }[]
  /** Complete subtrees at the levels that are kept as tiles. */
  readonly tiles: readonly TreeNode[]
  /** Time of the last event in microseconds. */
  readonly lastAt: number
  readonly findings: readonly Finding[]
  /** Events whose leaf is not the one their batch's checkpoint lists: one of the two was changed. */
  readonly suspects: readonly number[]
  readonly gaps: readonly SideRowGap[]
  readonly erased: readonly ErasedRow[]
}

/** Looks through pieces of trees, here or in other threads; asked for many at once, it does as many at a time as it can. */
export interface Scanner extends AsyncDisposable {
  readonly scan: (task: ScanTask) => Promise<ScanReport>
}
