import { OPENING_REQUEST_LIVES, type IdentityVault, type OpeningRequest } from '@varco/access-log'
import type { Micros } from '@varco/core'
import { assignmentFor, selfOf } from '../visit/viewer.ts'
import type { Visit } from '../visit/visit.ts'

/** An opening of an identity that nobody has decided on yet. */
export interface WaitingOpening {
  readonly request: OpeningRequest
  /** Whoever looks asked for it: it waits for somebody else. */
  readonly isOwn: boolean
}

type Who = Pick<Visit, 'viewer' | 'now'>

/** Those that can still be decided on, the oldest first. Of one that is about themselves nobody learns here. */
export async function waitingOpenings(
  vault: Pick<IdentityVault, 'pending'>,
  { viewer, now }: Who,
): Promise<readonly WaitingOpening[]> {
  const [pending, isOneself] = await Promise.all([vault.pending(), selfOf(viewer)])
  return pending
    .filter((request) => !isOneself(request.pseudonym) && now <= decidedUntil(request))
    .map((request) => ({ request, isOwn: isOneself(request.requestedBy) }))
}

/** How many of them this person may decide on as the second one. */
export async function openingsToDecide(vault: Pick<IdentityVault, 'pending'>, who: Who): Promise<number> {
  if (who.viewer === null || assignmentFor(who.viewer, 'open-identity') === null) return 0
  return (await waitingOpenings(vault, who)).filter(({ isOwn }) => !isOwn).length
}

export function decidedUntil({ requestedAt }: OpeningRequest): Micros {
  return requestedAt + OPENING_REQUEST_LIVES
}
