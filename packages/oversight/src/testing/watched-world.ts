import { createSecretKey } from 'node:crypto'
import type { SubjectLookup } from '@varco/access-log'
import type { Clock } from '@varco/core'
import type { Bundle } from '@varco/policy'
import type { PersonFacts } from '../facts/people-facts.ts'
import type { StaffMember } from '../facts/staff-facts.ts'
import type { WatchedTicket } from '../facts/ticket-facts.ts'
import type { FeedBatch, FeedPosition, WatchedEvent } from '../feed/event-feed.ts'
import { openWatcher, type Watcher } from '../watch/open-watcher.ts'
import type { WatchStore } from '../watch/watch-store.ts'
import { memoryOversightStore } from './memory-oversight-store.ts'

/** Everything a watcher sees, in memory, to be filled by a test. */
export interface WatchedWorld {
  readonly events: WatchedEvent[]
  readonly tickets: WatchedTicket[]
  readonly people: Map<SubjectLookup, PersonFacts>
  readonly staff: Map<string, StaffMember>
  readonly ended: Map<string, number>
  /** When each grant was given. */
  readonly grants: Map<string, number>
  readonly store: ReturnType<typeof memoryOversightStore>
  /** Events given out at once. */
  batch: number
  /** Events behind which there is a commit at the latest: each batch, as long as nothing else is said. */
  eventsACommit: number
  /** @param store what stands between the watcher and the world's own store, to fail on purpose */
  readonly watcher: (store?: WatchStore) => Watcher
}

export function watchedWorld(bundle: Bundle, clock: Clock): WatchedWorld {
  const world: WatchedWorld = {
    events: [],
    tickets: [],
    people: new Map(),
    staff: new Map(),
    ended: new Map(),
    grants: new Map(),
    store: memoryOversightStore(),
    batch: 1_000,
    eventsACommit: 1,
    watcher: (store = world.store) =>
      openWatcher({
        feed: { read: (after) => read(world, after) },
        store,
        tickets: {
          byId: async (ids) =>
            new Map(world.tickets.filter(({ id }) => ids.includes(id)).map((ticket) => [ticket.id, ticket])),
          openedBetween: async (contract, from, to) =>
            opened(world, from, to).filter((ticket) => ticket.contract === contract),
          repeatedBetween: async (from, to) => opened(world, from, to),
        },
        grants: { decidedAt: async () => world.grants },
        people: {
          about: async (lookups) =>
            new Map(
              lookups.flatMap((lookup) => {
                const person = world.people.get(lookup)
                return person === undefined ? [] : [[lookup, person] as const]
              }),
            ),
        },
        staff: { all: async () => world.staff, endedContracts: async () => world.ended },
        bundle: () => bundle,
        clock,
        key: createSecretKey(Buffer.alloc(32, 7)),
        eventsACommit: world.eventsACommit,
      }),
  }
  return world
}

/** One tree, whose index is the place in the list. */
async function* read({ events, batch }: WatchedWorld, after: FeedPosition): AsyncGenerator<FeedBatch> {
  const end = events.length
  for (let from = (after[0]?.seq ?? -1) + 1; from < end; from += batch) {
    const given = events.slice(from, Math.min(from + batch, end))
    const last = given.at(-1)
    yield {
      events: given,
      position: [{ writer: 'test', epoch: 1, seq: from + given.length - 1, at: last?.at ?? 0 }],
      left: end - from - given.length,
    }
  }
}

function opened({ tickets }: WatchedWorld, from: number, to: number): readonly WatchedTicket[] {
  return tickets
    .filter(({ openedAt }) => openedAt >= from && openedAt < to)
    .toSorted((a, b) => a.openedAt - b.openedAt)
}
