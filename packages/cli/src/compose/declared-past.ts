import { randomUUID } from 'node:crypto'
import { asId, isoToMicros, type ContractId, type Micros, type RequestId } from '@varco/core'
import {
  closeWorkMonths,
  declareWork,
  monthAt,
  monthBefore,
  openWorkMonth,
  takeWorkToken,
  type Assignment,
  type Occasion,
} from '@varco/engagement'
import { blindWorkToken } from '../work/work-token.ts'
import { workDesk } from './declared-work.ts'
import type { Services } from './services.ts'

/** Enough that their sums may be shown. */
const DECLARERS = 8
/** What each of them did off the system, in hours: a desk that the contract covers, files and fairs that it does not. */
const HOURS = { reception: 24, 'antimafia-evaluation': 30, 'trade-fair-contact': 16 }

/**
 * What some of the sample body's contact centre declared of the month before last: tokens, declarations and closing as
 * they are made in earnest, only the calendar is turned back. Once; where the contract did not run then, nothing.
 */
export async function declareSamplePast(
  services: Services,
  { now, contract, assignments }: { now: Micros; contract: ContractId; assignments: readonly Assignment[] },
): Promise<void> {
  const bundle = services.policy.current()
  const desk = workDesk(services, services.commandLog)
  const handingIn = monthBefore(monthAt(now, bundle.document.varco.time_zone))
  const owner = { contract, month: monthBefore(handingIn) }
  if ((await desk.store.month(owner)) !== null) return
  const during = (month: string): Occasion => ({
    ...{ bundle, requestId: asId<RequestId>(randomUUID()) },
    now: isoToMicros(`${month}-15T12:00:00Z`) ?? now,
  })
  const month = await openWorkMonth(desk, during(owner.month), owner)
  if (month === null) return
  const workers = assignments.filter((each) => each.contract === contract).slice(0, DECLARERS)
  for (const { operator } of workers) {
    const { blinded, unblind } = await blindWorkToken(owner, month.publicKey)
    const asked = { month: owner.month, blinded: Buffer.from(blinded) }
    const taken = await takeWorkToken(desk, during(owner.month), { operator, contract }, asked)
    if (!taken.ok) continue
    const { message, signature } = await unblind(taken.blindSignature)
    const token = {
      ...{ ...owner, message: Buffer.from(message, 'base64url') },
      signature: Buffer.from(signature, 'base64url'),
    }
    await declareWork(desk, during(handingIn), { token, hours: HOURS })
  }
  await closeWorkMonths(desk, { ...during(handingIn), now })
}
