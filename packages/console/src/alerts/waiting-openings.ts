import { OPENING_REQUEST_LIVES, type IdentityVault, type OpeningRequest } from '@varco/access-log'
import { assignmentFor } from '../visit/viewer.ts'
import type { Visit } from '../visit/visit.ts'

/** Openings of an identity that this person may decide on as the second one, and still can. */
export async function waitingOpenings(
  vault: Pick<IdentityVault, 'pending'>,
  { viewer, now }: Pick<Visit, 'viewer' | 'now'>,
): Promise<readonly OpeningRequest[]> {
  const as = viewer === null ? null : assignmentFor(viewer, 'open-identity')
  if (as === null) return []
  const pending = await vault.pending()
  return pending.filter(
    ({ pseudonym, requestedBy, requestedAt }) =>
      requestedBy !== as.pseudonym &&
      pseudonym !== as.pseudonym &&
      now - requestedAt <= OPENING_REQUEST_LIVES,
  )
}
