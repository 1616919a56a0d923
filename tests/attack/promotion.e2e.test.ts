// A PostgreSQL that dies at work, and the one that is promoted in its place: with all that was confirmed, and with less.
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateLogKeys, openAccessLog, openAccessLogReader, type AccessLogReader } from '@varco/access-log'
import { asId, silentDiagnostics } from '@varco/core'
import { compileBundle } from '@varco/policy'
import { fixtureDocument, withoutBudgets } from '@varco/policy/testing'
import {
  migrate,
  openDatabase,
  openLogStore,
  postgresRecordSource,
  type Database,
  type EmbeddedServer,
} from '@varco/postgres'
import { freshServer } from '@varco/postgres/testing'
import { serveProxy, type RunningProxy } from '@varco/proxy'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { gatehouse, tokenOf } from '../../packages/proxy/tests/gatehouse.ts'
import { addressThatMoves, type MovingAddress } from '../support/address-that-moves.ts'
import { startStandby } from '../support/standby.ts'

const PATIENCE = { timeout: 60_000 }
const CLIENTS = 8

const closing = new AsyncDisposableStack()
let primary: EmbeddedServer
/** Confirms every commit before it counts. */
let faithful: EmbeddedServer
/** Has stopped to follow, and nobody noticed. */
let stale: EmbeddedServer
let address: MovingAddress
let reader: AccessLogReader
let proxy: RunningProxy
let headers: Readonly<Record<string, string>>

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'varco-promotion-'))
  const from = path.join(folder, 'primary')
  primary = closing.use(
    await freshServer(inject('serverFiles'), { dir: from, durable: false, ephemeral: true }),
  )
  const administrator = closing.use(openDatabase({ url: primary.url, max: 2 }))
  await migrate(administrator)
  await administrator.pool.query(`
    CREATE SCHEMA gse;
    CREATE TABLE gse.invoice (id int8 PRIMARY KEY, producer_id text, number text, period text, amount numeric,
      status text, issued_on date, iban text, tax_code text);
    INSERT INTO gse.invoice SELECT n, 'P1', 'shown-' || n, '2026-01', n, 'issued', NULL, NULL, 'RSSMRA80A01H501U'
      FROM generate_series(1, 50) AS n`)
  address = closing.use(await addressThatMoves(primary.port))
  const moved = new URL(primary.url)
  moved.port = String(address.port)
  const records = closing.use(openDatabase({ url: moved.href, max: 4 }))
  const store = closing.use(openLogStore(closing.use(openDatabase({ url: moved.href }))))
  const keys = generateLogKeys('gse.example/varco')
  const clock = { now: () => BigInt(Date.now()) * 1_000n }
  const accessLog = closing.use(await openAccessLog({ store, keys, clock, writer: asId('proxy-1') }))
  reader = openAccessLogReader({ store, keys })
  const { app } = await gatehouse({
    bundleInForce: compileBundle(withoutBudgets(fixtureDocument())),
    source: postgresRecordSource(records),
    accessLog,
  })
  proxy = closing.use(await serveProxy(app, { host: '127.0.0.1', port: 0, diagnostics: silentDiagnostics }))
  headers = {
    authorization: `Bearer ${await tokenOf('anna')}`,
    'varco-purpose': 'invoice-enquiry',
    'varco-ticket': 'T-1',
  }
  const standby = (name: string): Promise<EmbeddedServer> =>
    startStandby({ primary, from, name, dir: path.join(folder, name) })
  stale = closing.use(await standby('stale'))
  faithful = closing.use(await standby('faithful'))
  await administrator.pool.query(`ALTER SYSTEM SET synchronous_standby_names = 'faithful'`)
  await administrator.pool.query('SELECT pg_reload_conf()')
  await untilSaid(administrator, `SELECT FROM pg_stat_replication WHERE sync_state = 'sync'`, 1)
  await onServer(stale, async ({ pool }) => {
    await pool.query(`ALTER SYSTEM SET primary_conninfo = ''`)
    await pool.query('SELECT pg_reload_conf()')
  })
  await untilSaid(administrator, `SELECT FROM pg_stat_replication WHERE application_name = 'stale'`, 0)
}, 120_000)

afterAll(() => closing.disposeAsync(), 60_000)

async function onServer<T>({ url }: EmbeddedServer, act: (database: Database) => Promise<T>): Promise<T> {
  await using database = openDatabase({ url, max: 1 })
  return await act(database)
}

async function untilSaid({ pool }: Database, question: string, rows: number): Promise<void> {
  while ((await pool.query(question)).rows.length !== rows) await sleep(50)
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly event: string | null
}

async function ask(id: number): Promise<Answer> {
  const response = await fetch(`${proxy.url}/records/invoice?id=eq.${id}&select=number`, { headers })
  return {
    status: response.status,
    text: await response.text(),
    event: response.headers.get('varco-event'),
  }
}

async function promote(server: EmbeddedServer): Promise<void> {
  await onServer(server, ({ pool }) => pool.query('SELECT pg_promote(true, 60)'))
  address.moveTo(server.port)
}

/** Clients that go on asking, whatever they get, until they are told to stop. */
function busyClients(): { readonly answers: Answer[]; stop(): Promise<void> } {
  const answers: Answer[] = []
  let isOver = false
  const all = Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      for (let round = 0; !isOver; round++) {
        answers.push(await ask(1 + ((client + round) % 50)))
        await sleep(5)
      }
    }),
  )
  return {
    answers,
    stop: async () => {
      isOver = true
      await all
    },
  }
}

const shownIn = (answers: readonly Answer[]): readonly Answer[] =>
  answers.filter(({ status }) => status === 200)

test('nothing that was shown is missing from the log of the server that takes over, and work goes on there', async () => {
  const clients = busyClients()
  await expect.poll(() => shownIn(clients.answers).length, PATIENCE).toBeGreaterThan(2 * CLIENTS)
  await primary.kill()
  await expect.poll(() => clients.answers.at(-1)?.status, PATIENCE).toBe(503)
  const before = shownIn(clients.answers).length
  await promote(faithful)
  await expect.poll(() => shownIn(clients.answers).length, PATIENCE).toBeGreaterThan(before + CLIENTS)
  await clients.stop()

  expect(new Set(clients.answers.map(({ status }) => status))).toEqual(new Set([200, 503]))
  const refusals = clients.answers.filter(({ status }) => status === 503)
  expect(refusals.map(({ text }) => text).join()).not.toContain('shown-')
  const events = shownIn(clients.answers).map(({ event }) => event)
  expect(new Set(events).size).toBe(events.length)
  for (const event of events)
    expect(await reader.find(asId(event ?? ''))).toMatchObject({
      decision: 'permit',
      disclosed: { count: 1 },
    })
}, 120_000)

test('a server that takes over with less than was confirmed is not written to, and nothing is shown', async () => {
  expect((await ask(1)).status).toBe(200)
  await promote(stale)
  // It takes writes: what stops the gate is the log, whose head there is not the one it left.
  await onServer(stale, async ({ pool }) => {
    const { rows } = await pool.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby')
    expect(rows[0]?.standby).toBe(false)
  })
  for (let round = 0; round < 5; round++) {
    const { status, text } = await ask(1)
    expect(status).toBe(503)
    expect(text).not.toContain('shown-')
    await sleep(50)
  }
  address.moveTo(faithful.port)
  // Nor does it go on where all is there: whoever runs it must look first.
  expect((await ask(1)).status).toBe(503)
}, 120_000)
