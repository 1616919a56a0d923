import { faultFields, type Diagnostics } from '@varco/core'
import { openWatcher, type Pass, type Watcher } from '@varco/oversight'
import {
  leaseWriter,
  postgresEventFeed,
  postgresGrantFacts,
  postgresOversightStore,
  postgresPeopleFacts,
  postgresPeopleIndex,
  postgresStaffFacts,
  postgresTicketFacts,
  type PeopleIndex,
} from '@varco/postgres'
import type { Services } from './services.ts'

/** No writer has a space in its name. */
const LEASE = 'oversight watch'
const EVERY_MS = 3_000
const PEOPLE_EVERY_MS = 6 * 3_600_000

/** The watch over the log, on real stores. */
export function watcherOf({ databases: { state }, policy, clock, keys }: Services): Watcher {
  const key = keys.log.lookup
  const bundle = () => policy.current()
  return openWatcher({
    feed: postgresEventFeed(state),
    store: postgresOversightStore(state),
    tickets: postgresTicketFacts(state, { key, bundle }),
    grants: postgresGrantFacts(state),
    people: postgresPeopleFacts(state),
    staff: postgresStaffFacts(state),
    ...{ bundle, clock, key },
  })
}

export function peopleIndexOf({ databases, keys }: Services): PeopleIndex {
  return postgresPeopleIndex(databases, keys.log.lookup)
}

/** One process of all watches; the others stand by. */
export interface Watching extends AsyncDisposable {
  /** Goes over what the log has gained, now; `null` while another process watches. */
  pass(): Promise<Pass | null>
}

/**
 * Watches every few seconds for as long as this process holds the lease. Should the lease be lost unseen, two watchers do no
 * harm: only one of them can commit.
 */
export function startWatching(services: Services, diagnostics: Diagnostics): Watching {
  const watcher = watcherOf(services)
  const index = peopleIndexOf(services)
  let lease: AsyncDisposable | null = null
  let stopped = false
  let indexedAt = -Infinity
  let running: Promise<Pass | null> = Promise.resolve(null)
  const once = async (): Promise<Pass | null> => {
    lease ??= await leaseWriter(services.databases.state.url, LEASE)
    if (lease === null) return null
    if (performance.now() - indexedAt > PEOPLE_EVERY_MS) {
      await index.indexPeople(services.policy.current())
      indexedAt = performance.now()
    }
    return watcher.pass()
  }
  const pass = (): Promise<Pass | null> => {
    if (stopped) return Promise.resolve(null)
    running = running.then(once, once)
    return running
  }
  const timer = setInterval(() => {
    if (stopped) return
    pass().catch((error: unknown) => {
      diagnostics.error('the watch over the log failed; it goes on from its last commit', faultFields(error))
    })
  }, EVERY_MS)
  return {
    pass,
    [Symbol.asyncDispose]: async () => {
      stopped = true
      clearInterval(timer)
      await running.catch(() => {})
      await lease?.[Symbol.asyncDispose]()
    },
  }
}
