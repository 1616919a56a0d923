import { mayBeSamePerson, type Micros, type Pseudonym } from '@varco/core'
import { canonicalScope } from './canonical-scope.ts'
import type { RetentionDesk } from './desk.ts'
import { heldResource, type Hold, type HoldScope } from './hold.ts'
import { refuse, type RetentionRefused } from './refused.ts'

export type HoldOutcome = { readonly ok: true; readonly hold: Hold } | RetentionRefused

export interface HoldPlaced {
  readonly scope: HoldScope
  readonly case: string
  readonly reason: string
  readonly by: Pseudonym
  readonly reviewAt: Micros | null
}

export interface HoldReview {
  readonly id: string
  /** When to look next. */
  readonly until: Micros
  /** Why it stays. */
  readonly reason: string
  readonly by: Pseudonym
}

const SHORTEST_REASON = 10

/**
 * From its return on nothing covered by the hold goes: the slice being disposed of at that moment is waited for.
 * Anybody may place one; the log says who. What no record can be is refused: it would hold nothing.
 */
export async function placeHold(
  desk: Pick<RetentionDesk, 'bundle' | 'store' | 'log' | 'clock' | 'newId'>,
  { reason, by, reviewAt, ...placed }: HoldPlaced,
): Promise<HoldOutcome> {
  if (placed.case.trim() === '' || reason.trim().length < SHORTEST_REASON) return refuse('too-short')
  const scope = canonicalScope(desk.bundle(), placed.scope)
  if (scope === null) return refuse('impossible-key')
  const hold: Hold = {
    id: desk.newId(),
    scope,
    case: placed.case.trim(),
    reason: reason.trim(),
    placedBy: by,
    placedAt: desk.clock.now(),
    reviewAt,
    reviewed: null,
    releasedBy: null,
    releasedAt: null,
  }
  // A hold only keeps: were the log away, to lose the record would be worse than to keep it untold. So it is placed first.
  await desk.store.addHold(hold)
  await record(desk, hold)
  return { ok: true, hold }
}

/** What was placed when the process ended before the log had it: told now. Of one that the log has it may tell again. */
export async function recordHolds(desk: Pick<RetentionDesk, 'store' | 'log' | 'newId'>): Promise<void> {
  for (const hold of await desk.store.unrecordedHolds()) await record(desk, hold)
}

async function record(
  { store, log, newId }: Pick<RetentionDesk, 'store' | 'log' | 'newId'>,
  { id, scope, placedBy }: Hold,
): Promise<void> {
  await log.append({
    kind: 'hold-placed',
    requestId: newId(),
    operator: placedBy,
    resource: heldResource(scope),
    detail: { hold: id, scope: scope.kind },
  })
  await store.noteHoldRecorded(id)
}

/** @throws UnavailableError when it may not have been recorded: then the hold stands */
export async function releaseHold(
  { store, log, clock, newId }: Pick<RetentionDesk, 'store' | 'log' | 'clock' | 'newId'>,
  id: string,
  by: Pseudonym,
): Promise<HoldOutcome> {
  const hold = await store.hold(id)
  if (hold === null || hold.releasedAt !== null) return refuse('unknown-hold')
  // Who placed a hold does not lift it: letting records go takes two people.
  if (mayBeSamePerson(hold.placedBy, by)) return refuse('same-person')
  await log.append({
    kind: 'hold-released',
    requestId: newId(),
    operator: by,
    detail: { hold: id, scope: hold.scope.kind },
  })
  const released = { ...hold, releasedBy: by, releasedAt: clock.now() }
  return (await store.releaseHold(released)) ? { ok: true, hold: released } : refuse('unknown-hold')
}

/** Whoever looks at a hold again either releases it or says why it stays and when to look next; another than who placed it. */
export async function reviewHold(
  { store, log, clock, newId }: Pick<RetentionDesk, 'store' | 'log' | 'clock' | 'newId'>,
  { id, until, reason, by }: HoldReview,
): Promise<HoldOutcome> {
  const hold = await store.hold(id)
  if (hold === null || hold.releasedAt !== null) return refuse('unknown-hold')
  if (mayBeSamePerson(hold.placedBy, by)) return refuse('same-person')
  if (reason.trim().length < SHORTEST_REASON) return refuse('too-short')
  const now = clock.now()
  if (until <= now) return refuse('review-past')
  await log.append({
    kind: 'hold-reviewed',
    requestId: newId(),
    operator: by,
    detail: { hold: id, scope: hold.scope.kind },
  })
  const kept: Hold = { ...hold, reviewAt: until, reviewed: { by, at: now, reason: reason.trim() } }
  return (await store.reviewHold(kept)) ? { ok: true, hold: kept } : refuse('unknown-hold')
}
