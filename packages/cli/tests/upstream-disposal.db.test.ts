import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { UnavailableError } from '@varco/core'
import type { Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import {
  carryOnPutOff,
  errandRule,
  overdueWork,
  placeHold,
  planErasure,
  planRetention,
  releaseHold,
  runPlan,
  verifyCertificate,
  type HoldScope,
  type RetentionDesk,
} from '@varco/retention'
import { memoryScheduleLedger } from '@varco/retention/testing'
import { afterEach, beforeEach, expect, inject, onTestFinished, test } from 'vitest'
import {
  addInvoices,
  approved,
  approvedPlan,
  createRecords,
  invoiceIds,
  person,
  RULE,
  certificateOf,
} from '../../postgres/tests/retention/retention-world.ts'
import {
  ATTACHMENT,
  attachment,
  documents,
  DocumentStore,
  upstreamWorld,
  type Misbehaviour,
  type UpstreamWorld,
  type UpstreamWorldOptions,
} from './upstream-disposal/attachments.ts'

/*
 * Records that an upstream alone has go before the record of the database that they hang on, over real HTTP. Invoices 1 to
 * DUE are due, as many more are not; every invoice has two attachments.
 */

const DUE = 6
const HOUR = 3_600_000_000n
/** Processes take their time to start. */
const LONG = 180_000
const by = person('SCH-1')
const NOT_DUE = Array.from({ length: DUE }, (_, at) => at + DUE + 1)

let database: Database
let store: DocumentStore
beforeEach(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  await createRecords(database)
  await addInvoices(database, DUE)
  store = new DocumentStore()
  await store.start()
  for (let id = 1; id <= 2 * DUE; id++) store.add(attachment(`A${id}`, id), attachment(`B ${id}`, id))
})
afterEach(async () => {
  await store.stop()
  await database[Symbol.asyncDispose]()
})

function worldOf(options: UpstreamWorldOptions = {}): UpstreamWorld {
  const world = upstreamWorld(database, store.base, options)
  onTestFinished(() => world[Symbol.asyncDispose]())
  return world
}

async function errands(
  plan?: string,
): Promise<readonly { readonly outcome: string | null; readonly attempts: number }[]> {
  const { rows } = await database.pool.query<{ outcome: string | null; attempts: number }>(
    'SELECT outcome, attempts FROM varco.upstream_outbox WHERE plan = coalesce($1, plan) ORDER BY parent',
    [plan ?? null],
  )
  return rows
}

async function hold(desk: RetentionDesk, scope: HoldScope): Promise<string> {
  const outcome = await placeHold(desk, {
    ...{ scope, case: 'RG 12/2026', reason: 'a dispute before the court' },
    ...{ by: person('LEG-1'), reviewAt: null },
  })
  if (!outcome.ok) throw new Error(outcome.code)
  return outcome.hold.id
}

/** Whose invoice, of those the store still has attachments of. */
const attached = (): readonly number[] =>
  [...new Set([...store.kept.values()].map(({ invoiceId }) => invoiceId))].toSorted((a, b) => a - b)

