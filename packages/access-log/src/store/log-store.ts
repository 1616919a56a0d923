import type { Micros } from '@varco/core'
import type { SubjectLookup } from '../keys/subject-lookup.ts'
import type { Frontier, TreeNode } from '../merkle/frontier.ts'
import type { LogReadStore } from './log-read-store.ts'

/** One tree of the log: a writer's, in one epoch (one signing key). */
export interface TreeId {
  readonly writer: string
  readonly epoch: number
}

/** Where a tree stands. */
export interface Head extends TreeId, Frontier {
  /** Time of the last event; 0 for an empty tree. */
  readonly at: Micros
}

/** An event in its place: `body` is the exact canonical JSON that the leaf hashes. */
export interface PlacedEvent {
  readonly seq: number
  readonly at: Micros
  readonly body: string
}

/**
 * Members of a body that events are found by, kept beside it: a database reads them there several times quicker than out of
 * JSON. No leaf covers them; verification holds them against the body.
 */
export interface EventKeys {
  readonly operator: string | null
  readonly ticket: string | null
  /** The kind; `null` for an access. */
  readonly act: string | null
  /** Whether the decision was to deny. */
  readonly denied: boolean
}

/** An event on its way into the store. */
export interface NewEvent extends PlacedEvent {
  readonly keys: EventKeys
}

/** An event as found. */
export interface FoundEvent extends TreeId, PlacedEvent {}

/**
 * What may be forgotten of an event: which record of which data subject it showed, or (all three `null`, at
 * the last position) nothing but the salt of its filters' commitments. The event commits to each by a salted hash.
 */
export interface SideRow {
  readonly subject: SubjectLookup | null
  readonly resource: string | null
  readonly recordKey: string | null
  /** 16 random bytes. */
  readonly salt: Uint8Array
}

export interface PlacedSideRow extends SideRow {
  readonly seq: number
  readonly position: number
  readonly at: Micros
}

/** A signed tree head, with the hashes of the leaves its batch added: they tell which event was changed, if one was. */
export interface StoredCheckpoint {
  /** The tree's size. */
  readonly size: number
  readonly at: Micros
  /** C2SP tlog-checkpoint. */
  readonly note: string
  /** 32 bytes for each event of the batch. */
  readonly leaves: Uint8Array
}

/** The place of a side row. */
export interface SideRowPlace extends TreeId {
  readonly seq: number
  readonly position: number
  readonly at: Micros
}

/** Everything one transaction adds. */
export interface Batch extends TreeId {
  /** What the head must be for the batch to be taken; `null` for a tree's first batch. */
  readonly base: Frontier | null
  readonly events: readonly NewEvent[]
  readonly sideRows: readonly PlacedSideRow[]
  readonly head: Head
  /** What the writer's clock said. The events' times may be ahead of it, for they never step back. */
  readonly now: Micros
  readonly checkpoint: StoredCheckpoint
  /** Complete subtrees of 256, 65,536, ... leaves: they make proofs cheap. */
  readonly tiles: readonly TreeNode[]
  /** Side rows forgotten in the same transaction, all of which the batch's events account for. */
  readonly erase: readonly SideRowPlace[]
  /** Of a batch that forgets, or says that something is forgotten: the legal holds it minds. */
  readonly minded?: MindedHolds
}

/**
 * Ids of the legal holds that were looked at before something is forgotten. Whoever keeps holds forgets nothing while another one is
 * in force, and lets none be placed until it is done: looking and forgetting are two transactions.
 */
export type MindedHolds = readonly string[]

export type CommitOutcome = 'committed' | 'superseded'

/** Whether the batch ahead got in; its failure is told to whoever asked for it, not here. */
export async function gotIn(ahead: Promise<CommitOutcome>): Promise<boolean> {
  return ahead.then(
    (outcome) => outcome === 'committed',
    () => false,
  )
}

/**
 * Keeps the trees. Implementations may lose the reply to a commit, never half of one.
 * Every method throws when the store cannot be reached.
 */
export interface LogStore extends Pick<LogReadStore, 'search'> {
  /** The head of the writer's newest epoch; `null` for a writer never seen. */
  head(writer: string): Promise<Head | null>
  /** The event at this index, or `null`. */
  find(tree: TreeId, seq: number): Promise<FoundEvent | null>
  /** The checkpoint at exactly this size, or `null`. */
  checkpoint(tree: TreeId, size: number): Promise<StoredCheckpoint | null>
  /**
   * Adds a batch, wholly or not at all, if and only if the tree's head still is `base` (compare-and-set):
   * `superseded` otherwise, and nothing is changed.
   * @param ahead the commit, under way, of the batch that this one continues from. The store may take the rows in meanwhile; the head
   * is moved once that one is committed, and if it is not, for whatever reason, this one is `superseded`.
   * @throws HoldPlacedError when a hold is in force that the batch does not mind
   * @throws ClockAheadError when the store has a clock of its own and the batch's is far ahead of it
   */
  commit(batch: Batch, ahead?: Promise<CommitOutcome>): Promise<CommitOutcome>
}
