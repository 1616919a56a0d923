import type { Hash } from '../merkle/hash.ts'

/** What something other than the tree itself remembers of it. */
export interface KnownCheckpoint {
  readonly size: number
  readonly root: Hash
  /** Who remembers, in words. */
  readonly from: string
  /** Whether that is outside the database, or covered by something that is. */
  readonly witnessed: boolean
}
