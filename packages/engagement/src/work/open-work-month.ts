import type { EventId } from '@varco/core'
import type { Occasion } from '../grants/grant-desk.ts'
import type { WorkDesk } from './work-desk.ts'
import type { WorkKeyOwner } from './work-keys.ts'
import { phaseOf, type WorkMonth } from './work-month.ts'
import type { WorkStore } from './work-store.ts'
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
  desk: WorkDesk,
  occasion: Occasion,
  owner: WorkKeyOwner,
): Promise<AnnouncedMonth | null> {
  const { bundle, now } = occasion
  const contract = bundle.contracts.get(owner.contract)
  if (contract === undefined) return null
  const found = announcedOrNull(await desk.store.month(owner))
  if (found !== null) return found
  const runs = contract.from <= now && now < contract.to
  const isNow = runs && phaseOf(owner.month, now, bundle.document.varco.time_zone) === 'taking'
  return onceAtATime(desk.store, owner, () => announceMonth(desk, occasion, owner, isNow))
}

async function announceMonth(
  { store, keys, log }: WorkDesk,
  { bundle, requestId }: Occasion,
  owner: WorkKeyOwner,
  mayBeMade: boolean,
): Promise<AnnouncedMonth | null> {
  const { contract, month } = owner
  const found = await store.month(owner)
  if (found === null && !mayBeMade) return null
  const kept = found ?? (await store.putMonth({ contract, month, ...(await keys.create(owner)) }))
  if (kept.announced !== null) return { ...kept, announced: kept.announced }
  const { id: event } = await log.append({
    kind: 'work-key-made',
    ...{ requestId, operator: null, contract },
    processor: bundle.contracts.get(contract)?.processor ?? null,
    policyVersion: bundle.version,
    detail: { month, key: workKeyDigest(kept.publicKey) },
  })
  await store.announce(owner, event)
  return announcedOrNull(await store.month(owner))
}

function announcedOrNull(month: WorkMonth | null): AnnouncedMonth | null {
  return month === null || month.announced === null ? null : { ...month, announced: month.announced }
}

const underWay = new WeakMap<WorkStore, Map<string, Promise<AnnouncedMonth | null>>>()

/** Anybody may ask, without login: those who ask while the key is being made get that one, and not each a pair of theirs. */
function onceAtATime(
  store: WorkStore,
  { contract, month }: WorkKeyOwner,
  make: () => Promise<AnnouncedMonth | null>,
): Promise<AnnouncedMonth | null> {
  const made = underWay.get(store) ?? new Map<string, Promise<AnnouncedMonth | null>>()
  underWay.set(store, made)
  const name = `${contract}\n${month}`
  const known = made.get(name)
  if (known !== undefined) return known
  const making = make().finally(() => made.delete(name))
  made.set(name, making)
  return making
}
