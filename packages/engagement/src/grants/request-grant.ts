import type { Grant } from './grant.ts'
import { recordGrantAct, type GrantDesk, type GrantOutcome, type Occasion } from './grant-desk.ts'
import { refuseGrant } from './grant-refusals.ts'
import { noticeOf } from './notices.ts'
import { planGrant, type Asker, type WantedGrant } from './plan-grant.ts'

const SHORTEST_REASON = 10
/** Waiting requests of one person: more than anybody's work needs, and the owning unit is not to be buried. */
const MOST_WAITING = 10

/**
 * Asks the unit that owns the records. Asking again for the same thing gives the request that waits already.
 * @throws UnavailableError when it may not have been recorded: then nothing was asked
 */
export async function requestGrant(
  desk: GrantDesk,
  occasion: Occasion,
  asker: Asker,
  wanted: WantedGrant,
): Promise<GrantOutcome> {
  if (wanted.reason.trim().length < SHORTEST_REASON) return refuseGrant('reason-too-short')
  const plan = planGrant(desk, occasion, asker, wanted)
  if ('ok' in plan) return plan
  const { grant } = plan
  const waiting = await desk.store.grants({
    state: 'asked',
    operator: grant.operator,
    limit: MOST_WAITING,
  })
  const same = waiting.find((each) => isSameMatter(each, grant))
  if (same !== undefined) return { ok: true, grant: same, event: null }
  if (waiting.length >= MOST_WAITING) return refuseGrant('too-many-asked')
  const event = await recordGrantAct(desk, occasion, 'grant-asked', grant, asker.actor, {
    minutes: grant.minutes,
  })
  await desk.store.addGrant(grant)
  desk.notices.tell(noticeOf(occasion.bundle, grant))
  return { ok: true, grant, event }
}

function isSameMatter(one: Grant, other: Grant): boolean {
  const { matter: a } = one
  const { matter: b } = other
  return (
    one.contract === other.contract &&
    a.resource === b.resource &&
    a.record === b.record &&
    a.dataSubject === b.dataSubject &&
    a.action === b.action &&
    a.purpose === b.purpose &&
    a.ticket === b.ticket
  )
}
