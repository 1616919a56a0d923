import { mayBeSamePerson, type Pseudonym } from '@varco/core'
import type { RetentionDesk } from '../desk.ts'
import type { DisposeTask } from '../records.ts'
import type { DisposalRule } from '../rules.ts'
import { isEventDay } from './event-day.ts'
import { eventHash } from './record-event.ts'

interface EventDesk extends Pick<RetentionDesk, 'hashKey'> {
  readonly store: Pick<RetentionDesk['store'], 'lastTold'>
}

/** Of a record, the event its rule waits for: nobody has told it; the term since it runs; or it is over. */
export interface EventStanding {
  readonly term: 'untold' | 'running' | 'over'
  /** On whose word; `null`: on nobody's. */
  readonly toldBy: Pseudonym | null
}

const NOT_ASKED: EventStanding = { term: 'over', toldBy: null }
const UNTOLD: EventStanding = { term: 'untold', toldBy: null }

/**
 * How the event that a rule waits for stands with each of these records. Of a rule that waits for none every term is over.
 * @throws UnavailableError when the store cannot say: then nothing may go
 */
export async function eventStanding(
  { store, hashKey }: EventDesk,
  { resource, event }: Pick<DisposalRule, 'resource' | 'event'>,
  keys: readonly string[],
): Promise<(key: string) => EventStanding> {
  if (event === null || keys.length === 0) return () => NOT_ASKED
  const hashes = new Map(keys.map((key) => [key, eventHash(hashKey, resource, key)]))
  const told = await store.lastTold(resource.name, event.id, [...hashes.values()])
  return (key) => {
    const last = told.get(hashes.get(key) ?? '')
    if (last === undefined) return UNTOLD
    const { on, toldBy } = last
    // However it came into the store: what is no day ends no term. Days come in the order of their text.
    return { term: isEventDay(on) && on <= event.upTo ? 'over' : 'running', toldBy }
  }
}

/**
 * Asked of records that are about to go: which of them the event that a rule waits for lets go.
 * @param approvers of the plan: what one of them told, also after they had approved, would go on one person's word
 * @throws UnavailableError
 */
export function letGoByEvent(
  desk: EventDesk,
  rule: Pick<DisposalRule, 'resource' | 'event'>,
  approvers: readonly Pseudonym[],
): DisposeTask['started'] {
  return async (keys) => {
    const standing = await eventStanding(desk, rule, keys)
    return (key) => {
      const { term, toldBy } = standing(key)
      return (
        term === 'over' &&
        (toldBy === null || !approvers.some((approver) => mayBeSamePerson(approver, toldBy)))
      )
    }
  }
}
