// What the gate shows while what it stands on fails: nothing that is not in the log, and never a word of what failed.
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { generateLogKeys, openAccessLog, openAccessLogReader, type AccessLogReader } from '@varco/access-log'
import { asId, silentDiagnostics } from '@varco/core'
import { compileBundle } from '@varco/policy'
import { fixtureDocument, withoutBudgets } from '@varco/policy/testing'
import { migrate, openDatabase, openLogStore, postgresRecordSource, type Database } from '@varco/postgres'
import { freshServer } from '@varco/postgres/testing'
import { serveProxy, type RunningProxy } from '@varco/proxy'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { gatehouse, tokenOf } from '../../packages/proxy/tests/gatehouse.ts'

const PATIENCE = { timeout: 30_000 }
const IN_FLIGHT = 60

const closing = new AsyncDisposableStack()
/** Of whoever breaks things; the gate has connections of its own. */
let administrator: Database
let reader: AccessLogReader
let proxy: RunningProxy
let headers: Readonly<Record<string, string>>

beforeAll(async () => {
  const dir = path.join(await mkdtemp(path.join(tmpdir(), 'varco-faults-')), 'pg')
  const server = closing.use(
    await freshServer(inject('serverFiles'), { dir, durable: false, ephemeral: true }),
  )
  administrator = closing.use(openDatabase({ url: server.url }))
  await migrate(administrator)
  await administrator.pool.query(`
    CREATE SCHEMA gse;
    CREATE TABLE gse.invoice (id int8 PRIMARY KEY, producer_id text, number text, period text, amount numeric,
      status text, issued_on date, iban text, tax_code text);
    INSERT INTO gse.invoice SELECT n, 'P1', 'shown-' || n, '2026-01', n, 'issued', NULL, NULL, 'RSSMRA80A01H501U'
      FROM generate_series(1, 50) AS n`)
  const impatient = new URL(server.url)
  impatient.searchParams.set('options', '-c statement_timeout=400')
  const records = closing.use(openDatabase({ url: impatient.href, max: 4 }))
  const store = closing.use(openLogStore(closing.use(openDatabase({ url: server.url }))))
  const keys = generateLogKeys('gse.example/varco')
  const clock = { now: () => BigInt(Date.now()) * 1_000n }
  const accessLog = closing.use(await openAccessLog({ store, keys, clock, writer: asId('proxy-1') }))
  reader = openAccessLogReader({ store, keys })
  const { app } = await gatehouse({
    bundleInForce: compileBundle(withoutBudgets(fixtureDocument())),
    source: postgresRecordSource(records),
    accessLog,
    limits: { inFlight: IN_FLIGHT },
  })
  proxy = closing.use(await serveProxy(app, { host: '127.0.0.1', port: 0, diagnostics: silentDiagnostics }))
  headers = {
    authorization: `Bearer ${await tokenOf('anna')}`,
    'varco-purpose': 'invoice-enquiry',
    'varco-ticket': 'T-1',
  }
})

afterAll(() => closing.disposeAsync())

interface Answer {
  readonly status: number
  readonly text: string
  readonly event: string | null
  readonly retryAfter: string | null
}

async function ask(id = 1): Promise<Answer> {
  const response = await fetch(`${proxy.url}/records/invoice?id=eq.${id}&select=number`, { headers })
  return {
    status: response.status,
    text: await response.text(),
    event: response.headers.get('varco-event'),
    retryAfter: response.headers.get('retry-after'),
  }
}

/** Refused, and nothing of the record or of what failed is in it. */
function expectNothingShown({ status, text, retryAfter }: Answer): void {
  expect([status, text]).toEqual([503, expect.stringContaining('"code":"unavailable"') as unknown])
  expect(text).not.toMatch(/shown-|varco\.|gse\.|SQL|timeout|read-only|disk/i)
  expect(Number(retryAfter)).toBeGreaterThan(0)
}

async function expectWork(): Promise<void> {
  await expect.poll(async () => (await ask()).status, PATIENCE).toBe(200)
}

/** Holds a table against everybody until it is disposed of. */
async function hold(table: string): Promise<AsyncDisposable> {
  const client = await administrator.pool.connect()
  await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
  return {
    [Symbol.asyncDispose]: async () => {
      await client.query('ROLLBACK')
      client.release()
    },
  }
}

async function settings(statement: string): Promise<void> {
  await administrator.pool.query(statement)
  await administrator.pool.query('SELECT pg_reload_conf()')
}

