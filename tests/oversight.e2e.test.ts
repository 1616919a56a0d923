import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { loadLogKeys } from '@varco/access-log'
import { runVarco } from '@varco/cli'
import { isoToMicros } from '@varco/core'
import { PLANTED_KINDS } from '@varco/demo/labels'
import {
  driftTable,
  friction,
  scopeDrift,
  tableCsv,
  ticketIntegrity,
  type WatchStore,
} from '@varco/oversight'
import { countTicketUses, postgresOversightFigures, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { judgeAlerts } from './bench/oversight/judge-alerts.ts'
import { PAST_NOW, pastOfSampleBody, type Past } from './support/past-of-sample-body.ts'

const POLICIES = path.join(import.meta.dirname, '../policies')
const stack = new AsyncDisposableStack()
let database: Database
let past: Past
let died = 0
let env: Readonly<Record<string, string>>

/** More of the past than the tests need, with `VARCO_ROUNDS`. */
const WORLD =
  process.env['VARCO_ROUNDS'] === undefined
    ? { producers: 2_000, days: 70, crew: 60 }
    : { producers: 4_000, days: 100, crew: 75 }

/** When the last month of the past is told, too. */
const LATER = PAST_NOW + 10n * 86_400_000_000n

/** Nobody declared anything. */
const declared = { counted: async () => [] }

/** Some months of a smaller body, watched by a watcher that dies between batches. */
beforeAll(async () => {
  database = stack.use(await scratchDatabase(inject('serverUrl')))
  const dir = await mkdtemp(path.join(tmpdir(), 'varco-oversight-'))
  const home = path.join(dir, 'home')
  env = { VARCO_HOME: home, VARCO_POLICIES: POLICIES, VARCO_LOG_LEVEL: 'silent', DATABASE_URL: database.url }
  const migrated = await varco('migrate', '--author', 'ADM-1', '--approver', 'DPO-1')
  if (migrated.code !== 0) throw new Error(migrated.err)
  const keys = await loadLogKeys(path.join(home, 'keys'))
  past = await pastOfSampleBody({ database, policies: POLICIES, keys, ...WORLD })
  await countTicketUses(database, { now: LATER, timeZone: 'Europe/Rome' })
  for (let deaths = 0; deaths < 6; deaths++) {
    const done = await past
      .newWatcher(dying(past.store, deaths))
      .pass()
      .then(
        () => true,
        () => false,
      )
    if (done) return
    died++
  }
  await past.newWatcher().pass()
}, 180_000)

afterAll(() => stack.disposeAsync())

async function varco(...argv: readonly string[]) {
  const out = new PassThrough()
  const err = new PassThrough()
  const code = await runVarco(argv, { env, out, err, stop: new AbortController().signal })
  out.end()
  err.end()
  return { code, out: await text(out), err: await text(err) }
}

/** Dies at the second batch: once before the commit, once after it. */
function dying(store: WatchStore, deaths: number): WatchStore {
  let batches = 0
  return {
    load: (lookBack) => store.load(lookBack),
    commit: async (commit) => {
      if (++batches < 2) return store.commit(commit)
      if (deaths % 2 === 1) await store.commit(commit)
      throw new Error('the process was killed')
    },
  }
}

test('finds what was planted, and leaves honest people alone', async () => {
  const alerts = await past.store.alerts({ limit: 10_000 })
  const { recall, precision, perRule, missed } = judgeAlerts(alerts, past.history.cases, PLANTED_KINDS)
  expect(
    recall,
    JSON.stringify(missed, (_, each: unknown) => String(each)),
  ).toBeGreaterThanOrEqual(0.95)
  expect(precision).toBeGreaterThanOrEqual(0.8)
  expect(perRule['breadth']).toMatchObject({ planted: 3, found: 3 })
  for (const alert of alerts) expect(alert.facts.length).toBeGreaterThan(0)
})

test('counted every access once, in spite of every death', async () => {
  expect(died).toBeGreaterThanOrEqual(2)
  const { rows } = await database.pool.query<{ counted: string; logged: string }>(
    `SELECT (SELECT sum(accesses) FROM varco.oversight_work WHERE dimension = 'purpose') AS counted,
            (SELECT count(*) FROM varco.events WHERE body ->> 'kind' = 'access') AS logged`,
  )
  expect(rows[0]?.counted).toBe(rows[0]?.logged)
})

test('nothing stored for the watch names a data subject or a field value', async () => {
  const { rows } = await database.pool.query<{ dump: string }>(
    `SELECT concat((SELECT json_agg(t) FROM varco.oversight_days t)::text, (SELECT json_agg(t) FROM varco.alerts t)::text,
      (SELECT json_agg(t) FROM varco.oversight_people t)::text, (SELECT json_agg(t) FROM varco.oversight_staff t)::text,
      (SELECT json_agg(t) FROM varco.oversight_lists t)::text) AS dump`,
  )
  const dump = rows[0]?.dump ?? ''
  expect(dump.length).toBeGreaterThan(100_000)
  expect(dump).not.toMatch(/PRD-\d{6}/)
  for (const { surname, address, taxCode } of past.history.staff.slice(0, 300)) {
    expect(dump).not.toContain(address ?? 'Via')
    expect(dump).not.toContain(`"${surname ?? ''}"`)
    expect(dump).not.toContain(taxCode ?? 'STAFF-')
  }
})

test('the drift of a contract is what the log says, counted again by SQL', async () => {
  const figures = postgresOversightFigures(database, past.keys.lookup)
  const drift = await scopeDrift(
    { figures, bundle: past.bundle, declared },
    { contract: 'aurispola-2026', from: '2026-07', to: '2026-11', now: LATER },
  )
  const { rows } = await database.pool.query<{
    purpose: string
    accesses: string
    refused: string
    first: string
  }>(
    `SELECT coalesce(body ->> 'purpose', '') AS purpose, count(*) AS accesses,
            count(*) FILTER (WHERE body ->> 'decision' = 'deny') AS refused, min(at_us) AS first
     FROM varco.events WHERE body ->> 'contract' = 'aurispola-2026' AND body ->> 'kind' = 'access' GROUP BY 1`,
  )
  const total = rows.reduce((sum, { accesses }) => sum + Number(accesses), 0)
  expect(drift?.accesses).toBe(total)
  const shown = drift?.rows.purpose.filter(({ count }) => count !== null) ?? []
  expect(shown.length).toBeGreaterThan(4)
  for (const { value, count, share, firstSeen } of shown) {
    const counted = rows.find(({ purpose }) => purpose === value)
    expect(count, value).toBe(Number(counted?.accesses))
    expect(share, value).toBeCloseTo(Number(counted?.accesses) / total, 9)
    expect(firstSeen, value).toBe(BigInt(counted?.first ?? 0))
  }
  const evaluation = drift?.rows.purpose.find(({ value }) => value === 'antimafia-evaluation')
  expect(evaluation).toMatchObject({ contracted: false, clause: null })
  const outside = rows.filter(
    ({ purpose }) => !past.bundle.contracts.get('aurispola-2026' as never)?.purposes.has(purpose as never),
  )
  const beyond = outside.reduce((sum, { accesses }) => sum + Number(accesses), 0)
  expect(drift?.outside).toBeCloseTo(beyond / total)
})

test('antimafia evaluation, contracted at nothing, is shown with the share the log has of it, month by month', async () => {
  const figures = postgresOversightFigures(database, past.keys.lookup)
  const { rows } = await database.pool.query<{
    month: string
    evaluated: string
    people: string
    all: string
  }>(
    `SELECT to_char(to_timestamp(at_us / 1e6) AT TIME ZONE 'Europe/Rome', 'YYYY-MM') AS month, count(*) AS all,
       count(*) FILTER (WHERE body ->> 'purpose' = 'antimafia-evaluation') AS evaluated,
       count(DISTINCT body ->> 'operator') FILTER (WHERE body ->> 'purpose' = 'antimafia-evaluation') AS people
     FROM varco.events WHERE body ->> 'contract' = 'aurispola-2026' AND body ->> 'kind' = 'access' GROUP BY 1`,
  )
  const months = rows.filter(({ people }) => Number(people) >= 5)
  expect(months.length).toBeGreaterThan(0)
  for (const { month, evaluated, all } of months) {
    const drift = await scopeDrift(
      { figures, bundle: past.bundle, declared },
      { contract: 'aurispola-2026', from: month, to: month, now: LATER },
    )
    const found = drift?.rows.purpose.find(({ value }) => value === 'antimafia-evaluation')
    expect(found).toMatchObject({ contracted: false, clause: null, count: Number(evaluated) })
    expect(found?.share).toBeCloseTo(Number(evaluated) / Number(all), 9)
    const line = drift === null ? '' : tableCsv(driftTable(drift, 'it'))
    expect(line).toMatch(/antimafia-evaluation.*no \(0 %\)/)
  }
})

test('no report of the watch names anybody who works, or tells one from another', async () => {
  const figures = postgresOversightFigures(database, past.keys.lookup)
  const deps = { figures, bundle: past.bundle, declared }
  const work = { contract: 'aurispola-2026', from: '2026-07', to: '2026-11', now: LATER }
  const reports = [
    await scopeDrift(deps, work),
    await friction(deps, work),
    await ticketIntegrity(deps, { from: 0n, to: LATER, now: LATER }),
  ]
  const told = JSON.stringify(reports, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each))
  expect(told.length).toBeGreaterThan(5_000)
  const pseudonyms = past.history.staff.map(({ pseudonym }) => pseudonym)
  expect(pseudonyms.length).toBeGreaterThan(50)
  expect(pseudonyms.filter((pseudonym) => told.includes(pseudonym))).toEqual([])
})

