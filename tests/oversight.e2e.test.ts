import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { appendHistory, loadLogKeys, type EventDraft, type PastEvent } from '@varco/access-log'
import { runVarco } from '@varco/cli'
import { asId, isoToMicros } from '@varco/core'
import { PLANTED_KINDS } from '@varco/demo/labels'
import { grantFact } from '@varco/engagement/testing'
import {
  driftTable,
  friction,
  scopeDrift,
  tableCsv,
  ticketIntegrity,
  type WatchStore,
} from '@varco/oversight'
import {
  countTicketUses,
  openGrantStore,
  openLogStore,
  postgresOversightFigures,
  type Database,
} from '@varco/postgres'
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

test('a surname weighs by how frequent it is and by how many live in the municipality, worked out again by SQL', async () => {
  const { rows } = await database.pool.query<{ kept: string[]; counted: string[] }>(
    `WITH named AS (
       SELECT trim(regexp_replace(upper(normalize(surname, NFD)), '[^A-Z0-9]+', ' ', 'g')) AS name,
         trim(regexp_replace(upper(normalize(municipality, NFD)), '[^A-Z0-9]+', ' ', 'g')) AS place
       FROM gse.producer WHERE surname IS NOT NULL),
     weighed AS (
       SELECT round((count(*) OVER (PARTITION BY name))::numeric / count(*) OVER () * count(*) OVER (PARTITION BY place), 3) AS chance
       FROM named WHERE place IS NOT NULL)
     SELECT (SELECT array_agg(chance::numeric ORDER BY chance) FROM varco.oversight_people WHERE chance IS NOT NULL)::text[] AS kept,
       (SELECT array_agg(chance ORDER BY chance) FROM weighed)::text[] AS counted`,
  )
  const [kept, counted] = [rows[0]?.kept ?? [], rows[0]?.counted ?? []].map((all) => all.map(Number))
  expect(kept).toEqual(counted)
  expect(new Set(kept).size).toBeGreaterThan(10)
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

/** The log's accesses under a contract in some months, by purpose, counted by SQL alone. */
async function purposesBySql(contract: string, from: string, to: string) {
  const { rows } = await database.pool.query<{
    purpose: string
    accesses: string
    refused: string
    people: string
  }>(
    `SELECT coalesce(body ->> 'purpose', '') AS purpose, count(*) AS accesses,
       count(*) FILTER (WHERE body ->> 'decision' = 'deny') AS refused, count(DISTINCT body ->> 'operator') AS people
     FROM varco.events WHERE body ->> 'kind' = 'access' AND body ->> 'contract' = $1
       AND to_char(to_timestamp(at_us / 1e6) AT TIME ZONE 'Europe/Rome', 'YYYY-MM') BETWEEN $2 AND $3
     GROUP BY 1`,
    [contract, from, to],
  )
  return rows.map(({ purpose, ...counts }) => ({
    ...{ purpose, accesses: Number(counts.accesses), refused: Number(counts.refused) },
    people: Number(counts.people),
  }))
}

test('the command’s drift report says antimafia evaluation is contracted at nothing, and its share of the log, in JSON, CSV and the page to attach', async () => {
  const { code, out } = await varco(
    ...['--json', 'report', 'scope', '--contract', 'aurispola-2026'],
    ...['--from', '2026-10', '--to', '2026-10', '--by', 'DPO-1'],
  )
  expect(code).toBe(0)
  const report = JSON.parse(out) as {
    readonly accesses: number
    readonly outside: number
    readonly outside_at_least: boolean
    readonly purposes: readonly {
      readonly value: { readonly id: string; readonly title: string }
      readonly contracted: boolean
      readonly accesses: number | null
      readonly refused: number | null
      readonly share: number | null
      readonly evidence: readonly string[]
    }[]
    readonly files: Readonly<Record<'csv' | 'html' | 'pdf', string>>
  }
  const counted = await purposesBySql('aurispola-2026', '2026-10', '2026-10')
  const all = counted.reduce((sum, { accesses }) => sum + accesses, 0)
  expect(report.accesses).toBe(all)
  const share = (accesses: number): number => Math.round((accesses / all) * 1_000) / 10
  const told = report.purposes.filter(({ accesses }) => accesses !== null)
  expect(told.length).toBeGreaterThan(4)
  for (const row of told) {
    const found = counted.find(({ purpose }) => purpose === row.value.id)
    expect([row.accesses, row.share], row.value.id).toEqual([found?.accesses, share(found?.accesses ?? 0)])
    expect([null, found?.refused], row.value.id).toContain(row.refused)
    const annex = past.bundle.contracts.get('aurispola-2026' as never)?.purposes
    expect(row.contracted, row.value.id).toBe(annex?.has(row.value.id as never))
  }
  const evaluation = told.find(({ value }) => value.id === 'antimafia-evaluation')
  expect(evaluation).toMatchObject({ contracted: false })
  expect(evaluation?.share).toBeGreaterThan(0)
  // Its evidence can be looked up: entries of the log about just that.
  const { rows: shown } = await database.pool.query<{ purpose: string }>(
    `SELECT DISTINCT body ->> 'purpose' AS purpose FROM varco.events
      WHERE writer || '.' || epoch || '.' || seq = ANY ($1)`,
    [evaluation?.evidence],
  )
  expect(shown).toEqual([{ purpose: 'antimafia-evaluation' }])
  const line = (await readFile(report.files.csv, 'utf8'))
    .split('\r\n')
    .find((each) => each.includes(evaluation?.value.title ?? '-'))
  expect(line).toMatch(new RegExp(`,"no","2026-10",${evaluation?.accesses},${evaluation?.share},""$`))
  // In the chart its bar is as long as its share.
  const most = Math.max(...told.map((row) => row.share ?? 0))
  const part = ((evaluation?.share ?? 0) / most).toFixed(4)
  const text = String(evaluation?.share).replace('.', ',')
  expect(await readFile(report.files.html, 'utf8')).toContain(
    `<li><span>${evaluation?.value.title}</span> <i style="--part:${part}">${text}</i></li>`,
  )
  expect((await readFile(report.files.pdf)).subarray(0, 5).toString()).toBe('%PDF-')
})

const MINUTE = 60_000_000n
const OCTOBER = isoToMicros('2026-10-14T08:00:00Z') ?? 0n

/**
 * Six operators are refused the state of a correction three times each for want of a grant; two of the three are granted, half an
 * hour later and more, and looked at ten minutes after that. And each looks for an invoice by its IBAN, which is masked.
 */
async function correctionsByGrant(): Promise<void> {
  const work = [...past.history.trees.values()].flat().map(({ draft }) => draft)
  const drafts = new Map(
    work
      .filter(({ contract, role }) => contract === 'aurispola-2026' && role === 'contact-centre.operator')
      .map((draft) => [draft.operator, draft]),
  )
  const grants = openGrantStore(database)
  const events: PastEvent[] = []
  for (const [i, draft] of [...drafts.values()].slice(0, 6).entries()) {
    const byIban: EventDraft = {
      ...{ ...draft, purpose: 'invoice-enquiry', resource: 'invoice', plain: [], masked: [], rules: [] },
      ...{ decision: 'deny', reasons: ['field-not-plain'], disclosures: [], detail: { field: 'iban' } },
      filters: ['status', 'iban'].map((field) => ({ field, op: 'eq', value: 'x' })),
    }
    events.push({ at: OCTOBER + BigInt(i * 4 * 60 - 30) * MINUTE, draft: byIban })
    for (let n = 0; n < 3; n++) {
      const at = OCTOBER + BigInt(i * 4 * 60 + n * 60) * MINUTE
      const [id, ticket] = [`G-2026-${i}-${n}`, `T-by-grant-${i}-${n}`]
      const asked: EventDraft = {
        ...{ ...draft, ticket, purpose: 'invoice-enquiry', resource: 'invoice_correction', grant: null },
        ...{ plain: [], masked: [], decision: 'deny', reasons: ['no-grant'], rules: [], disclosures: [] },
      }
      events.push({ at, draft: asked })
      if (n === 2) continue
      const decidedAt = at + BigInt(30 + i) * MINUTE
      await grants.addGrant(
        grantFact({
          ...{ id: asId(id), pseudonym: asId(draft.operator ?? ''), contract: asId('aurispola-2026') },
          ...{ askedAt: at, state: 'approved', decidedBy: asId('GSE-1') },
          ...{ decidedAt, expiresAt: decidedAt + 60n * MINUTE },
        }),
      )
      const shown: EventDraft = {
        ...{ ...asked, grant: id, plain: ['status'], decision: 'permit', reasons: ['permitted'] },
        rules: ['cc-invoice-correction-by-grant'],
        disclosures: draft.disclosures.slice(0, 1),
      }
      events.push({ at: decidedAt + 10n * MINUTE, draft: shown })
    }
  }
  await using store = openLogStore(database, { mindsClock: false })
  const { keys, clock } = past
  await appendHistory({ store, keys, clock, writer: 'grants' }, events)
  await past.newWatcher().pass()
}

test('the command’s friction report says what the log has of refusals and grants, and drafts the rule that would spare them', async () => {
  await correctionsByGrant()
  const { code, out } = await varco(
    ...['--json', 'report', 'friction', '--contract', 'aurispola-2026'],
    ...['--from', '2026-10', '--to', '2026-10', '--by', 'DPO-1'],
  )
  expect(code).toBe(0)
  const report = JSON.parse(out) as {
    readonly rows: readonly {
      readonly purpose: string
      readonly resource: string
      readonly reason: string
      readonly field: string
      readonly refusals: number | null
      readonly granted: number | null
      readonly minutesToGrant: number | null
    }[]
    readonly amendments: readonly { readonly kind: string; readonly draft: string; readonly diff: string }[]
    readonly files: Readonly<Record<'csv' | 'html', string>>
  }
  const { rows } = await database.pool.query<Record<string, string>>(
    `SELECT body ->> 'purpose' AS purpose, body ->> 'resource' AS resource, body -> 'reasons' ->> 0 AS reason,
       coalesce(body -> 'detail' ->> 'field', '') AS field, count(*) AS refusals, count(DISTINCT body ->> 'operator') AS people
     FROM varco.events WHERE body ->> 'kind' = 'access' AND body ->> 'contract' = 'aurispola-2026' AND body ->> 'decision' = 'deny'
       AND to_char(to_timestamp(at_us / 1e6) AT TIME ZONE 'Europe/Rome', 'YYYY-MM') = '2026-10'
     GROUP BY 1, 2, 3, 4`,
  )
  expect(rows.length).toBeGreaterThan(4)
  expect(report.rows).toHaveLength(rows.length)
  const told = report.rows.filter(({ refusals }) => refusals !== null)
  expect(told.length).toBeGreaterThan(1)
  const nameOf = ({ purpose, resource, reason, field }: (typeof rows)[number] | (typeof told)[number]) =>
    `${purpose} ${resource} ${reason} ${field}`
  const counted = new Map(rows.map((row) => [nameOf(row), row]))
  expect(new Set(report.rows.map(nameOf))).toEqual(new Set(counted.keys()))
  for (const row of told)
    expect(row.refusals, nameOf(row)).toBe(Number(counted.get(nameOf(row))?.['refusals']))
  // Fewer than five are never told; others may be held back for their sake.
  const few = rows.filter(({ people }) => Number(people) < 5).map(nameOf)
  expect(told.map(nameOf).filter((name) => few.includes(name))).toEqual([])
  const { rows: followed } = await database.pool.query<{ granted: string; minutes: string }>(
    `SELECT count(*) AS granted, round(avg((g.decided_us - refused.at_us) / 6e7)) AS minutes
     FROM varco.events shown
     JOIN varco.events refused ON refused.body ->> 'ticket' = shown.body ->> 'ticket' AND refused.denied
     JOIN varco.grants g ON g.id = shown.body ->> 'grant'
     WHERE shown.body -> 'rules' ->> 0 = 'cc-invoice-correction-by-grant' AND NOT shown.denied`,
  )
  expect(told.find(({ reason }) => reason === 'no-grant')).toEqual(
    expect.objectContaining({
      ...{ purpose: 'invoice-enquiry', resource: 'invoice_correction', refusals: 18, granted: 12 },
      ...{ grantedOf: 18, grantsHeldBack: [], minutesToGrant: Number(followed[0]?.minutes) },
    }),
  )
  expect(Number(followed[0]?.granted)).toBe(12)
  expect(told.find(({ field }) => field === 'iban')).toMatchObject({
    ...{
      purpose: 'invoice-enquiry',
      resource: 'invoice',
      reason: 'field-not-plain',
      refusals: 6,
      granted: 0,
    },
  })
  const csv = await readFile(report.files.csv, 'utf8')
  expect(csv).toContain(`invoice-enquiry,invoice_correction,no-grant,,18,12,${followed[0]?.minutes}`)
  expect(await readFile(report.files.html, 'utf8')).toContain('invoice_correction')

  expect(report.amendments.map(({ kind }) => kind)).toEqual(['rule'])
  const [amendment] = report.amendments
  const draft = amendment?.draft ?? ''
  expect(await varco('policy', 'check', draft)).toMatchObject({ code: 0 })
  expect((await varco('policy', 'diff', 'active', draft)).out).toBe(`${amendment?.diff}\n`)
  expect(amendment?.diff).toContain('cc-invoice-correction-by-grant-by-ticket')
}, 60_000)