describe('a database that is slow', () => {
  test('for the records: what takes too long is refused, and the refusal recorded', async () => {
    {
      await using _held = await hold('gse.invoice')
      for (const answer of await Promise.all([1, 2, 3, 4, 5, 6].map(ask))) {
        expectNothingShown(answer)
        expect(await reader.find(asId(answer.event ?? ''))).toMatchObject({
          ...{ decision: 'deny', resource: 'invoice', reasons: ['unavailable'], disclosed: { count: 0 } },
        })
      }
    }
    await expectWork()
  })

  test('for the log: whoever waits gets nothing until the event is there, then all of it', async () => {
    const answers: Answer[] = []
    let asked: readonly Promise<unknown>[]
    {
      await using _held = await hold('varco.events')
      asked = [1, 2, 3, 4].map(async (id) => answers.push(await ask(id)))
      await expect
        .poll(async () => {
          const { rows } = await administrator.pool.query(
            `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'varco log'`,
          )
          return rows.length
        }, PATIENCE)
        .toBeGreaterThan(0)
      expect(answers).toEqual([])
    }
    await Promise.all(asked)
    for (const { status, event } of answers) {
      expect(status).toBe(200)
      expect(await reader.find(asId(event ?? ''))).toMatchObject({
        decision: 'permit',
        disclosed: { count: 1 },
      })
    }
  })
})

describe('a database that fails over', () => {
  test('cutting every connection: each answer is whole and recorded, or a refusal; then work goes on', async () => {
    const cut = async (): Promise<void> => {
      await administrator.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`,
      )
    }
    const answers: Answer[] = []
    for (let round = 0; round < 5; round++) {
      const asked = Array.from({ length: 20 }, (_, number) => ask(1 + number))
      await cut()
      answers.push(...(await Promise.all(asked)))
    }
    const isShown = ({ status }: Answer): boolean => status === 200
    for (const { event } of answers.filter(isShown))
      expect(await reader.find(asId(event ?? ''))).toMatchObject({ decision: 'permit' })
    for (const answer of answers.filter((each) => !isShown(each))) expectNothingShown(answer)
    await expectWork()
  })

  test('to a server that only reads yet: what cannot be recorded is not shown', async () => {
    await settings('ALTER SYSTEM SET default_transaction_read_only = on')
    try {
      await expect.poll(async () => (await ask()).status, PATIENCE).toBe(503)
      expectNothingShown(await ask())
    } finally {
      const client = await administrator.pool.connect()
      await client.query('SET default_transaction_read_only = off')
      await client.query('ALTER SYSTEM RESET default_transaction_read_only')
      await client.query('SELECT pg_reload_conf()')
      client.release(true)
    }
    await expectWork()
  })
})

test('a log that is full: nothing is shown until there is room again', async () => {
  await administrator.pool.query(`
    CREATE FUNCTION public.full_disk() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON varco.events FOR EACH STATEMENT EXECUTE FUNCTION public.full_disk()`)
  for (const answer of await Promise.all([1, 2, 3].map(ask))) {
    expectNothingShown(answer)
    expect(answer.event).toBeNull()
  }
  await administrator.pool.query('DROP TRIGGER full_disk ON varco.events')
  await expectWork()
})

test('five hundred connections at once: answers or 503 with when to come back, each answer recorded, memory bounded', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 500 })
  const before = process.memoryUsage().rss
  const askOn = async (id: number): Promise<Answer> => {
    const request = get(`${proxy.url}/records/invoice?id=eq.${id}&select=number`, { agent, headers })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    let text = ''
    for await (const chunk of response) text += String(chunk)
    const header = (name: string): string | null => {
      const value = response.headers[name]
      return typeof value === 'string' ? value : null
    }
    return {
      status: response.statusCode ?? 0,
      text,
      event: header('varco-event'),
      retryAfter: header('retry-after'),
    }
  }
  const answers: Answer[] = []
  let answeredHealth = 0
  // However quick the machine: with the table held, all who come are there at once.
  const held = await hold('gse.invoice')
  const clients = Array.from({ length: 500 }, async (_, client) => {
    for (let round = 0; round < 4; round++) {
      const answer = await askOn(1 + (client % 50))
      answers.push(answer)
      if (answer.status === 503) await setTimeout(50)
    }
  })
  await expect.poll(() => answers.length, PATIENCE).toBeGreaterThan(0)
  await held[Symbol.asyncDispose]()
  const health = (async () => {
    for (let round = 0; round < 5; round++)
      if ((await fetch(`${proxy.url}/healthz`)).status === 200) answeredHealth++
  })()
  await Promise.all([...clients, health])
  agent.destroy()
  const byStatus = Map.groupBy(answers, ({ status }) => status)
  expect(answers).toHaveLength(2_000)
  expect([...byStatus.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([])
  const busy = byStatus.get(503) ?? []
  expect(busy.length).toBeGreaterThan(0)
  for (const { text, retryAfter } of busy) {
    expect(text).not.toContain('shown-')
    expect(Number(retryAfter)).toBeGreaterThan(0)
  }
  const shown = byStatus.get(200) ?? []
  expect(shown.length).toBeGreaterThan(IN_FLIGHT)
  for (const { event } of shown.slice(0, 100))
    expect(await reader.find(asId(event ?? ''))).toMatchObject({ decision: 'permit' })
  expect(new Set(shown.map(({ event }) => event)).size).toBe(shown.length)
  expect(answeredHealth).toBe(5)
  expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000)
})
