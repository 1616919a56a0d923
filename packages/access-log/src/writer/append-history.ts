import type { Micros } from '@varco/core'
import { SupersededError } from '../errors.ts'
import type { EventDraft } from '../event.ts'
import { noteSigner } from '../notes/signed-note.ts'
import { treeOrigin } from '../store/tree-origin.ts'
import { readTreeState, reachable, register, sealingOf, type TreeAccess } from './append-once.ts'
import { sealEvent } from './sealed-event.ts'
import { nextBatch, type TreeState } from './tree-state.ts'

/** An event that happened before it is entered, such as one of an earlier system's log. */
export interface PastEvent {
  readonly at: Micros
  readonly draft: EventDraft
}

const BATCH_EVENTS = 1_000

/**
 * Enters a history into a tree of its own, in the order given; times still never step back, so an event out of order gets
 * the time of the one before it. Committed thousand by thousand: after a failure the tree says how far it came.
 * @returns the size of the tree
 * @throws UnavailableError when the store cannot be reached
 */
export async function appendHistory(access: TreeAccess, events: Iterable<PastEvent>): Promise<number> {
  const { store, keys, clock, writer } = access
  const { opening, ...found } = await reachable(readTreeState(store, keys, writer))
  let state: TreeState = found
  if (state.checkpointHash === null) await register(access, state.head)
  const sealing = sealingOf(keys, state.head)
  const sign = noteSigner(keys.origin, keys.signing)
  const origin = treeOrigin(keys.origin, state.head)
  const commit = async (past: readonly PastEvent[]): Promise<void> => {
    const sealed = past.map(({ draft }) => sealEvent(draft, sealing))
    const times = past.map(({ at }) => at)
    const next = nextBatch(state, sealed, { treeOrigin: origin, sign, now: clock.now(), times })
    if ((await reachable(store.commit(next.batch))) === 'superseded') throw new SupersededError(writer)
    state = next.after
    const { note } = next.batch.checkpoint
    await Promise.allSettled((access.anchors ?? []).map((anchor) => anchor.publish(note)))
  }
  let waiting: PastEvent[] = opening === null ? [] : [{ at: state.head.at, draft: opening }]
  for (const event of events) {
    waiting.push(event)
    if (waiting.length < BATCH_EVENTS) continue
    await commit(waiting)
    waiting = []
  }
  if (waiting.length > 0) await commit(waiting)
  return state.head.size
}
