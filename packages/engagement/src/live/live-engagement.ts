import {
  millisToMicros,
  type Clock,
  type ContractId,
  type GrantId,
  type Micros,
  type TicketId,
} from '@varco/core'
import type {
  ContractState,
  EngagementChange,
  EngagementFeed,
  EngagementStore,
  KnownOperator,
  Ticket,
} from '../facts.ts'
import type { Grant } from '../grants/grant.ts'
import { AgedMemory } from './aged-memory.ts'

export interface LiveEngagementOptions {
  readonly store: EngagementStore
  readonly feed: EngagementFeed
  readonly clock: Clock
  /** How old an answer may be: together with the time a request takes, the bound within which an end reaches this node. */
  readonly maxAgeMs?: number
}

/** The engagement as one node knows it. */
export interface LiveEngagement extends EngagementStore, AsyncDisposable {}

const MAX_AGE_MS = 1_000
const CAPACITY = 20_000

/**
 * Answers from memory what was asked a moment ago. The feed makes a change bite at once; the age bound makes it bite
 * where the feed is broken, and when the store no longer answers nothing is known any more: every method then throws
 * `UnavailableError`, and the caller denies.
 */
export async function liveEngagement(options: LiveEngagementOptions): Promise<LiveEngagement> {
  const { store, feed, clock } = options
  const bounds = { clock, maxAge: millisToMicros(options.maxAgeMs ?? MAX_AGE_MS), capacity: CAPACITY }
  const people = new AgedMemory<string, KnownOperator>({
    ...bounds,
    load: (key) => {
      const { issuer, externalId } = parsePersonKey(key)
      return store.whoIs(issuer, externalId, clock.now())
    },
  })
  const contracts = new AgedMemory<ContractId, ContractState>({
    ...bounds,
    load: (id) => store.contractState(id),
  })
  const tickets = new AgedMemory<TicketId, Ticket>({ ...bounds, load: (id) => store.ticket(id) })
  const grants = new AgedMemory<GrantId, Grant>({ ...bounds, load: (id) => store.grant(id) })

  const forget = (change: EngagementChange): void => {
    if (change.kind === 'ticket') tickets.forget(change.id)
    if (change.kind === 'tickets' || change.kind === 'everything') tickets.forgetAll()
    if (change.kind === 'grant') grants.forget(change.id)
    if (change.kind === 'grants' || change.kind === 'everything') grants.forgetAll()
    if (change.kind === 'people' || change.kind === 'everything') people.forgetAll()
    if (change.kind === 'contracts' || change.kind === 'everything') contracts.forgetAll()
  }
  const watch = await feed.watch(forget)

  return {
    whoIs: async (issuer, externalId, now) => {
      const person = await people.get(personKey(issuer, externalId))
      if (person === null || person.assignments.every((each) => holds(each, now))) return person
      return { ...person, assignments: person.assignments.filter((each) => holds(each, now)) }
    },
    ticket: (id) => tickets.get(id),
    contractState: (id) => contracts.get(id),
    grant: (id) => grants.get(id),
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  }
}

/** An assignment that ended while it was remembered has ended. */
function holds({ from, to }: KnownOperator['assignments'][number], now: Micros): boolean {
  return from <= now && (to === null || now < to)
}

/** No issuer holds a line break: it is an address. */
function personKey(issuer: string, externalId: string): string {
  return `${issuer}\n${externalId}`
}

function parsePersonKey(key: string): { readonly issuer: string; readonly externalId: string } {
  const end = key.indexOf('\n')
  return { issuer: key.slice(0, end), externalId: key.slice(end + 1) }
}
