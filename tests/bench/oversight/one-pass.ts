/*
 * A process of `oversight-against`: goes over a log that stands, twice, with the code of a checkout, and prints what it took and
 * what the watch then holds, table by table as a hash.
 */
import { createHash, createSecretKey } from 'node:crypto'
import path from 'node:path'
import type * as Oversight from '@varco/oversight'
import type * as Policy from '@varco/policy'
import type * as Postgres from '@varco/postgres'

const [checkout = '.', url = '', key = '', now = ''] = process.argv.slice(2)
const PASSES = 2

const load = <T>(file: string): Promise<T> => import(path.join(checkout, 'packages', file)) as Promise<T>
const postgres = await load<typeof Postgres>('postgres/src/index.ts')
const { openWatcher } = await load<typeof Oversight>('oversight/src/index.ts')
const { loadBundle } = await load<typeof Policy>('policy/src/index.ts')

/** Everything the watch keeps, each row whole; of the version alone, which counts commits, nothing. */
const KEPT = {
  watch: 'SELECT position::text, tickets_to_us, refusals::text FROM varco.oversight_watch',
  days: 'SELECT d::text FROM varco.oversight_days d ORDER BY operator, day',
  work: 'SELECT w::text FROM varco.oversight_work w ORDER BY contract, month, dimension, value, decision',
  refusals:
    'SELECT r::text FROM varco.oversight_refusals r ORDER BY contract, month, purpose, resource, reason, field',
  // Who is behind a count is a set.
  workers: `SELECT counted, fifth_us, ARRAY(SELECT unnest(workers) ORDER BY 1)::text AS workers
    FROM varco.oversight_workers ORDER BY counted`,
  alerts: 'SELECT a::text FROM varco.alerts a ORDER BY key, generation',
} as const

const loaded = await loadBundle(path.join(checkout, 'policies'))
if (!loaded.ok) throw new Error('the sample bundle has mistakes')
const { bundle } = loaded
const lookup = createSecretKey(Buffer.from(key, 'hex'))
const clock = { now: () => BigInt(now) }

const passes = []
for (let n = 0; n < PASSES; n++) passes.push(await pass())
console.log(JSON.stringify(passes))

async function pass() {
  await using database = postgres.openDatabase({ url })
  await database.pool.query(
    `TRUNCATE varco.oversight_watch, varco.oversight_days, varco.oversight_work, varco.oversight_refusals,
       varco.oversight_workers, varco.alerts, varco.alert_contests`,
  )
  const watcher = openWatcher({
    feed: postgres.postgresEventFeed(database),
    store: postgres.postgresOversightStore(database),
    tickets: postgres.postgresTicketFacts(database, { key: lookup, bundle: () => bundle }),
    grants: postgres.postgresGrantFacts(database),
    people: postgres.postgresPeopleFacts(database),
    staff: postgres.postgresStaffFacts(database),
    ...{ bundle: () => bundle, clock, key: lookup },
  })
  const [cpu, thread, started] = [process.cpuUsage(), process.threadCpuUsage(), performance.now()]
  const { events } = await watcher.pass()
  const seconds = (performance.now() - started) / 1_000
  const [used, here] = [process.cpuUsage(cpu), process.threadCpuUsage(thread)]
  const kept: Record<string, string> = {}
  for (const [table, text] of Object.entries(KEPT)) {
    const { rows } = await database.pool.query(text)
    kept[table] = `${rows.length} rows, ${createHash('sha256').update(JSON.stringify(rows)).digest('hex')}`
  }
  return {
    ...{ events, seconds, kept },
    cpuSeconds: (used.user + used.system) / 1_000_000,
    judgeSeconds: (here.user + here.system) / 1_000_000,
  }
}