test('what hangs upstream on records that are due goes before them, and the plan and the certificate say so', async () => {
  const { desk, acts, publicKey } = worldOf()
  const invoicesSeen: (readonly number[])[] = []
  const lookFirst = async (...call: Parameters<Misbehaviour>): Promise<void> => {
    invoicesSeen.push(await invoiceIds(database))
    store.answer(...call)
  }
  store.misbehave = (request, response) => {
    if (request.method !== 'DELETE') return false
    // Children first: while one of its attachments is asked to go, the invoice is there.
    void lookFirst(request, response)
    return true
  }
  const plan = await approvedPlan(desk)
  expect(plan.rules[0]?.upstream).toEqual([
    { resource: 'attachment', upstream: 'documents', by: 'invoice_id' },
  ])
  expect(store.calls).toEqual([])
  const outcome = await runPlan(desk, { plan: plan.id, by })
  const certificate = certificateOf(outcome)
  expect(await invoiceIds(database)).toEqual(NOT_DUE)
  expect(attached()).toEqual(NOT_DUE)
  expect(invoicesSeen.map((ids) => ids.length)).toEqual(Array.from({ length: 2 * DUE }, () => 2 * DUE))
  expect(certificate.rules).toMatchObject([
    { done: DUE, kept: { upstream: 0 }, upstream: [{ resource: 'attachment', done: 2 * DUE }] },
  ])
  expect(store.deletions()).toHaveLength(2 * DUE)
  const hashes: string[] = []
  for await (const page of desk.store.tombstones(plan.id, errandRule('invoices', 'attachment')))
    hashes.push(...page.hashes)
  const gone = Array.from({ length: DUE }, (_, at) => [`A${at + 1}`, `B ${at + 1}`]).flat()
  expect(hashes.toSorted()).toEqual(gone.map((key) => desk.hashKey('attachment', key)).toSorted())
  if (!outcome.ok || outcome.ended !== 'done') return
  expect(await verifyCertificate(outcome.certificate.jws, publicKey)).toEqual(certificate)
  expect(await errands()).toEqual([])
  expect(JSON.stringify(acts)).not.toMatch(/"[AB] ?\d/)
  const { rows } = await database.pool.query("SELECT FROM varco.retention_plans WHERE plan ~ '\"[AB] ?[0-9]'")
  expect(rows).toEqual([])
})

test('a store that others wrote, json-server, is emptied of them too', async () => {
  const jsonServer = createRequire(import.meta.url)('json-server') as {
    create(): RequestListener & { use(...handlers: unknown[]): void }
    router(data: object): { readonly db: { getState(): { attachments: { invoiceId: number }[] } } }
  }
  const app = jsonServer.create()
  const router = jsonServer.router({ attachments: [...store.kept.values()] })
  app.use('/api', router)
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
  const { desk } = worldOf({ upstream: documents(base) })
  const certificate = certificateOf(await runPlan(desk, { plan: (await approvedPlan(desk)).id, by }))
  expect(certificate.rules[0]).toMatchObject({ done: DUE, upstream: [{ done: 2 * DUE }] })
  const left = router.db.getState().attachments.map(({ invoiceId }) => invoiceId)
  expect([...new Set(left)]).toEqual(NOT_DUE)
  expect(await invoiceIds(database)).toEqual(NOT_DUE)
})

test('of a long list page after page goes; what is not asked for by anything that is due is not looked at', async () => {
  for (let at = 0; at < 25; at++) store.add(attachment(`C${at}`, 1))
  store.page = 10
  const { desk } = worldOf()
  const { id } = await approvedPlan(desk)
  // Invoice 2 was corrected since, and invoice 3 is pointed at by one that stays.
  await database.pool.query("UPDATE gse.invoice SET issued_on = '2020-01-01' WHERE id = 2")
  await database.pool.query('UPDATE gse.invoice SET previous = 3 WHERE id = 12')
  const certificate = certificateOf(await runPlan(desk, { plan: id, by }))
  expect(certificate.rules[0]).toMatchObject({
    ...{ done: DUE - 2, kept: { not_due: 1, referenced: 1, upstream: 0 } },
    upstream: [{ done: 25 + 2 * (DUE - 2) }],
  })
  expect(attached()).toEqual([2, 3, ...NOT_DUE])
  expect(store.calls.filter((call) => /invoiceId=[23]$/.test(call))).toEqual([])
})

test('a data subject’s request takes what hangs upstream on what goes, and tells of it', async () => {
  const { desk } = worldOf({ rules: [{ ...RULE, after: 'P30Y', on_request: 'erase' }] })
  // P2’s are the invoices 1, 6 and 11.
  const dataSubject = { kind: 'producer', id: 'P2' }
  const asked = { request: 'RQ-2026-000017', dataSubject, by: person('URP-1') }
  const { id } = await approved(desk, await planErasure(desk, asked))
  certificateOf(await runPlan(desk, { plan: id, by }))
  expect(attached()).toEqual([2, 3, 4, 5, 7, 8, 9, 10, 12])
  const told = (await desk.store.outcome(id))?.records ?? []
  const erased = told.flatMap((each) => (each.outcome === 'erased' ? [`${each.resource} ${each.hash}`] : []))
  const expected = [1, 6, 11].flatMap((invoice) => [
    `invoice ${desk.hashKey('invoice', String(invoice))}`,
    ...[`A${invoice}`, `B ${invoice}`].map((key) => `attachment ${desk.hashKey('attachment', key)}`),
  ])
  expect(erased.toSorted()).toEqual(expected.toSorted())
})

test('while the upstream is down what hangs there waits, and the records with it; once it is up they go', async () => {
  const { desk, clock } = worldOf()
  const { id } = await approvedPlan(desk)
  await store.stop()
  const outcome = await runPlan(desk, { plan: id, by })
  expect(outcome).toMatchObject({ ok: true, ended: 'put-off' })
  expect(await invoiceIds(database)).toHaveLength(2 * DUE)
  expect(new Set((await errands()).map((each) => each.outcome))).toEqual(new Set(['unreachable']))
  const sources = {
    ledger: memoryScheduleLedger(),
    timetable: { nextAfter: () => 2n ** 62n },
    logHolds: async () => false,
  }
  expect(await overdueWork(desk, sources)).toEqual([])
  clock.advance(2n * HOUR)
  expect(await overdueWork(desk, sources)).toMatchObject([{ what: 'attachment', why: 'upstream', plan: id }])
  await store.start()
  // Whoever looks after the schedules goes on with it, though a person had begun it.
  await carryOnPutOff(desk, { by })
  expect((await desk.store.certificate(id))?.certificate.rules[0]).toMatchObject({
    ...{ done: DUE, kept: { upstream: 0 }, upstream: [{ done: 2 * DUE }] },
  })
  expect(attached()).toEqual(NOT_DUE)
  expect(await overdueWork(desk, sources)).toEqual([])
})

const text =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Misbehaviour =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
    return true
  }
