import { isSamePerson, type Actor } from '../actor.ts'
import type { Occasion } from './grant-desk.ts'
import type { Grant } from './grant.ts'
import { refuseGrant, type GrantRefused } from './grant-refusals.ts'
import { grantSettings } from './grant-settings.ts'

/**
 * Who decides: the body's own staff, with the role for it, in the unit that owns the records; never the person who
 * asked, and so nobody of a contractor (invariant 11). `null`: they may.
 */
export function mayDecide({ bundle }: Occasion, actor: Actor, grant: Grant): GrantRefused | null {
  const roles = grantSettings(bundle)?.approver_roles ?? []
  if (isSamePerson(actor, grant)) return refuseGrant('own-request')
  const owner = bundle.resources.get(grant.matter.resource)?.document.owner
  return actor.contract === null &&
    actor.processor === null &&
    roles.includes(actor.role) &&
    actor.unit === owner
    ? null
    : refuseGrant('not-approver')
}
