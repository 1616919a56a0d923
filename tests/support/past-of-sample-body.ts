import { appendHistory, generateLogKeys, type LogKeys } from '@varco/access-log'
import { millisToMicros, type Clock, type Micros } from '@varco/core'
import { createSampleBody, sampleEngagement } from '@varco/demo'
import { labelledHistory, type LabelledHistory } from '@varco/demo/labels'
import { openWatcher, type AlertStore, type Watcher, type WatchStore } from '@varco/oversight'
import { loadBundle, type Bundle } from '@varco/policy'
import {
  openEngagementStore,
  openLogStore,
  postgresEventFeed,
  postgresGrantFacts,
  postgresOversightStore,
  postgresPeopleFacts,
  postgresPeopleIndex,
  postgresStaffFacts,
  postgresTicketFacts,
  type Database,
} from '@varco/postgres'

/** The end of the history: the sample body's day. */
export const PAST_NOW: Micros = millisToMicros(Date.parse('2026-11-24T05:00:00Z'))

export interface PastOptions {
  readonly database: Database
  readonly policies: string
  readonly producers?: number
  readonly days?: number
  readonly crew?: number
  /** Those of the log; new ones when absent. */
  readonly keys?: LogKeys
}

/** A database with the sample body's past in it, and a watch that has seen none of it yet. */
export interface Past {
  readonly history: LabelledHistory
  readonly bundle: Bundle
  readonly keys: LogKeys
  readonly clock: Clock
  readonly store: WatchStore & AlertStore
  /** @param store another one, to which each batch is committed by itself */
  readonly newWatcher: (store?: WatchStore) => Watcher
  readonly events: number
}

const TICKETS_AT_ONCE = 20_000

/** Writes the past through the log's own store, and tells the watch what it may know beside the log. */
export async function pastOfSampleBody(options: PastOptions): Promise<Past> {
  const { database, policies, producers = 20_000 } = options
  const loaded = await loadBundle(policies)
  if (!loaded.ok) throw new Error('the sample bundle has mistakes')
  const { bundle } = loaded
  const clock: Clock = { now: () => PAST_NOW }
  const keys = options.keys ?? generateLogKeys('past.example/varco')
  const { loadedAt } = await createSampleBody(database.pool, { now: PAST_NOW, producers })
  const history = await labelledHistory({
    ...{ now: PAST_NOW, producers, loadedAt },
    ...(options.days === undefined ? {} : { days: options.days }),
    ...(options.crew === undefined ? {} : { crew: options.crew }),
  })
  const engagement = openEngagementStore(database, (issuer, externalId) => `${issuer} ${externalId}`)
  const { contracts, operators, assignments } = sampleEngagement({ now: PAST_NOW, producers })
  await engagement.putMany({ contracts, operators, assignments })
  for (let at = 0; at < history.tickets.length; at += TICKETS_AT_ONCE)
    await engagement.putMany({ tickets: history.tickets.slice(at, at + TICKETS_AT_ONCE) })
  await using logStore = openLogStore(database, { mindsClock: false })
  let events = 0
  for (const [writer, entries] of history.trees)
    events += await appendHistory({ store: logStore, keys, clock, writer }, entries)
  const index = postgresPeopleIndex({ state: database, records: database }, keys.lookup)
  await index.indexPeople(bundle)
  await index.enrolStaff(history.staff)
  for (const canary of history.canaries)
    await index.putOnList('canary', canary, { by: 'DPO-1', at: PAST_NOW, reason: 'nobody has this file' })
  await database.pool.query('ANALYZE')
  const store = postgresOversightStore(database)
  return {
    ...{ history, bundle, keys, clock, store, events },
    newWatcher: (other) =>
      openWatcher({
        feed: postgresEventFeed(database),
        store: other ?? store,
        ...(other === undefined ? {} : { eventsACommit: 1 }),
        tickets: postgresTicketFacts(database, { key: keys.lookup, bundle: () => bundle }),
        grants: postgresGrantFacts(database),
        people: postgresPeopleFacts(database),
        staff: postgresStaffFacts(database),
        ...{ bundle: () => bundle, clock, key: keys.lookup },
      }),
  }
}
