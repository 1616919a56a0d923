import { mayBeSamePerson, type Pseudonym } from '@varco/core'
import type { Resource } from '@varco/policy'
import type { RetentionDesk } from '../desk.ts'
import type { DisposeTask } from '../records.ts'
import type { AwaitedEvent, DisposalRule } from '../rules.ts'
import { isEventDay } from './event-day.ts'
import { eventHash } from './record-event.ts'

export interface EventDesk extends Pick<RetentionDesk, 'hashKey' | 'contractEnds'> {
  readonly store: Pick<RetentionDesk['store'], 'lastTold'>
  readonly records: Pick<RetentionDesk['records'], 'textsIn'>
}

/** Of a record, what its rule waits for: some of it did not happen; the term since it runs; or all terms are over. */
export interface EventStanding {
  readonly term: 'untold' | 'running' | 'over'
  /** On whose word. */
  readonly tellers: readonly Pseudonym[]
}

const OVER: EventStanding = { term: 'over', tellers: [] }
const UNTOLD: EventStanding = { term: 'untold', tellers: [] }

type StandingOf = (key: string) => EventStanding

/**
 * How what a rule waits for stands with each of these records. Of a rule that waits for nothing every term is over.
 * @throws UnavailableError when the store cannot say: then nothing may go
 */
export async function eventStanding(
  desk: EventDesk,
  { resource, events }: Pick<DisposalRule, 'resource' | 'events'>,
  keys: readonly string[],
): Promise<StandingOf> {
  if (events.length === 0 || keys.length === 0) return () => OVER
  const standings = await Promise.all(
    events.map((event) =>
      event.kind === 'told'
        ? toldStanding(desk, resource, event, keys)
        : endStanding(desk, resource, event, keys),
    ),
  )
  return (key) => together(standings.map((standing) => standing(key)))
}

async function toldStanding(
  { store, hashKey }: EventDesk,
  resource: Resource,
  { id, upTo }: AwaitedEvent & { readonly kind: 'told' },
  keys: readonly string[],
): Promise<StandingOf> {
  const hashes = new Map(keys.map((key) => [key, eventHash(hashKey, resource, key)]))
  const told = await store.lastTold(resource.name, id, [...hashes.values()])
  return (key) => {
    const last = told.get(hashes.get(key) ?? '')
    return last === undefined ? UNTOLD : { term: termSince(last.on, upTo), tellers: [last.toldBy] }
  }
}

/** The records are locked when it is asked for the last time: nobody gives one another contract meanwhile. */
async function endStanding(
  { records, contractEnds }: EventDesk,
  resource: Resource,
  { field, upTo }: AwaitedEvent & { readonly kind: 'contract-end' },
  keys: readonly string[],
): Promise<StandingOf> {
  const contracts = await records.textsIn(resource, field, keys)
  const ends = await contractEnds([...new Set(contracts.values())])
  return (key) => {
    const end = ends.get(contracts.get(key) ?? '')
    return end === undefined ? UNTOLD : { term: termSince(end, upTo), tellers: [] }
  }
}

/** However it came into the store: what is no day ends no term. Days come in the order of their text. */
function termSince(on: string, upTo: string): 'running' | 'over' {
  return isEventDay(on) && on <= upTo ? 'over' : 'running'
}

function together(standings: readonly EventStanding[]): EventStanding {
  const terms = new Set(standings.map(({ term }) => term))
  const term = terms.has('untold') ? 'untold' : terms.has('running') ? 'running' : 'over'
  return { term, tellers: [...new Set(standings.flatMap(({ tellers }) => tellers))] }
}

/**
 * Asked of records that are about to go: which of them what a rule waits for lets go.
 * @param approvers of the plan: what one of them told, also after they had approved, would go on one person's word
 * @throws UnavailableError
 */
export function letGoByEvent(
  desk: EventDesk,
  rule: Pick<DisposalRule, 'resource' | 'events'>,
  approvers: readonly Pseudonym[],
): DisposeTask['started'] {
  return async (keys) => {
    const standing = await eventStanding(desk, rule, keys)
    return (key) => {
      const { term, tellers } = standing(key)
      return (
        term === 'over' &&
        !tellers.some((teller) => approvers.some((approver) => mayBeSamePerson(approver, teller)))
      )
    }
  }
}
