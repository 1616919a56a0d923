import { asId, type Pseudonym } from '@varco/core'
import type { RetentionDesk } from '../desk.ts'
import { canonicalKey } from '../canonical-key.ts'
import { placeOf } from '../plan.ts'
import { refuse, type RetentionRefused } from '../refused.ts'
import { dayAt } from '../rules.ts'
import { awaitedEvents } from './awaited-events.ts'
import { isEventDay } from './event-day.ts'
import { sealOf } from './proven-event.ts'
import { eventHash, type HappenedEvent, type RecordEvent } from './record-event.ts'

type Desk = Pick<RetentionDesk, 'bundle' | 'records' | 'store' | 'log' | 'clock' | 'newId' | 'hashKey'>

export interface EventTold {
  readonly resource: string
  /** The record's key. */
  readonly record: string
  /** As a rule of the bundle calls it. */
  readonly event: string
  /** ISO date; `null` takes back what was told. */
  readonly on: string | null
  readonly by: Pseudonym
}

export type EventOutcome = { readonly ok: true; readonly event: RecordEvent } | RetentionRefused

/** What may be told, and corrects what was told before; `before` is `null` where nobody told anything, or took it back. */
export interface WeighedEvent {
  readonly ok: true
  /** The record's key as its type writes it. */
  readonly record: string
  readonly hash: string
  readonly before: HappenedEvent | null
}

/**
 * Whether it may be told, before it is; changes nothing.
 * @throws UnavailableError when records or store cannot say
 */
export async function weighEvent(
  { bundle: inForce, store, records, clock, hashKey }: Desk,
  told: Omit<EventTold, 'by'>,
): Promise<WeighedEvent | RetentionRefused> {
  const bundle = inForce()
  const resource = bundle.resources.get(asId(told.resource))
  const waitsForIt = awaitedEvents(bundle).some(
    ({ resource: of, id }) => of === told.resource && id === told.event,
  )
  if (resource === undefined || !waitsForIt) return refuse('unknown-event')
  const record = canonicalKey(resource, resource.key, told.record)
  if (record === null) return refuse('impossible-key')
  if (told.on !== null && !isEventDay(told.on)) return refuse('no-day')
  const today = dayAt(clock.now(), bundle.document.varco.time_zone).toString()
  if (told.on !== null && told.on > today) return refuse('event-to-come')
  const hash = eventHash(hashKey, resource, record)
  const before = (await store.lastTold(told.resource, told.event, [hash])).get(hash) ?? null
  if (told.on === null) {
    if (before === null) return refuse('event-untold')
  } else if (((await records.remaining(placeOf(resource), [record])) ?? []).length === 0)
    return refuse('unknown-record')
  return { ok: true, record, hash, before }
}

/**
 * Somebody's word that an event happened to a record, or did not after all: told again it is corrected. From its return on it
 * counts, for runs under way too. It lets a record go the sooner, so that it is logged first; what goes is agreed to as ever.
 * @throws UnavailableError when it may not have been told: then what was told before counts, unless the log has it already; then
 * nothing lets the record go until it is told again
 */
export async function tellEvent(desk: Desk, told: EventTold): Promise<EventOutcome> {
  const { store, log, clock, newId, bundle, hashKey } = desk
  const weighed = await weighEvent(desk, told)
  if (!weighed.ok) return weighed
  const { hash } = weighed
  const said = {
    ...{ id: newId(), resource: told.resource, hash, event: told.event, on: told.on },
    ...{ toldBy: told.by, toldAt: clock.now() },
  }
  const event: RecordEvent = { ...said, seal: sealOf(hashKey, said) }
  await log.append({
    kind: told.on === null ? 'retention-event-withdrawn' : 'retention-event-told',
    requestId: newId(),
    operator: told.by,
    policyVersion: bundle().version,
    resource: told.resource,
    // What the store is told, whole: the row is held against it before anything goes by it.
    detail: { id: event.id, event: told.event, record: hash, ...(told.on === null ? {} : { on: told.on }) },
  })
  await store.addEvent(event)
  return { ok: true, event }
}
