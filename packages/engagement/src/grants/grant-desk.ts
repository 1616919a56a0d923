import type { EventId, GrantId, Micros, RequestId } from '@varco/core'
import type { Bundle } from '@varco/policy'
import type { ActLog, EngagementActKind } from '../act-log.ts'
import type { Actor } from '../actor.ts'
import type { EngagementStore } from '../facts.ts'
import type { Grant } from './grant.ts'
import type { GrantRefused } from './grant-refusals.ts'
import type { GrantStore } from './grant-store.ts'
import type { Notices } from './notices.ts'

/** What every operation on grants works with. */
export interface GrantDesk {
  readonly store: GrantStore
  readonly engagement: Pick<EngagementStore, 'ticket' | 'contractState'>
  readonly log: ActLog
  readonly notices: Notices
  readonly newGrantId: () => GrantId
}

/** When, under which bundle and for which request an operation runs. */
export interface Occasion {
  readonly bundle: Bundle
  readonly now: Micros
  readonly requestId: RequestId
}

export type GrantOutcome =
  | {
      readonly ok: true
      readonly grant: Grant
      /** Its entry in the log; `null` where nothing new was done. */
      readonly event: EventId | null
    }
  | GrantRefused

/** Records what somebody did about a grant; whose record it is stays with the grant. */
export async function recordGrantAct(
  { log }: Pick<GrantDesk, 'log'>,
  { bundle, requestId }: Occasion,
  kind: EngagementActKind,
  { id, matter, contract, processor, pseudonym, owner }: Grant,
  by: Actor,
  detail: Readonly<Record<string, string | number | null>> = {},
): Promise<EventId> {
  const { id: event } = await log.append({
    kind,
    requestId,
    operator: by.pseudonym,
    role: by.role,
    unit: by.unit,
    // Whose contract the access is under, whoever acts.
    processor,
    contract,
    grant: id,
    ticket: matter.ticket,
    purpose: matter.purpose,
    action: matter.action,
    resource: matter.resource,
    policyVersion: bundle.version,
    detail: { owner, for: pseudonym, ...detail },
  })
  return event
}