const onlyOf =
  (method: string, misbehaviour: Misbehaviour): Misbehaviour =>
  (request, response) =>
    request.method === method && misbehaviour(request, response)

const MISBEHAVIOURS: readonly (readonly [string, Misbehaviour, string])[] = [
  ['fails', onlyOf('DELETE', text(500, '{}')), 'status-500'],
  ['is too busy', onlyOf('DELETE', text(429, '{}')), 'status-429'],
  ['says that it may do it later', onlyOf('DELETE', text(202, '{}')), 'status-202'],
  [
    'sends elsewhere',
    onlyOf('DELETE', text(307, '', { location: 'http://127.0.0.1:1/elsewhere' })),
    'redirect',
  ],
  ['never answers', onlyOf('DELETE', () => true), 'unreachable'],
  [
    'never ends its list',
    (request, response) =>
      (request.url ?? '').endsWith('invoiceId=1') &&
      response.writeHead(200, { 'content-type': 'application/json' }).write('[') !== undefined,
    'unreachable',
  ],
  ['says that it did and did not', onlyOf('DELETE', text(204, '')), 'still-there'],
  [
    'answers with a page that says sorry',
    onlyOf('GET', text(200, '<html>', { 'content-type': 'text/html' })),
    'content-type',
  ],
  ['answers with what is no list', onlyOf('GET', text(200, '{"error":"sorry"}')), 'malformed'],
  ['answers with nothing', onlyOf('GET', text(200, 'null')), 'malformed'],
  ['cuts its list off', onlyOf('GET', text(200, '[')), 'malformed'],
  ['answers without end', onlyOf('GET', text(200, `[{"id":"${'x'.repeat(200_000)}"}]`)), 'too-large'],
  ['does not know the address of its list', onlyOf('GET', text(404, '{}')), 'status-404'],
]

