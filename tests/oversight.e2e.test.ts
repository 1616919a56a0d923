import path from 'node:path'
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
  past = await pastOfSampleBody({ database, policies: POLICIES, ...WORLD })
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

test('ticket figures are what the tickets say, worked out again by SQL', async () => {
  const figures = postgresOversightFigures(database, past.keys.lookup)
  const report = await ticketIntegrity({ figures, bundle: past.bundle }, { from: 0n, to: LATER, now: LATER })
  const row = report.rows.find(({ contract }) => contract === 'aurispola-2026')
  const { rows } = await database.pool.query<Record<string, string>>(
    `WITH ordered AS (
       SELECT *, coalesce(data_subject, id) AS whose,
         lag(opened_us) OVER w AS before_opened, lag(closed_us) OVER w AS before_closed, lag(id) OVER w AS before
       FROM varco.tickets WHERE contract = 'aurispola-2026' AND opened_us < $1
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
       (SELECT avg(tickets) FROM episodes WHERE resolved) AS per_episode,
       (SELECT count(*) FROM numbered WHERE NOT begins AND (before_closed IS NULL OR before_closed > opened_us
          OR opened_us - before_opened <= 3 * 86400000000)) AS splits,
       (SELECT count(*) FROM numbered WHERE NOT begins AND before_closed <= opened_us) AS reopenings,
       (SELECT count(*) FROM varco.tickets WHERE contract = 'aurispola-2026' AND opened_us < $1)
         - (SELECT count(DISTINCT t.id) FROM varco.tickets t JOIN varco.events e ON e.body ->> 'ticket' = t.id
            WHERE t.contract = 'aurispola-2026' AND t.opened_us < $1
              AND e.body ->> 'kind' = 'access' AND e.body ->> 'decision' = 'permit') AS unused`,
    [PAST_NOW],
  )
  expect(row).toMatchObject({
    tickets: Number(rows[0]?.['tickets']),
    episodes: Number(rows[0]?.['episodes']),
    resolvedEpisodes: Number(rows[0]?.['resolved']),
    splits: Number(rows[0]?.['splits']),
    reopenings: Number(rows[0]?.['reopenings']),
    closedBeforeResolution: Number(rows[0]?.['reopenings']),
    ticketsWithoutAccess: Number(rows[0]?.['unused']),
  })
  expect(row?.ticketsPerResolvedEpisode).toBeCloseTo(Number(rows[0]?.['per_episode']), 9)
  expect(row?.price?.perResolvedEpisode).toBeCloseTo(
    (4.2 * (row?.tickets ?? 0)) / (row?.resolvedEpisodes ?? 1),
    6,
  )
  // What was planted is in it: five tickets where one matter was.
  const planted = past.history.cases.filter(({ kind, honest }) => kind === 'ticket-splitting' && !honest)
  // Beside it, the body's own units.
  expect(report.rows.map(({ contract }) => contract)).toContain(null)
  expect(planted.length).toBeGreaterThan(2)
  expect(row?.splits).toBeGreaterThanOrEqual(planted.length * 4)
  const interval = row?.ticketsPerResolvedEpisodeInterval
  expect(interval?.low).toBeLessThan(row?.ticketsPerResolvedEpisode ?? 0)
  expect(interval?.high).toBeGreaterThan(row?.ticketsPerResolvedEpisode ?? 0)
})
