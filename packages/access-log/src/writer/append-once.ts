import { ConfigError, InvariantError, UnavailableError, VarcoError, type Clock } from '@varco/core'
import { actDraft } from '../act-draft.ts'
import type { Anchor } from '../anchors/anchor.ts'
import { RolledBackError, SupersededError } from '../errors.ts'
import type { Appended, EventDraft } from '../event.ts'
import { closingKey, epochOpened } from '../keys/epoch-change.ts'
import type { LogKeys } from '../keys/log-keys.ts'
import { subjectLookup } from '../keys/subject-lookup.ts'
import { EMPTY_FRONTIER, frontierRoot } from '../merkle/frontier.ts'
import { EMPTY_ROOT, plainHash } from '../merkle/hash.ts'
import { openCheckpoint } from '../notes/checkpoint.ts'
import { noteVerifier, parseVerifier } from '../notes/note-key.ts'
import { noteSigner } from '../notes/signed-note.ts'
import { keptFrontier } from '../prune/kept-frontier.ts'
import { eventId } from '../stored-event.ts'
import type { Batch, Head, LogStore, StoredCheckpoint } from '../store/log-store.ts'
import { TOP_WRITER, treeOrigin } from '../store/tree-origin.ts'
import { seenTreesJson } from '../top/top-entries.ts'
import { saltSource } from './salts.ts'
import { sealEvent, type Sealing } from './sealed-event.ts'
import { nextBatch, type Forgetting, type TreeState } from './tree-state.ts'

/** What it takes to append one event to a writer's tree. */
export interface TreeAccess {
  readonly store: LogStore
  readonly keys: LogKeys
  readonly clock: Clock
  readonly writer: string
  /** Checked for a database that holds less than was published, then given the new checkpoint. */
  readonly anchors?: readonly Anchor[]
}

const MAX_ATTEMPTS = 50

/** What was committed, and where the tree stands after. */
interface Taken {
  readonly batch: Batch
  readonly after: TreeState
}

/**
 * Appends one event to a tree and leaves it: for commands and for trees that several processes feed. Whoever holds the
 * tree open is superseded by it, so it takes a writer's name of its own.
 * @throws UnavailableError when the store cannot be reached
 * @throws RolledBackError when the store holds less than an anchor has seen
 */
export async function appendOnce(access: TreeAccess, draft: EventDraft): Promise<Appended> {
  const { batch } = await commitOnce(access, () => draft)
  await publish(access, batch)
  const { writer, epoch, size, at } = batch.head
  const seq = size - 1
  return { id: eventId(writer, epoch, seq), writer: batch.writer as Appended['writer'], epoch, seq, at }
}

/**
 * Commits one event drafted from the tree's present state, trying again when another process was faster. After a
 * change of keys the first to come opens the next epoch.
 */
export async function commitOnce(
  access: TreeAccess,
  draftOf: (head: Head) => EventDraft,
  forgetting?: Forgetting,
): Promise<Taken> {
  const draftsOf = ({ head, opening }: OpenedState): readonly EventDraft[] =>
    opening === null ? [draftOf(head)] : [opening, draftOf(head)]
  const taken = await commitDrafts(access, draftsOf, forgetting)
  if (taken === null) throw new InvariantError('there is an event to commit')
  return taken
}

/**
 * Opens the next epoch of a tree that was closed for these keys; one that is open, or not there, is left as it is.
 * @throws UnavailableError when the store cannot be reached
 */
export async function openEpoch(access: TreeAccess): Promise<void> {
  const taken = await commitDrafts(access, ({ opening }) => (opening === null ? [] : [opening]))
  if (taken !== null) await publish(access, taken.batch)
}

/** @returns `null` when there is nothing to commit */
async function commitDrafts(
  access: TreeAccess,
  draftsOf: (state: OpenedState) => readonly EventDraft[],
  forgetting?: Forgetting,
): Promise<Taken | null> {
  const { store, keys, clock, writer } = access
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const state = await reachable(readTreeState(store, keys, writer))
    const drafts = draftsOf(state)
    if (drafts.length === 0) return null
    await refuseRollback(access, state.head)
    if (state.checkpointHash === null && writer !== TOP_WRITER) await register(access, state.head)
    const sealing = sealingOf(keys, state.head)
    const sealed = drafts.map((draft) => sealEvent(draft, sealing))
    const context = {
      treeOrigin: treeOrigin(keys.origin, state.head),
      sign: noteSigner(keys.origin, keys.signing),
      now: clock.now(),
    }
    const next = nextBatch(state, sealed, context, forgetting)
    if ((await reachable(store.commit(next.batch))) === 'committed') return next
  }
  throw new SupersededError(writer)
}