test('an upstream that does not do as it is asked keeps the records, and is asked again', async () => {
  const { desk } = worldOf()
  store.kept.clear()
  store.add(attachment('A1', 1), attachment('A9', 9))
  for (const [name, misbehaviour, expected] of MISBEHAVIOURS) {
    store.misbehave = misbehaviour
    const { id } = await approvedPlan(desk)
    expect(await runPlan(desk, { plan: id, by }), name).toMatchObject({ ok: true, ended: 'put-off' })
    expect((await invoiceIds(database))[0], name).toBe(1)
    expect([...store.kept.keys()], name).toEqual(['A1', 'A9'])
    const known = await errands(id)
    expect([name, ...new Set(known.map(({ outcome }) => outcome))]).toEqual([name, expected])
    expect(known.every(({ attempts }) => attempts > 1)).toBe(true)
  }
})

test('an upstream that lists others’ records loses none of them, and one that will not let go is let be', async () => {
  const { desk, clock } = worldOf({ rules: [{ ...RULE, after: 'P30Y', on_request: 'erase' }] })
  const dataSubject = { kind: 'producer', id: 'P2' }
  const asked = { request: 'RQ-2026-000017', dataSubject, by: person('URP-1') }
  const { id } = await approved(desk, await planErasure(desk, asked))
  // It ignores what it is asked for invoice 1, and will not let go of invoice 6’s.
  store.misbehave = (request, response) =>
    (request.url ?? '').endsWith('invoiceId=1')
      ? text(200, JSON.stringify([...store.kept.values()]))(request, response)
      : request.method === 'DELETE' && (request.url ?? '').endsWith('6') && text(403, '{}')(request, response)
  let outcome = await runPlan(desk, { plan: id, by })
  expect(outcome).toMatchObject({ ended: 'put-off' })
  expect((await errands()).map((each) => each.outcome)).toEqual(['other-records', 'status-403'])
  for (let times = 0; times < 5 && outcome.ok && outcome.ended === 'put-off'; times++) {
    clock.advance(HOUR)
    outcome = await runPlan(desk, { plan: id, by })
  }
  expect(certificateOf(outcome).rules).toMatchObject([
    { done: 1, kept: { upstream: 2, busy: 0, referenced: 0 }, upstream: [{ done: 2 }] },
  ])
  expect(attached()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12])
  expect(store.kept.size).toBe(4 * DUE - 2)
  const withheld = (await desk.store.outcome(id))?.records.filter((each) => each.outcome === 'withheld')
  expect(withheld?.filter(({ resource }) => resource === 'invoice')).toMatchObject(
    ['1', '6'].map((key) => ({ key, why: 'upstream' })),
  )
  // Of what would not go nothing is kept with the plan.
  expect(await errands()).toEqual([])
})

test('a key that could lead elsewhere is not sent at all', async () => {
  const keys = ['../invoices', '..', '.', 'a/b', '%2e%2e', 'a?b', 'a#b', 'a\\b', 'a;b', 'a\nb']
  await addMore(keys.length)
  store.kept.clear()
  keys.forEach((key, at) => store.add(attachment(key, 101 + at)))
  const { desk } = worldOf()
  const { id } = await approvedPlan(desk)
  expect(await runPlan(desk, { plan: id, by })).toMatchObject({ ended: 'put-off' })
  expect((await errands()).map((each) => each.outcome)).toEqual(keys.map(() => 'key'))
  expect(store.deletions()).toEqual([])
  expect(await invoiceIds(database)).toEqual([...NOT_DUE, ...keys.map((_, at) => 101 + at)])
})

test('a key with spaces and accents goes as one step of the path', async () => {
  store.kept.clear()
  store.add(attachment('perizia è & co+1', 1))
  const { desk } = worldOf()
  certificateOf(await runPlan(desk, { plan: (await approvedPlan(desk)).id, by }))
  expect(store.deletions()).toEqual(['DELETE /api/attachments/perizia%20%C3%A8%20%26%20co%2B1'])
})

