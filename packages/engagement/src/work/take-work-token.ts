import { createHash } from 'node:crypto'
import type { Actor } from '../actor.ts'
import type { Occasion } from '../grants/grant-desk.ts'
import { refuse } from '../refused.ts'
import { openWorkMonth, type AnnouncedMonth } from './open-work-month.ts'
import { WORK_REFUSALS, type WorkDesk, type WorkRefused } from './work-desk.ts'
import { phaseOf } from './work-month.ts'

export type TakenToken =
  | { readonly ok: true; readonly month: AnnouncedMonth; readonly blindSignature: Buffer }
  | WorkRefused

/**
 * Signs a worker's blinded token of the month, once each. It is kept that they had one, under a keyed hash and without a
 * time, and not in the log: when somebody took a token is nobody's business. The same blinded message is signed again,
 * so that an answer that was lost costs nobody their token.
 * @throws UnavailableError when the month's key may not have been recorded
 */
export async function takeWorkToken(
  desk: WorkDesk,
  occasion: Occasion,
  actor: Pick<Actor, 'operator' | 'contract'>,
  { month, blinded }: { readonly month: string; readonly blinded: Buffer },
): Promise<TakenToken> {
  const { contract, operator } = actor
  const { bundle, now } = occasion
  const terms = contract === null ? undefined : bundle.contracts.get(contract)
  if (contract === null || terms === undefined || now < terms.from || terms.to <= now)
    return refuse(WORK_REFUSALS, 'work-no-contract')
  const owner = { contract, month }
  if (phaseOf(month, now, bundle.document.varco.time_zone) !== 'taking')
    return refuse(WORK_REFUSALS, 'work-not-now')
  const open = await openWorkMonth(desk, occasion, owner)
  if (open === null) return refuse(WORK_REFUSALS, 'work-no-contract')
  // Before it is noted as taken: what cannot be signed costs nobody their token.
  const blindSignature = desk.keys.sign(owner, open.sealedKey, blinded)
  if (blindSignature === null) return refuse(WORK_REFUSALS, 'work-bad-blinding')
  const digest = createHash('sha256').update(blinded).digest('base64url')
  return (await desk.store.take(owner, desk.keys.takerOf(owner, operator), digest))
    ? { ok: true, month: open, blindSignature }
    : refuse(WORK_REFUSALS, 'work-token-taken')
}
