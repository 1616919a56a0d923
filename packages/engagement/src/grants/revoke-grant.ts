import type { GrantId } from '@varco/core'
import { isSamePerson, type Actor } from '../actor.ts'
import { recordGrantAct, type GrantDesk, type GrantOutcome, type Occasion } from './grant-desk.ts'
import { refuseGrant } from './grant-refusals.ts'
import { mayDecide } from './may-decide.ts'

/**
 * Takes a grant back, on every node: by whoever may decide on it, or by the person who has it and needs it no more. A
 * request that waits is withdrawn the same way.
 */
export async function revokeGrant(
  desk: GrantDesk,
  occasion: Occasion,
  actor: Actor,
  id: GrantId,
): Promise<GrantOutcome> {
  const found = await desk.store.grant(id)
  if (found === null) return refuseGrant('unknown-grant')
  const barred = isSamePerson(actor, found) ? null : mayDecide(occasion, actor, found)
  if (barred !== null) return barred
  const { expiresAt, state, revision } = found
  const isOver = expiresAt !== null && expiresAt <= occasion.now
  if (state === 'refused' || state === 'revoked' || isOver) return refuseGrant('not-in-force')
  const grant = {
    ...found,
    state: 'revoked' as const,
    revokedBy: actor.pseudonym,
    revokedAt: occasion.now,
    revision: revision + 1,
  }
  const event = await recordGrantAct(desk, occasion, 'grant-revoked', grant, actor)
  return (await desk.store.replaceGrant(grant)) ? { ok: true, grant, event } : refuseGrant('already-decided')
}
