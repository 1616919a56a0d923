/*
 * `npm run bench -- oversight`: two years of the sample body's log with planted misbehaviour, watched from the beginning; then
 * one more day, after the whole of it and after a tenth. Every count is against the generator's labels, which nothing but
 * this file and the tests can read.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { appendHistory } from '@varco/access-log'
import { PLANTED_KINDS } from '@varco/demo/labels'
import { migrate, openDatabase, openLogStore, startEmbeddedServer, type Database } from '@varco/postgres'
import { PAST_NOW, pastOfSampleBody } from '../support/past-of-sample-body.ts'
import { judgeAlerts } from './oversight/judge-alerts.ts'

const POLICIES = path.join(import.meta.dirname, '../../policies')
const ALL = 100_000
const TENTH_DAYS = 73
const INCREMENT = 5_000

export default async function bench(): Promise<unknown> {
  const dir = await mkdtemp(path.join(tmpdir(), 'varco-bench-oversight-'))
  await chmod(dir, 0o755)
  try {
    await using server = await startEmbeddedServer({ dir: path.join(dir, 'pg') })
    const short = await measure(server.url, 'short', TENTH_DAYS)
    const whole = await measure(server.url, 'whole')
    const { judgement } = whole
    for (const [rule, score] of Object.entries(judgement.perRule))
      console.log(rule.padEnd(20), JSON.stringify(score))
    for (const missed of judgement.missed)
      console.log('missed', missed.kind, missed.operator, missed.contract)
    for (const wrong of judgement.wrong.slice(0, 30))
      console.log('wrong', wrong.rule, wrong.operator, wrong.contract, JSON.stringify(wrong.facts))
    return {
      bench: 'oversight',
      recall: round(judgement.recall),
      precision: round(judgement.precision),
      slow_snoop_found: judgement.perRule['breadth']?.found === judgement.perRule['breadth']?.planted,
      events_per_s: Math.round(whole.events / whole.seconds),
      per_rule: judgement.perRule,
      events: whole.events,
      alerts: whole.alerts,
      cpu_events_per_s: Math.round(whole.events / whole.cpuSeconds),
      increment_ms: Math.round(whole.incrementMs),
      increment_ms_after_a_tenth: Math.round(short.incrementMs),
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function measure(serverUrl: string, name: string, days?: number) {
  await using admin = openDatabase({ url: serverUrl })
  await admin.pool.query(`CREATE DATABASE ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  await using database = openDatabase({ url: url.href })
  await migrate(database)
  const past = await watchedPast(database, days)
  const { watcher } = past
  const cpu = process.cpuUsage()
  const started = performance.now()
  const pass = await watcher.pass()
  const seconds = (performance.now() - started) / 1_000
  const used = process.cpuUsage(cpu)
  const alerts = await past.store.alerts({ limit: ALL })
  const judgement = judgeAlerts(alerts, past.cases, PLANTED_KINDS)
  await using logStore = openLogStore(database, { mindsClock: false })
  const incrementMs = await increment(past, logStore)
  return {
    ...{ seconds, events: pass.events, alerts: alerts.length, judgement, incrementMs },
    cpuSeconds: (used.user + used.system) / 1_000_000,
  }
}

/** What of the past is needed here. The rest is let go: two years of events in this process's memory are no part of the watch. */
async function watchedPast(database: Database, days?: number) {
  const { history, keys, clock, store, newWatcher } = await pastOfSampleBody({
    database,
    policies: POLICIES,
    ...(days === undefined ? {} : { days }),
  })
  const again = [...history.trees.values()].flat().slice(0, INCREMENT)
  const today = again.map(({ draft }, i) => ({ at: PAST_NOW + BigInt(i) * 5_000_000n, draft }))
  return { cases: history.cases, today, keys, clock, store, watcher: newWatcher() }
}

/** The same five thousand events again, as if they happened today. */
async function increment(
  { today, keys, clock, watcher }: Awaited<ReturnType<typeof watchedPast>>,
  store: ReturnType<typeof openLogStore>,
): Promise<number> {
  await appendHistory({ store, keys, clock, writer: 'today' }, today)
  const started = performance.now()
  await watcher.pass()
  return performance.now() - started
}

function round(share: number): number {
  return Math.round(share * 1_000) / 1_000
}
