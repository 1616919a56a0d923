import type { GrantId } from '@varco/core'
import type { Actor } from '../actor.ts'
import type { Grant, GrantReview } from './grant.ts'
import { recordGrantAct, type GrantDesk, type GrantOutcome, type Occasion } from './grant-desk.ts'
import { refuseGrant } from './grant-refusals.ts'
import { reviewDue } from './grant-settings.ts'
import { mayDecide } from './may-decide.ts'
import { noticeOf } from './notices.ts'
import { grantEnd, planGrant, type Asker, type WantedGrant } from './plan-grant.ts'

/** Nobody approves it: what is written is all there is to judge it by. */
const SHORTEST_REASON = 20

/**
 * An emergency: the grant holds at once, for a short time, for the roles the bundle names and within the same rules. The
 * log has it as an event of its own, the owning unit is told, and must review it by a day the grant itself carries.
 * @throws UnavailableError when it may not have been recorded: then the glass is whole
 */
export async function breakGlass(
  desk: GrantDesk,
  occasion: Occasion,
  asker: Asker,
  wanted: WantedGrant,
): Promise<GrantOutcome> {
  const { bundle, now } = occasion
  if (wanted.reason.trim().length < SHORTEST_REASON) return refuseGrant('reason-too-short')
  const plan = planGrant(desk, occasion, asker, { ...wanted, minutes: null })
  if ('ok' in plan) return plan
  const emergency = plan.settings.break_glass
  if (emergency?.roles.includes(asker.actor.role) !== true) return refuseGrant('no-break-glass')
  const minutes = wanted.minutes ?? emergency.longest_minutes
  if (minutes > emergency.longest_minutes) return refuseGrant('grant-too-long')
  const grant: Grant = {
    ...plan.grant,
    minutes,
    state: 'approved',
    decidedAt: now,
    expiresAt: grantEnd(occasion, plan.grant.contract, minutes),
    emergency: { reviewDue: reviewDue(bundle, emergency.review_within, now), review: null },
  }
  const event = await recordGrantAct(desk, occasion, 'glass-broken', grant, asker.actor, { minutes })
  await desk.store.addGrant(grant)
  desk.notices.tell(noticeOf(bundle, grant))
  return { ok: true, grant, event }
}

/** The owning unit says afterwards whether an emergency was one. Once said it stands. */
export async function reviewBrokenGlass(
  desk: GrantDesk,
  occasion: Occasion,
  reviewer: Actor,
  id: GrantId,
  finding: Pick<GrantReview, 'outcome' | 'note'>,
): Promise<GrantOutcome> {
  const found = await desk.store.grant(id)
  if (found === null) return refuseGrant('unknown-grant')
  const barred = mayDecide(occasion, reviewer, found)
  if (barred !== null) return barred
  if (found.emergency === null || found.emergency.review !== null) return refuseGrant('nothing-to-review')
  const { outcome, note } = finding
  const review: GrantReview = { by: reviewer.pseudonym, at: occasion.now, outcome, note }
  const grant: Grant = {
    ...found,
    emergency: { ...found.emergency, review },
    revision: found.revision + 1,
  }
  const event = await recordGrantAct(desk, occasion, 'glass-reviewed', grant, reviewer, { outcome })
  return (await desk.store.replaceGrant(grant)) ? { ok: true, grant, event } : refuseGrant('already-decided')
}

const MOST_LISTED = 1_000

/** Emergencies whose review is late at `now`, latest first. */
export function overdueReviews(
  { store }: { readonly store: Pick<GrantDesk['store'], 'grants'> },
  { now }: Pick<Occasion, 'now'>,
) {
  return store.grants({ unreviewedAt: now, limit: MOST_LISTED })
}