test('holds placed between plan and run keep what hangs upstream, and the records with it', async () => {
  const { desk } = worldOf()
  const { id } = await approvedPlan(desk)
  const first = await hold(desk, { kind: 'record', resource: 'attachment', record: 'A1' })
  await hold(desk, { kind: 'record', resource: 'invoice', record: '2' })
  // P4 has the invoices 3 and 8.
  await hold(desk, { kind: 'data-subject', dataSubject: { kind: 'producer', id: 'P4' } })
  await hold(desk, { kind: 'query', resource: 'attachment', where: { invoice_id: { eq: 4 } } })
  const certificate = certificateOf(await runPlan(desk, { plan: id, by }))
  expect(certificate.rules[0]).toMatchObject({ done: 2, kept: { held: 4 }, upstream: [{ done: 5 }] })
  expect(attached()).toEqual([1, 2, 3, 4, ...NOT_DUE])
  expect(await invoiceIds(database)).toEqual([1, 2, 3, 4, ...NOT_DUE])
  // As of the database’s own records, each goes or is held by itself.
  const left = [...store.kept.values()].filter(({ invoiceId }) => invoiceId === 1)
  expect(left.map(({ id: key }) => key)).toEqual(['A1'])
  await releaseHold(desk, first, person('DPO-1'))
  const again = certificateOf(await runPlan(desk, { plan: (await approvedPlan(desk)).id, by }))
  expect(again.rules[0]).toMatchObject({ done: 1, kept: { held: 3 }, upstream: [{ done: 1 }] })
})

test('a hold placed while something goes waits for that alone, and keeps all the rest', async () => {
  const { desk } = worldOf()
  const { id } = await approvedPlan(desk)
  const placed: Promise<string>[] = []
  let atItsReturn: readonly number[] = []
  store.misbehave = (request) => {
    if (request.method === 'DELETE' && placed.length === 0)
      placed.push(
        hold(desk, { kind: 'resource', resource: 'attachment' }).then((name) => {
          atItsReturn = attached()
          return name
        }),
      )
    return false
  }
  const slow = { ...desk, clock: { now: () => desk.clock.now() + BigInt(store.calls.length) * 1_000_000n } }
  certificateOf(await runPlan(slow, { plan: id, by }))
  expect(await Promise.all(placed)).toHaveLength(1)
  expect(attached()).toEqual(atItsReturn)
  expect(atItsReturn.length).toBeGreaterThan(NOT_DUE.length)
  // What it covers keeps the records it hangs on.
  expect((await invoiceIds(database)).filter((each) => attached().includes(each))).toEqual(attached())
})

test('what went before a fault of Varco’s own state is counted once it is gone on with', async () => {
  const { desk } = worldOf()
  const { id } = await approvedPlan(desk)
  const faulty = (isNoted: boolean): RetentionDesk => ({
    ...desk,
    outbox: {
      ...desk.outbox,
      close: async (...of) => {
        if (isNoted) await desk.outbox.close(...of)
        throw new UnavailableError('retention', { cause: null })
      },
    },
  })
  for (const isNoted of [false, false, true])
    await expect(runPlan(faulty(isNoted), { plan: id, by })).rejects.toThrow(UnavailableError)
  const certificate = certificateOf(await runPlan(desk, { plan: id, by }))
  expect(certificate.rules[0]).toMatchObject({ done: DUE, kept: { gone: 0 }, upstream: [{ done: 2 * DUE }] })
  expect(store.deletions()).toHaveLength(2 * DUE)
})