/** Best effort: what is published is durable, and the next checkpoint published covers it. */
async function publish({ anchors = [] }: TreeAccess, { checkpoint }: Batch): Promise<void> {
  await Promise.allSettled(anchors.map((anchor) => anchor.publish(checkpoint.note)))
}

/**
 * Enters a new tree in the top tree, before it has anything: from then on it cannot be missing unseen. Done again
 * when the process dies in between.
 */
export async function register(access: TreeAccess, { writer, epoch }: Head): Promise<void> {
  const trees = seenTreesJson([{ writer, epoch, size: 0, root: EMPTY_ROOT }])
  const draft = actDraft('writer-registered', {
    requestId: `${writer}.${epoch}`,
    detail: { trees, verifier: access.keys.verifier },
  })
  const { batch } = await commitOnce({ ...access, writer: TOP_WRITER }, () => draft)
  // An anchor that is away now gets the next heartbeat; until then verification says that it has not seen the tree.
  await publish(access, batch)
}

export function sealingOf(keys: LogKeys, { writer, epoch }: Head): Sealing {
  return { origin: keys.origin, writer, epoch, lookup: subjectLookup(keys.lookup), salt: saltSource() }
}

/** The name under which the log's absence is reported. */
export const SERVICE = 'access-log'

export async function reachable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    throw cause instanceof VarcoError ? cause : new UnavailableError(SERVICE, { cause })
  }
}

/** A tree's state, and the event that must come first when an epoch begins. */
interface OpenedState extends TreeState {
  readonly opening: EventDraft | null
}

/**
 * The state the store holds for a writer; that of an empty tree for one never seen, or whose last epoch was closed by
 * a change to these keys or pruned to its end.
 * @throws ConfigError when the tree was written with other keys and not closed
 */
export async function readTreeState(store: LogStore, keys: LogKeys, writer: string): Promise<OpenedState> {
  const head = await store.head(writer)
  if (head === null)
    return { head: { writer, epoch: 1, at: 0n, ...EMPTY_FRONTIER }, checkpointHash: null, opening: null }
  const checkpoint = await store.checkpoint(head, head.size)
  if (checkpoint === null) throw new RolledBackError(`${writer}/${head.epoch}`)
  const last = await store.find(head, head.size - 1)
  const closedFor = last === null ? null : closingKey(last.body)
  if (
    closedFor === null &&
    openCheckpoint(checkpoint.note, [noteVerifier(keys.origin, keys.signing)]) !== null
  ) {
    return { head, checkpointHash: plainHash(checkpoint.note), opening: null }
  }
  if (
    closedFor !== keys.verifier &&
    !(last === null && (await isFormerAndPruned(store, keys, head, checkpoint)))
  ) {
    throw new ConfigError(
      'VARCO_KEYS',
      `the log ${writer}/${head.epoch} was written with another signing key`,
    )
  }
  return {
    head: { writer, epoch: head.epoch + 1, at: head.at, ...EMPTY_FRONTIER },
    checkpointHash: null,
    opening: epochOpened(head, keys.verifier),
  }
}

/**
 * Whether a former key signed the tree's end and a recorded prune took it: which key it was closed for, nobody can read any more.
 * Without the record the end was deleted.
 */
async function isFormerAndPruned(
  store: LogStore,
  { former }: LogKeys,
  head: Head,
  { note }: StoredCheckpoint,
): Promise<boolean> {
  const trusted = former.map(parseVerifier).filter((verifier) => verifier !== null)
  if (openCheckpoint(note, trusted) === null) return false
  return (await keptFrontier(store, head)).size === head.size
}

async function refuseRollback({ store, keys, anchors = [] }: TreeAccess, head: Head): Promise<void> {
  const origin = treeOrigin(keys.origin, head)
  const trusted = [noteVerifier(keys.origin, keys.signing)]
  for (const anchor of anchors) {
    const note = await anchor.latest(origin)
    if (note === null) continue
    const known = openCheckpoint(note, trusted)
    // Not skipped: a worthless line behind the last one would hide it.
    if (known === null)
      throw new ConfigError(
        anchor.name,
        `${anchor.name} holds a checkpoint of ${origin} that the log's key did not sign`,
      )
    if (known.size === head.size && known.root !== frontierRoot(head)) throw new RolledBackError(origin)
    if (known.size > head.size && !(await hasGrown(store, head, known.size)))
      throw new RolledBackError(origin)
  }
}

/** Whether another process moved the head, and published, since `head` was read: then the next commit fails and is tried again. */
async function hasGrown(store: LogStore, { writer, epoch }: Head, size: number): Promise<boolean> {
  const now = await reachable(store.head(writer))
  return now !== null && (now.epoch > epoch || (now.epoch === epoch && now.size >= size))
}
