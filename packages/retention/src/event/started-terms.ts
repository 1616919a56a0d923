import { mayBeSamePerson, type Pseudonym } from '@varco/core'
import type { Resource } from '@varco/policy'
import type { RetentionDesk } from '../desk.ts'
import type { DisposeTask } from '../records.ts'
import type { AwaitedEvent, DisposalRule } from '../rules.ts'
import { isEventDay } from './event-day.ts'
import { isProven } from './proven-event.ts'
import { eventHash } from './record-event.ts'

export interface EventDesk extends Pick<RetentionDesk, 'hashKey' | 'contractEnds' | 'toldInLog'> {
  readonly store: Pick<RetentionDesk['store'], 'lastTold'>
  readonly records: Pick<RetentionDesk['records'], 'textsIn'>
}

/** Of a record, what its rule waits for: nobody told some of it; a term since it runs; they would be over by a row that the log does not bear out; or they are over. */
export interface EventStanding {
  readonly term: 'untold' | 'running' | 'unproven' | 'over'
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
  { store, hashKey, toldInLog }: EventDesk,
  resource: Resource,
  { id, upTo }: AwaitedEvent & { readonly kind: 'told' },
  keys: readonly string[],
): Promise<StandingOf> {
  const hashes = new Map(keys.map((key) => [key, eventHash(hashKey, resource, key)]))
  const told = await store.lastTold(resource.name, id, [...hashes.values()])
  const over = [...told].filter(([, { on }]) => termSince(on, upTo) === 'over').map(([hash]) => hash)
  const logged = await toldInLog(resource.name, id, over)
  return (key) => {
    const hash = hashes.get(key) ?? ''
    const last = told.get(hash)
    if (last === undefined) return UNTOLD
    const term = termSince(last.on, upTo)
    const isDoubtful = term === 'over' && !isProven(hashKey, last, logged.get(hash))
    return { term: isDoubtful ? 'unproven' : term, tellers: [last.toldBy] }
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
  // What is doubtful is told, whatever else the record waits for.
  const term = (['unproven', 'untold', 'running'] as const).find((each) => terms.has(each)) ?? 'over'
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
