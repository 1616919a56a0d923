import type { RetentionDesk } from '../desk.ts'
import type { DisposeTask } from '../records.ts'
import type { DisposalRule } from '../rules.ts'
import { isEventDay } from './event-day.ts'
import { eventHash } from './record-event.ts'

interface EventDesk extends Pick<RetentionDesk, 'hashKey'> {
  readonly store: Pick<RetentionDesk['store'], 'eventDays'>
}

/** Of a record, the event its rule waits for: nobody has told it; the term since it runs; or it is over. */
export type EventStanding = 'untold' | 'running' | 'over'

/**
 * How the event that a rule waits for stands with each of these records. Of a rule that waits for none every term is over.
 * @throws UnavailableError when the store cannot say: then nothing may go
 */
export async function eventStanding(
  { store, hashKey }: EventDesk,
  { resource, event }: Pick<DisposalRule, 'resource' | 'event'>,
  keys: readonly string[],
): Promise<(key: string) => EventStanding> {
  if (event === null || keys.length === 0) return () => 'over'
  const hashes = new Map(keys.map((key) => [key, eventHash(hashKey, resource, key)]))
  const told = await store.eventDays(resource.name, event.id, [...hashes.values()])
  return (key) => {
    const on = told.get(hashes.get(key) ?? '')
    if (on === undefined) return 'untold'
    // However it came into the store: what is no day ends no term.
    if (!isEventDay(on)) return 'running'
    return on <= event.upTo ? 'over' : 'running'
  }
}

/** Asked of records that are about to go: which of them the event that a rule waits for lets go. @throws UnavailableError */
export function letGoByEvent(
  desk: EventDesk,
  rule: Pick<DisposalRule, 'resource' | 'event'>,
): DisposeTask['started'] {
  return async (keys) => {
    const standing = await eventStanding(desk, rule, keys)
    return (key) => standing(key) === 'over'
  }
}
