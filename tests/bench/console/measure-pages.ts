/*
 * Measures the pages; run compiled, as users have it, for node strips no types of JSX. Argument: how many events.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { generateLogKeys, openAccessLogReader, subjectLookup } from '@varco/access-log'
import { ManualClock } from '@varco/core/testing'
import {
  countTicketUses,
  migrate,
  openDatabase,
  openLogStore,
  postgresAccessCounts,
  postgresOversightFigures,
  postgresOversightStore,
  postgresSavedSearches,
  postgresSessionStore,
  startEmbeddedServer,
} from '@varco/postgres'
import { MORNING, openConsole } from '../../../packages/console/tests/support/open-console.ts'
import { fillLog } from './fill-log.ts'
import { median } from '../log/workload.ts'

const ASKED = 15
const UNMEASURED = 2

const dir = await mkdtemp(path.join(tmpdir(), 'varco-bench-console-'))
try {
  await chmod(dir, 0o755)
  console.log(JSON.stringify(await measure(dir, Number(process.argv[2]))))
} finally {
  await rm(dir, { recursive: true, force: true })
}

async function measure(dir: string, events: number): Promise<unknown> {
  await using server = await startEmbeddedServer({ dir: path.join(dir, 'pg') })
  await using database = openDatabase({ url: server.url })
  await migrate(database)
  await using store = openLogStore(database, { mindsClock: false })
  const keys = generateLogKeys('gse.example/varco')
  const clock = new ManualClock(MORNING)
  const person = Buffer.from(subjectLookup(keys.lookup)({ kind: 'producer', id: 'P-1' }), 'latin1')
  console.log(`filling up to ${events} events`)
  await using filled = await fillLog({
    ...{ database, store, keys, clock, events },
    person: person.toString('hex'),
  })
  const counting = performance.now()
  await countTicketUses(database, { now: clock.now(), timeZone: 'Europe/Rome' })
  console.log('accesses by ticket counted in', `${((performance.now() - counting) / 1_000).toFixed(1)} s`)
  const reader = openAccessLogReader({ store, keys })
  await using opened = await openConsole({
    ...{ reader, log: filled.log, clock },
    sessions: postgresSessionStore(database),
    alerts: postgresOversightStore(database),
    figures: postgresOversightFigures(database, keys.lookup),
    counts: postgresAccessCounts(database),
    searches: postgresSavedSearches(database),
  })
  const visitor = opened.visitor()
  await visitor.signIn()
  await visitor.proveAgain()
  const csrf = await visitor.csrf('/me')
  const search = async (next: string): Promise<string> => {
    const form = { by: 'producer:id', identifier: 'P-1', case: 'RPD-2026-1', next, csrf }
    return (await visitor.post('/log/data-subject', form)).headers.get('location') ?? ''
  }
  const pages: Readonly<Record<string, string | ((turn: number) => string)>> = {
    today: '/',
    log: '/log',
    'log, all kinds': '/log?kind=all',
    'log, denied': '/log?decision=deny',
    'log, a company’s denied': '/log?decision=deny&processor=aurora',
    'log, a purpose nobody had': '/log?purpose=antimafia-assessment',
    'log, an operator': '/log?operator=op-7',
    'log, a ticket': '/log?ticket=T-77',
    'log, a month': '/log?from=2026-06-01&to=2026-06-30',
    'log, a data subject': await search('log'),
    'one event': `/log/events/${filled.event}`,
    timeline: '/log/timeline?operator=op-7',
    'timeline, a purpose nobody had': '/log/timeline?purpose=antimafia-assessment',
    'who looked': await search('looks'),
    alerts: '/alerts',
    grants: '/grants',
    contracts: '/contracts',
    'one contract': '/contracts/aurora-2026',
    'its people': '/contracts/aurora-2026/people',
    'its drift': '/contracts/aurora-2026/drift',
    'its tickets': '/contracts/aurora-2026/tickets',
    // Another period each time, all before the log begins: what was worked out is not shown again.
    'its tickets, worked out': (turn) =>
      `/contracts/aurora-2026/tickets?from=${2023 + Math.floor(turn / 12)}-${String((turn % 12) + 1).padStart(2, '0')}&to=2026-11`,
    'its friction': '/contracts/aurora-2026/friction',
    'its life': '/contracts/aurora-2026/life',
    policies: '/policies',
    matrix: '/policies/matrix',
    versions: '/policies/versions',
    simulator: '/policies/simulator',
    retention: '/retention',
    rules: '/retention/rules',
    'events told': '/retention/events',
    holds: '/retention/holds',
    restrictions: '/retention/restrictions',
    notices: '/requests/notices',
    requests: '/requests',
    calendar: '/requests/calendar',
    reports: '/reports',
    'a report': '/reports/breach',
    me: '/me',
    'own alerts': '/me/alerts',
    'own openings': '/me/openings',
    'time zone': '/time-zone',
    help: '/help',
  }
  const taken: Record<string, number> = {}
  for (const [name, address] of Object.entries(pages)) {
    const times: number[] = []
    for (let turn = 0; turn < UNMEASURED + ASKED; turn++) {
      const started = performance.now()
      const answer = await visitor.get(typeof address === 'string' ? address : address(turn))
      await answer.text()
      if (answer.status !== 200) throw new Error(`${name} answered ${answer.status}`)
      if (turn >= UNMEASURED) times.push(performance.now() - started)
    }
    taken[name] = Number(median(times).toFixed(1))
    console.log(name.padEnd(26), `${taken[name]} ms`, `most ${Math.max(...times).toFixed(1)} ms`)
  }
  return { bench: 'console', pages: taken, max_ms: Math.max(...Object.values(taken)), events }
}
