import type { Micros } from '@varco/core'
import type { EventQuery } from '../reader.ts'
import type { SubjectLookup } from '../keys/subject-lookup.ts'
import type { TreeNode } from '../merkle/frontier.ts'
import type { Hash } from '../merkle/hash.ts'
import type { EventKeys, FoundEvent, Head, PlacedSideRow, StoredCheckpoint, TreeId } from './log-store.ts'

/** A place in time order, newest first: equal times are ordered by writer, epoch and index. */
export interface Cursor extends TreeId {
  readonly at: Micros
  readonly seq: number
}

/** A query with its data subject turned into a lookup and its place taken apart. */
export interface StoreQuery extends Omit<EventQuery, 'dataSubject' | 'after' | 'limit'> {
  readonly subject?: SubjectLookup
  readonly after?: Cursor
  readonly limit: number
}

/** A side row as found; never the salt. */
export interface FoundSideRow {
  readonly position: number
  readonly resource: string
  readonly recordKey: string
}

/** Side rows that legal holds cover. */
export interface HeldRows {
  readonly subjects: readonly SubjectLookup[]
  readonly records: readonly { readonly resource: string; readonly key: string }[]
  readonly resources: readonly string[]
}

/** A side row with everything its hash covers. */
export interface ErasableRow extends TreeId, PlacedSideRow {}

/** One step of a walk over a tree for verification, in the order of the primary key. Bytes are lent until the next step. */
export interface WalkedEvent {
  readonly seq: number
  /** Microseconds, exact until the year 2255. */
  readonly at: number
  /** `0x00` and the body's bytes: what RFC 6962 hashes. */
  readonly leaf: Buffer
  /** Whether what stands beside the body is just this. */
  hasKeys(keys: EventKeys): boolean
}

export interface WalkedSideRow {
  readonly seq: number
  readonly position: number
  readonly at: number
  /** The salted commitment to it, made of the row as it stands: see `sideRowHash`. */
  readonly commitment: Hash
}

/** Half-open range of indices; the ends may lie outside the tree. */
export interface SeqRange {
  readonly from: number
  readonly to: number
}

/** The reading side of a store, for readers, proofs and verification. Every method throws when the store cannot be reached. */
export interface LogReadStore {
  /** Runs `read` on the log as it is at one moment, however long it takes and whatever is appended or erased meanwhile. */
  atOneMoment<T>(read: (frozen: LogReadStore) => Promise<T>): Promise<T>
  heads(): Promise<readonly Head[]>
  /** Trees that have rows of any kind, with or without a head. */
  treesWithRows(): Promise<readonly TreeId[]>
  find(tree: TreeId, seq: number): Promise<FoundEvent | null>
  sideRows(tree: TreeId, seq: number): Promise<readonly FoundSideRow[]>
  /** Those of many events in one look-up, each event's in its place. */
  sideRowsOf(events: readonly Cursor[]): Promise<readonly (readonly FoundSideRow[])[]>
  /** Newest first, at most `limit`. */
  search(query: StoreQuery): Promise<readonly FoundEvent[]>
  /** The last event that such a search looks at, where `lookAt` ends it; `null`: it goes to the end of the log. */
  lookedTo(query: StoreQuery): Promise<Cursor | null>
  /** Events that showed records of the data subject, oldest first, with those side rows alone. */
  accessesOf(
    subject: SubjectLookup,
  ): AsyncIterable<{ readonly event: FoundEvent; readonly sideRows: readonly FoundSideRow[] }>
  /**
   * Side rows of the data subject, and before them the filters' salts of the same events: what an erasure removes.
   * Event by event, so that a page that ends inside one has its filters' salt already.
   * @param held whose evidence is to stay: events that show any of it as well are left out
   */
  erasable(subject: SubjectLookup, limit: number, held: HeldRows): Promise<readonly ErasableRow[]>
  checkpoint(tree: TreeId, size: number): Promise<StoredCheckpoint | null>
  /** The first checkpoints of at least this size, smallest first. */
  checkpointsFrom(tree: TreeId, size: number, limit: number): Promise<readonly StoredCheckpoint[]>
  /** The kept hashes of complete subtrees of one level, `[from, to)`, in order. */
  tiles(tree: TreeId, level: number, from: number, to: number): Promise<readonly Hash[]>
  /** Events of a kind other than `access`, of every tree, oldest first. */
  acts(kind: string): AsyncIterable<FoundEvent>
  walkEvents(tree: TreeId, range: SeqRange): AsyncIterable<readonly WalkedEvent[]>
  walkSideRows(tree: TreeId, range: SeqRange): AsyncIterable<readonly WalkedSideRow[]>
  /** Checkpoints whose size lies in the range. */
  walkCheckpoints(tree: TreeId, range: SeqRange): AsyncIterable<readonly StoredCheckpoint[]>
  /** Tiles of the tree, whichever. */
  walkTiles(tree: TreeId): AsyncIterable<readonly TreeNode[]>
}
