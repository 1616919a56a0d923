import type { EventId } from '@varco/core'
import type { Occasion } from '../grants/grant-desk.ts'
import type { WorkDesk } from './work-desk.ts'
import type { WorkKeyOwner } from './work-keys.ts'
import { phaseOf, type WorkMonth } from './work-month.ts'
import { workKeyDigest } from './work-token.ts'

/** A month whose key is in the log, so that everybody can be told the same one. */
export interface AnnouncedMonth extends WorkMonth {
  readonly announced: EventId
}

/**
 * The month with its key, made now where it is the first time that anybody asks in the month itself. The log tells of the
 * key before anybody gets it: a key made for one worker alone, to know them again, would show there.
 * @returns `null` where there is none: another time, or a contract that does not run or that the bundle does not know
 * @throws UnavailableError when the key may not have been recorded
 */
export async function openWorkMonth(
  { store, keys, log }: WorkDesk,
  { bundle, now, requestId }: Occasion,
  owner: WorkKeyOwner,
): Promise<AnnouncedMonth | null> {
  const contract = bundle.contracts.get(owner.contract)
  if (contract === undefined) return null
  const found = await store.month(owner)
  const runs = contract.from <= now && now < contract.to
  const isNow = runs && phaseOf(owner.month, now, bundle.document.varco.time_zone) === 'taking'
  if (found === null && !isNow) return null
  const { contract: id, month } = owner
  const kept = found ?? (await store.putMonth({ contract: id, month, ...(await keys.create(owner)) }))
  if (kept.announced !== null) return { ...kept, announced: kept.announced }
  await store.announce(owner, await announced())
  const after = await store.month(owner)
  return after === null || after.announced === null ? null : { ...after, announced: after.announced }

  async function announced(): Promise<EventId> {
    const { id: event } = await log.append({
      kind: 'work-key-made',
      ...{ requestId, operator: null, contract: id, processor: contract?.processor ?? null },
      policyVersion: bundle.version,
      detail: { month, key: workKeyDigest(kept.publicKey) },
    })
    return event
  }
}
