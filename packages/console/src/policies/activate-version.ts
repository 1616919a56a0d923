import { actDraft, type AccessLog } from '@varco/access-log'
import type { PolicyVersion } from '@varco/core'
import type { Assignment } from '@varco/engagement'
import { ActivationError, type PolicyStore } from '@varco/policy'
import { selfOf } from '../visit/viewer.ts'
import type { Visit } from '../visit/visit.ts'

/**
 * Puts a version in force, once the log has it. Who pushed it does not, under whichever of their pseudonyms (invariant 11).
 * @throws ActivationError when it may not be, UnavailableError when it may not have been recorded
 */
export async function activateVersion(
  { store, log }: { readonly store: PolicyStore; readonly log: AccessLog },
  visit: Visit,
  by: Assignment,
  version: PolicyVersion,
): Promise<void> {
  const [stored, previous] = await Promise.all([store.find(version), store.lastActivation()])
  // What the store would refuse must not stand in the log as done.
  if (stored === null) throw new ActivationError('unknown-version')
  if (await isOwn(visit, stored.putBy)) throw new ActivationError('same-person')
  if (previous?.version === version) throw new ActivationError('already-active')
  const { pseudonym, role, unit } = by
  await log.append(
    actDraft('policy-activated', {
      ...{ requestId: visit.requestId, operator: pseudonym, role, unit, policyVersion: version },
      detail: { version, approver: pseudonym, previous: previous?.version ?? null },
    }),
  )
  await store.activate(version, pseudonym)
}

/** Whether whoever looks has written under that name. */
export async function isOwn({ viewer }: Visit, putBy: string): Promise<boolean> {
  return (await selfOf(viewer))(putBy)
}