/** Of the tickets of a contract opened in `[from, to)`, some left out: what the report says of them, worked out by SQL alone. */
async function ticketsBySql(
  contract: string,
  [from, to]: readonly [bigint, bigint],
  without: readonly string[] = [],
) {
  const { rows } = await database.pool.query<Record<string, string>>(
    `WITH ordered AS (
       SELECT *, coalesce(data_subject, id) AS whose,
         lag(opened_us) OVER w AS before_opened, lag(closed_us) OVER w AS before_closed, lag(id) OVER w AS before
       FROM varco.tickets WHERE contract = $1 AND opened_us >= $2 AND opened_us < $3 AND id <> ALL ($4)
       WINDOW w AS (PARTITION BY purpose, coalesce(data_subject, id) ORDER BY opened_us, id)),
     marked AS (
       SELECT *, before IS NULL OR opened_us - before_opened > 30 * 86400000000 AS begins FROM ordered),
     numbered AS (
       SELECT *, sum(begins::int) OVER (PARTITION BY purpose, whose ORDER BY opened_us, id) AS episode FROM marked),
     episodes AS (
       SELECT purpose, whose, episode, count(*) AS tickets, bool_and(closed_us IS NOT NULL) AS resolved
       FROM numbered GROUP BY 1, 2, 3)
     SELECT (SELECT count(*) FROM numbered) AS tickets, (SELECT count(*) FROM episodes) AS episodes,
       (SELECT count(*) FROM episodes WHERE resolved) AS resolved,
       (SELECT sum(tickets) FROM episodes WHERE resolved) AS of_resolved,
       (SELECT count(*) FROM numbered WHERE NOT begins AND (before_closed IS NULL OR before_closed > opened_us
          OR opened_us - before_opened <= 3 * 86400000000)) AS splits,
       (SELECT count(*) FROM numbered WHERE NOT begins AND before_closed <= opened_us) AS reopenings`,
    [contract, from, to, without],
  )
  const count = (name: string): number => Number(rows[0]?.[name] ?? 0)
  return {
    ...{ tickets: count('tickets'), episodes: count('episodes'), resolvedEpisodes: count('resolved') },
    ...{ splits: count('splits'), reopenings: count('reopenings'), ofResolved: count('of_resolved') },
  }
}

