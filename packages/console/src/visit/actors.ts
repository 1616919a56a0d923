import { permitsAccess, type Actor, type Assignment, type EngagementStore } from '@varco/engagement'
import type { Visit } from './visit.ts'

/** Somebody at the console, as the engagement's operations take them. */
export interface ActingViewer {
  readonly actor: Actor
  readonly assignment: Assignment
}

/**
 * In whose name the person may act now: one for each assignment that their issuer may vouch for. Under a contract that
 * does not run there is none: nothing is told or done there, as at the proxy.
 * @throws UnavailableError when a contract's state cannot be learnt
 */
export async function actorsOf(
  { viewer, bundle, now }: Visit,
  engagement: Pick<EngagementStore, 'contractState'>,
): Promise<readonly ActingViewer[]> {
  if (viewer === null) return []
  const vouchedFor = bundle.issuers.get(viewer.session.issuer)
  const acting: ActingViewer[] = []
  for (const assignment of viewer.assignments) {
    const { contract: id, operator, pseudonym, role, unit } = assignment
    if (id === null) {
      if (vouchedFor === null)
        acting.push({
          assignment,
          actor: { operator, pseudonym, role, unit, processor: null, contract: null },
        })
      continue
    }
    const contract = bundle.contracts.get(id)
    if (contract === undefined || vouchedFor !== contract.processor) continue
    const live = await engagement.contractState(id)
    const runs = contract.from <= now && now < contract.to
    if (!runs || live === null || live.processor !== contract.processor || !permitsAccess(live.state))
      continue
    const { processor } = contract
    acting.push({ assignment, actor: { operator, pseudonym, role, unit, processor, contract: id } })
  }
  return acting
}
