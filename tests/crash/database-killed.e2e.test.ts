import path from 'node:path'
import { verifyLog } from '@varco/access-log'
import type { CastTicket } from '@varco/demo'
import { openDatabase, startEmbeddedServer, type EmbeddedServer } from '@varco/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must, sampleDesk } from '../support/sample-desk.ts'
import { startSampleStack, type SampleStack } from '../support/sample-stack.ts'

let sample: SampleStack
let server: EmbeddedServer
let ticket: CastTicket
let token: string

beforeAll(async () => {
  sample = await startSampleStack({ producers: 200, budgets: 'none' })
  server = must(sample.stack.services.databases.server)
  ;({ ticket, token } = await sampleDesk(sample, 'invoice-enquiry'))
})

afterAll(async () => {
  await sample[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

async function readInvoices(): Promise<{ status: number; body: string; event: string | null }> {
  const url = `${must(sample.stack.serving.proxyUrl)}/records/invoice?select=number,amount&producer_id=eq.${ticket.dataSubject}`
  const response = await fetch(url, {
    headers: {
      Authorization: `Bearer ${token}`,
      'Varco-Purpose': 'invoice-enquiry',
      'Varco-Ticket': ticket.id,
    },
  })
  return { status: response.status, body: await response.text(), event: response.headers.get('varco-event') }
}

/** Makes commits of the log wait until released or the server dies. */
async function holdCommits(): Promise<AsyncDisposable> {
  const database = openDatabase({ url: server.url })
  const client = await database.pool.connect()
  client.on('error', () => {})
  await client.query('BEGIN')
  await client.query('LOCK TABLE varco.events IN ACCESS EXCLUSIVE MODE')
  return {
    [Symbol.asyncDispose]: async () => {
      await client.query('ROLLBACK').catch(() => {})
      client.release(true)
      await database[Symbol.asyncDispose]()
    },
  }
}

/** Which server processes wait for the lock: the log's commit, after the decision and the fetch. */
async function waiting(): Promise<readonly number[]> {
  const { rows } = await sample.stack.services.databases.records.pool.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'`,
  )
  return rows.map(({ pid }) => pid)
}

/**
 * A power cut ends every process in the same moment. A signal to the first process alone would let the holder of the
 * lock leave before the one that waits for it, which would then commit, rightly, and its answer rightly be 200.
 */
async function cutPower(): Promise<void> {
  for (const pid of await waiting()) process.kill(pid, 'SIGKILL')
  await server.kill()
}

test('PostgreSQL killed between decision and commit: nothing leaves, and work goes on once it is back', async () => {
  const before = await readInvoices()
  expect(before.status).toBe(200)
  const numbers = (JSON.parse(before.body) as readonly { number: string }[]).map(({ number }) => number)
  expect(numbers.length).toBeGreaterThan(0)

  const held = await holdCommits()
  const answers = Promise.all(Array.from({ length: 8 }, () => readInvoices()))
  await expect.poll(async () => (await waiting()).length, { timeout: 10_000 }).toBeGreaterThan(0)
  await cutPower()
  await held[Symbol.asyncDispose]()
  for (const { status, body } of await answers) {
    expect(status).toBe(503)
    for (const number of numbers) expect(body).not.toContain(number)
  }

  const whileGone = await readInvoices()
  expect(whileGone.status).toBe(503)
  expect(whileGone.body).not.toContain(must(numbers[0]))

  const { port } = server
  server = await startEmbeddedServer({ dir: path.join(must(sample.config.VARCO_HOME), 'postgres'), port })
  await expect.poll(async () => (await readInvoices()).status, { timeout: 20_000 }).toBe(200)

  const { services } = sample.stack
  const verify = () =>
    verifyLog({
      store: services.logStore,
      verifierKeys: [services.keys.log.verifier],
      anchors: services.anchors,
    })
  await expect.poll(async () => (await verify()).findings, { timeout: 20_000 }).toEqual([])
})

test('PostgreSQL killed at any moment: whatever was shown is in the log afterwards', async () => {
  const { services } = sample.stack
  for (const afterMs of [0, 3, 11, 40]) {
    const shown: string[] = []
    const done = new AbortController()
    const readers = Array.from({ length: 40 }, async () => {
      while (!done.signal.aborted) {
        const { status, event } = await readInvoices()
        if (status === 200) shown.push(must(event))
      }
    })
    await expect.poll(() => shown.length, { timeout: 10_000 }).toBeGreaterThan(20)
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    await server.kill()
    await expect.poll(async () => (await readInvoices()).status, { timeout: 10_000 }).toBe(503)
    done.abort()
    await Promise.all(readers)

    const { port } = server
    server = await startEmbeddedServer({ dir: path.join(must(sample.config.VARCO_HOME), 'postgres'), port })
    await expect.poll(async () => (await readInvoices()).status, { timeout: 20_000 }).toBe(200)
    const found = await Promise.all(shown.map((id) => services.reader.find(id)))
    expect(found.filter((event) => event?.decision !== 'permit')).toEqual([])
  }
})
