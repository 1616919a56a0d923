import type { EventId } from '@varco/core'
import type { Actor } from '../actor.ts'
import {
  mayManage,
  refuseLife,
  type LifeDesk,
  type LifeOccasion,
  type LifeRefused,
} from '../life/life-desk.ts'
import type { CopiesLedger, Copy, CopyEnd } from './copies-ledger.ts'

export interface CopyDesk {
  readonly ledger: CopiesLedger
  readonly log: LifeDesk['log']
}

export type CopyOutcome = { readonly ok: true; readonly copy: Copy; readonly event: EventId } | LifeRefused

const SHORTEST_REASON = 10

/** What became of a copy: returned, destroyed, or left where it is for a reason. Once recorded it stands. */
export async function settleCopy(
  { ledger, log }: CopyDesk,
  occasion: LifeOccasion,
  actor: Actor,
  id: string,
  end: { readonly how: CopyEnd; readonly reason: string },
): Promise<CopyOutcome> {
  const barred = mayManage(occasion, actor)
  if (barred !== null) return barred
  if (end.reason.trim().length < SHORTEST_REASON) return refuseLife('reason-too-short')
  const copy = await ledger.copy(id)
  if (copy === null) return refuseLife('unknown-copy')
  if (copy.settled !== null) return refuseLife('changed-meanwhile')
  const { id: event } = await log.append({
    kind: 'copy-settled',
    requestId: occasion.requestId,
    operator: actor.pseudonym,
    role: actor.role,
    unit: actor.unit,
    contract: copy.contract,
    processor: copy.processor,
    purpose: copy.purpose,
    policyVersion: occasion.bundle.version,
    detail: { copy: id, made_in: copy.event, how: end.how },
  })
  const settled = { ...end, by: actor.pseudonym, at: occasion.now }
  return (await ledger.settleCopy(id, settled))
    ? { ok: true, copy: { ...copy, settled }, event }
    : refuseLife('changed-meanwhile')
}