test('a plan is not carried out at another address than it was agreed to for', async () => {
  const { desk } = worldOf()
  const { id } = await approvedPlan(desk)
  const elsewhere = worldOf({ upstream: documents('http://127.0.0.1:1/api') })
  expect(await runPlan({ ...desk, bundle: elsewhere.desk.bundle }, { plan: id, by })).toMatchObject({
    ok: false,
    code: 'rules-changed',
  })
  const file = {
    ...ATTACHMENT,
    source: { upstream: 'documents', delete: { method: 'POST', path: '/x/{key}' } },
  }
  const otherwise = worldOf({ file: file as typeof ATTACHMENT })
  expect(await runPlan({ ...desk, bundle: otherwise.desk.bundle }, { plan: id, by })).toMatchObject({
    code: 'rules-changed',
  })
  expect(store.calls).toEqual([])
})

test('one record that has the other’s key needs no list; that there is none is nothing that went', async () => {
  store.kept.clear()
  store.add(...[1, 2, 9].map((invoice) => attachment(String(invoice), invoice)))
  const file = {
    ...ATTACHMENT,
    source: { upstream: 'documents', delete: { method: 'DELETE' as const, path: '/attachments/{key}' } },
    relations: { invoice: { resource: 'invoice', field: 'id', to: 'id', many: false } },
  }
  const { desk } = worldOf({ file })
  const { id } = await approvedPlan(desk)
  const certificate = certificateOf(await runPlan(desk, { plan: id, by }))
  expect(certificate.rules[0]).toMatchObject({ done: DUE, upstream: [{ done: 2 }] })
  expect([...store.kept.keys()]).toEqual(['9'])
  expect(store.calls).toHaveLength(DUE)
})

const PROCESS = path.join(import.meta.dirname, 'upstream-disposal', 'carrying-out-process.ts')

function startProcess(plan: string): ChildProcess {
  return spawn(process.execPath, ['--conditions=varco:source', PROCESS, database.url, plan, store.base], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

test(
  'a process is killed when something has gone upstream and nobody has noted it: the next counts it, and finishes',
  { timeout: LONG },
  async () => {
    const { desk } = worldOf()
    const { id } = await approvedPlan(desk)
    for (let round = 0; round < 2; round++) {
      const child = startProcess(id)
      const gone = once(child, 'close')
      let left = round + 1
      store.misbehave = (request, response) => {
        if (request.method !== 'DELETE' || --left > 0) return false
        // It did as it was asked, and nobody hears of it.
        store.kept.delete(decodeURIComponent((request.url ?? '').split('/').at(-1) ?? ''))
        child.kill('SIGKILL')
        response.destroy()
        return true
      }
      await gone
      expect(child.signalCode, `round ${round}`).toBe('SIGKILL')
    }
    store.misbehave = () => false
    const certificate = certificateOf(await runPlan(desk, { plan: id, by }))
    expect(certificate.rules[0]).toMatchObject({
      done: DUE,
      kept: { gone: 0 },
      upstream: [{ done: 2 * DUE }],
    })
    expect(attached()).toEqual(NOT_DUE)
    expect(await invoiceIds(database)).toEqual(NOT_DUE)
  },
)

test('two processes at one plan ask for each record once', { timeout: LONG }, async () => {
  const { desk } = worldOf()
  await addMore(30)
  const { id } = await approved(desk, await planRetention(desk, { by: person('ADM-1') }))
  const children = [startProcess(id), startProcess(id)]
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'close'))[0] as number))
  expect(codes).toEqual([0, 0])
  expect(attached()).toEqual(NOT_DUE)
  const asked = store.deletions()
  expect(new Set(asked).size).toBe(asked.length)
  const known = await desk.store.certificate(id)
  expect(known?.certificate.rules[0]).toMatchObject({
    ...{ done: DUE + 30, kept: { upstream: 0 }, upstream: [{ done: 2 * DUE + 30 }] },
  })
})

/** Due invoices with an attachment each, on pages of their own. */
async function addMore(count: number): Promise<void> {
  await database.pool.query(
    `INSERT INTO gse.invoice (id, producer_id, issued_on) SELECT i, 'P1', DATE '2010-01-01' FROM generate_series(101, 100 + $1::int) AS i`,
    [count],
  )
  for (let id = 101; id <= 100 + count; id++) store.add(attachment(`D${id}`, id))
}
