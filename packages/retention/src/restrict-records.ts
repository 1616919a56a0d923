import { mayBeSamePerson, type Pseudonym } from '@varco/core'
import { canonicalScope } from './canonical-scope.ts'
import type { RetentionDesk } from './desk.ts'
import type { Restriction, RestrictionScope } from './restriction.ts'
import { refuse, type RetentionRefused } from './refused.ts'

export type RestrictionOutcome = { readonly ok: true; readonly restriction: Restriction } | RetentionRefused

type Desk = Pick<RetentionDesk, 'restrictions' | 'log' | 'clock' | 'newId' | 'pause'>

/** For how long a node may go by the restrictions it read last. */
export const RESTRICTIONS_FRESH_MS = 500
const SHORTEST_REASON = 10

export interface RestrictionPlaced {
  readonly scope: RestrictionScope
  readonly reason: string
  readonly by: Pseudonym
  /** The data subject's request it answers. */
  readonly request?: string
}

/** From its return on no access that begins is shown what it covers: the last node that had not heard of it has had the time to. */
export async function restrictRecords(
  desk: Desk & Pick<RetentionDesk, 'bundle'>,
  { reason, ...placed }: RestrictionPlaced,
  id: string = desk.newId(),
): Promise<RestrictionOutcome> {
  if (reason.trim().length < SHORTEST_REASON) return refuse('too-short')
  const scope = canonicalScope(desk.bundle(), placed.scope)
  if (scope === null) return refuse('impossible-key')
  const restriction = await restrictAs(desk, id, { ...placed, scope, reason: reason.trim() })
  return { ok: true, restriction }
}

/** Under an id of its own, so that a run that is gone on with restricts once. */
export async function restrictAs(
  desk: Desk,
  id: string,
  { scope, reason, by, request }: RestrictionPlaced,
): Promise<Restriction> {
  const { restrictions, clock, pause } = desk
  const known = await restrictions.restriction(id)
  if (known !== null) return known
  const restriction = {
    ...{ id, scope, reason, request: request ?? null },
    placedBy: by,
    placedAt: clock.now(),
    liftedBy: null,
    liftedAt: null,
  }
  // It takes nothing away, and what it keeps from view must not wait for the log: so it is placed first.
  await restrictions.addRestriction(restriction)
  await record(desk, restriction)
  await pause(RESTRICTIONS_FRESH_MS)
  return restriction
}

/** What was placed when the process ended before the log had it: told now. Of one that the log has it may tell again. */
export async function recordRestrictions(desk: Omit<Desk, 'pause'>): Promise<void> {
  for (const restriction of await desk.restrictions.unrecorded()) await record(desk, restriction)
}

async function record(
  { restrictions, log, newId }: Omit<Desk, 'pause'>,
  { id, scope, request, placedBy }: Restriction,
): Promise<void> {
  await log.append({
    kind: 'restriction-placed',
    requestId: newId(),
    operator: placedBy,
    resource: scope.kind === 'data-subject' ? (scope.resource ?? null) : scope.resource,
    detail: { restriction: id, scope: scope.kind, ...(request === null ? {} : { request }) },
  })
  await restrictions.noteRecorded(id)
}

/** @throws UnavailableError when it may not have been recorded: then the restriction stands */
export async function liftRestriction(
  { restrictions, log, clock, newId }: Omit<Desk, 'pause'>,
  id: string,
  by: Pseudonym,
  /** Whether who asked for it was told beforehand (GDPR Art. 18(3)). */
  informed = false,
): Promise<RestrictionOutcome> {
  const restriction = await restrictions.restriction(id)
  if (restriction === null || restriction.liftedAt !== null) return refuse('unknown-restriction')
  // To show again what was kept from view takes two people, as to let go what was held does.
  if (mayBeSamePerson(restriction.placedBy, by)) return refuse('same-person')
  if (restriction.request !== null && !informed) return refuse('not-informed')
  await log.append({
    kind: 'restriction-lifted',
    requestId: newId(),
    operator: by,
    detail: { restriction: id, scope: restriction.scope.kind, informed },
  })
  const lifted = { ...restriction, liftedBy: by, liftedAt: clock.now() }
  return (await restrictions.liftRestriction(lifted))
    ? { ok: true, restriction: lifted }
    : refuse('unknown-restriction')
}