test('ticket figures are what the tickets say, worked out again by SQL', async () => {
  const figures = postgresOversightFigures(database, past.keys.lookup)
  const report = await ticketIntegrity({ figures, bundle: past.bundle }, { from: 0n, to: LATER, now: LATER })
  const row = report.rows.find(({ contract }) => contract === 'aurispola-2026')
  const { ofResolved, ...counted } = await ticketsBySql('aurispola-2026', [0n, LATER])
  expect(row).toMatchObject({ ...counted, closedBeforeResolution: counted.reopenings })
  const { rows } = await database.pool.query<{ unused: string }>(
    `SELECT (SELECT count(*) FROM varco.tickets WHERE contract = 'aurispola-2026')
       - (SELECT count(DISTINCT t.id) FROM varco.tickets t JOIN varco.events e ON e.body ->> 'ticket' = t.id
          WHERE t.contract = 'aurispola-2026'
            AND e.body ->> 'kind' = 'access' AND e.body ->> 'decision' = 'permit') AS unused`,
  )
  expect(row?.ticketsWithoutAccess).toBe(Number(rows[0]?.unused))
  expect(row?.ticketsPerResolvedEpisode).toBeCloseTo(ofResolved / counted.resolvedEpisodes, 9)
  expect(row?.price?.perResolvedEpisode).toBeCloseTo((4.2 * counted.tickets) / counted.resolvedEpisodes, 6)
  // Beside it, the body's own units.
  expect(report.rows.map(({ contract }) => contract)).toContain(null)
  const interval = row?.ticketsPerResolvedEpisodeInterval
  expect(interval?.low).toBeLessThan(row?.ticketsPerResolvedEpisode ?? 0)
  expect(interval?.high).toBeGreaterThan(row?.ticketsPerResolvedEpisode ?? 0)
})

