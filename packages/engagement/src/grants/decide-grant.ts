import type { GrantId } from '@varco/core'
import type { Actor } from '../actor.ts'
import type { Grant } from './grant.ts'
import { recordGrantAct, type GrantDesk, type GrantOutcome, type Occasion } from './grant-desk.ts'
import { refuseGrant, type GrantRefused } from './grant-refusals.ts'
import { grantSettings } from './grant-settings.ts'
import { mayDecide } from './may-decide.ts'
import { grantEnd } from './plan-grant.ts'

/**
 * Gives what was asked, for as long as it was asked for or shorter. The matter is looked at again: the ticket must still
 * be open and the contract still run.
 * @throws UnavailableError when it may not have been recorded: then nothing was given
 */
export async function approveGrant(
  desk: GrantDesk,
  occasion: Occasion,
  approver: Actor,
  id: GrantId,
  given: { readonly minutes?: number } = {},
): Promise<GrantOutcome> {
  const grant = await askedOf(desk, occasion, approver, id)
  if ('ok' in grant) return grant
  const minutes = given.minutes ?? grant.minutes
  if (minutes > Math.min(grant.minutes, grantSettings(occasion.bundle)?.longest_minutes ?? 0))
    return refuseGrant('grant-too-long')
  const ticket = await desk.engagement.ticket(grant.matter.ticket)
  if (ticket === null || ticket.contract !== grant.contract) return refuseGrant('unknown-ticket')
  if (ticket.status === 'closed') return refuseGrant('ticket-closed')
  const ended = await endedContract(desk, occasion, grant)
  if (ended !== null) return ended
  const { now } = occasion
  return decided(desk, occasion, 'grant-approved', approver, {
    ...grant,
    state: 'approved',
    decidedBy: approver.pseudonym,
    decidedAt: now,
    expiresAt: grantEnd(occasion, grant.contract, minutes),
  })
}

/** @throws UnavailableError when it may not have been recorded: then nothing was decided */
export async function refuseAskedGrant(
  desk: GrantDesk,
  occasion: Occasion,
  approver: Actor,
  id: GrantId,
): Promise<GrantOutcome> {
  const grant = await askedOf(desk, occasion, approver, id)
  if ('ok' in grant) return grant
  return decided(desk, occasion, 'grant-refused', approver, {
    ...grant,
    state: 'refused',
    decidedBy: approver.pseudonym,
    decidedAt: occasion.now,
  })
}

async function askedOf(
  { store }: GrantDesk,
  occasion: Occasion,
  approver: Actor,
  id: GrantId,
): Promise<Grant | GrantRefused> {
  const grant = await store.grant(id)
  if (grant === null) return refuseGrant('unknown-grant')
  const barred = mayDecide(occasion, approver, grant)
  if (barred !== null) return barred
  return grant.state === 'asked' ? grant : refuseGrant('already-decided')
}

/** `null` while the asker's contract runs; the body's own staff have none. */
async function endedContract(
  { engagement }: GrantDesk,
  { bundle, now }: Occasion,
  { contract: id }: Grant,
): Promise<GrantRefused | null> {
  if (id === null) return null
  const contract = bundle.contracts.get(id)
  if (contract === undefined) return refuseGrant('unknown-contract')
  if (now >= contract.to) return refuseGrant('contract-ended')
  const state = (await engagement.contractState(id))?.state
  return state === 'active' || state === 'notice' ? null : refuseGrant('contract-not-active')
}

async function decided(
  desk: GrantDesk,
  occasion: Occasion,
  kind: 'grant-approved' | 'grant-refused',
  approver: Actor,
  next: Grant,
): Promise<GrantOutcome> {
  const grant = { ...next, revision: next.revision + 1 }
  const event = await recordGrantAct(desk, occasion, kind, grant, approver, {
    expires_us: grant.expiresAt === null ? null : String(grant.expiresAt),
  })
  // Somebody else decided in the meantime: theirs holds.
  return (await desk.store.replaceGrant(grant)) ? { ok: true, grant, event } : refuseGrant('already-decided')
}