test('each splitting that was planted is in the ticket report with its five tickets, four of them splits of one matter', async () => {
  const figures = postgresOversightFigures(database, past.keys.lookup)
  const planted = past.history.cases.filter(({ kind, honest }) => kind === 'ticket-splitting' && !honest)
  expect(planted.length).toBeGreaterThan(2)
  const alerts = await past.store.alerts({ rule: 'ticket-splitting', limit: 100 })
  for (const { ticket = '', contract } of planted) {
    // Which tickets were made of the matter, its data subject and purpose tell, and the two days from the first on.
    const { rows } = await database.pool.query<{ id: string; opened_us: string }>(
      `SELECT t.id, t.opened_us FROM varco.tickets t JOIN varco.tickets f USING (contract, data_subject, purpose)
        WHERE f.id = $1 AND t.opened_us - f.opened_us BETWEEN 0 AND 2 * 86400000000 ORDER BY t.opened_us, t.id`,
      [ticket],
    )
    const ids = rows.map(({ id }) => id)
    expect(ids).toHaveLength(5)
    const period = [BigInt(rows[0]?.opened_us ?? 0), BigInt(rows.at(-1)?.opened_us ?? 0) + 1n] as const
    const report = await ticketIntegrity(
      { figures, bundle: past.bundle },
      { from: period[0], to: period[1], now: LATER, contracts: [contract] },
    )
    const { ofResolved: _all, ...whole } = await ticketsBySql(contract ?? '', period)
    const { ofResolved: _others, ...others } = await ticketsBySql(contract ?? '', period, ids)
    expect(report.rows).toMatchObject([whole])
    expect([whole.tickets, whole.episodes, whole.splits]).toEqual([
      ...[others.tickets + 5, others.episodes + 1, others.splits + 4],
    ])
    const about = alerts.filter(({ facts }) =>
      facts.some((fact) => fact.code === 'tickets-split' && fact.tickets.includes(ticket)),
    )
    expect(about).toMatchObject([
      { operator: null, contract, facts: [{ tickets: ids, purpose: 'invoice-enquiry' }] },
    ])
  }
})

test('the command’s ticket report has the same figures, in JSON and in the table that goes with it', async () => {
  const { code, out } = await varco(
    ...['--json', 'report', 'tickets', '--from', '2026-10-15', '--to', '2026-11-23', '--by', 'DPO-1'],
  )
  expect(code).toBe(0)
  const report = JSON.parse(out) as {
    readonly rows: readonly { readonly contract: { readonly id: string } | null }[]
    readonly files: { readonly csv: string }
  }
  // Days of the body: the clocks are put back in between.
  const [from, to] = ['2026-10-15T00:00:00+02:00', '2026-11-24T00:00:00+01:00'].map(
    (at) => isoToMicros(at) ?? 0n,
  )
  const period = [from ?? 0n, to ?? 0n] as const
  const { ofResolved, ...counted } = await ticketsBySql('aurispola-2026', period)
  expect(report.rows.find(({ contract }) => contract?.id === 'aurispola-2026')).toMatchObject({
    ...{ tickets: counted.tickets, episodes: counted.episodes, resolved_episodes: counted.resolvedEpisodes },
    ...{ splits: counted.splits, reopenings: counted.reopenings },
    tickets_per_resolved_episode: Math.round((ofResolved / counted.resolvedEpisodes) * 100) / 100,
  })
  const line = (await readFile(report.files.csv, 'utf8'))
    .split('\r\n')
    .find((each) => each.includes('aurispola-2026'))
  expect(line).toContain(`,${counted.tickets},${counted.episodes},`)
})
