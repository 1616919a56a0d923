import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import {
  carryOnEnding,
  carryOnPutOff,
  endPlan,
  placeHold,
  planErasure,
  runPlan,
  tellEvent,
} from '@varco/retention'
import { afterEach, beforeEach, expect, inject, onTestFinished, test } from 'vitest'
import {
  addInvoices,
  approved,
  approvedPlan,
  createRecords,
  invoiceIds,
  person,
  RULE,
  worldOn,
  certificateOf,
  SETTLED,
} from '../../postgres/tests/retention/retention-world.ts'
import {
  ATTACHMENT,
  attachment,
  DocumentStore,
  upstreamWorld,
  type Misbehaviour,
  type UpstreamWorld,
  type UpstreamWorldOptions,
} from './upstream-disposal/attachments.ts'

/*
 * What stays upstream, since the record it hangs on does: the event it waits for is not over, a hold reaches it over its
 * relations, or its plan was ended. Invoices 1 to DUE are due, as many more are not; every invoice has two attachments.
 */

const DUE = 6
const HOUR = 3_600_000_000n
const ALL = Array.from({ length: 2 * DUE }, (_, at) => at + 1)
const by = person('SCH-1')
const { data_subject: _named, ...ABOUT_NOBODY } = ATTACHMENT

let database: Database
let store: DocumentStore
beforeEach(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  await createRecords(database)
  await addInvoices(database, DUE)
  store = new DocumentStore()
  await store.start()
  for (const id of ALL) store.add(attachment(`A${id}`, id), attachment(`B${id}`, id))
})
afterEach(async () => {
  await store.stop()
  await database[Symbol.asyncDispose]()
})

function upstreams(options: UpstreamWorldOptions = {}): UpstreamWorld {
  const world = upstreamWorld(database, store.base, options)
  onTestFinished(() => world[Symbol.asyncDispose]())
  return world
}

/** Invoices of which the store still has both attachments. */
const untouched = (): readonly number[] =>
  ALL.filter((id) => store.kept.has(`A${id}`) && store.kept.has(`B${id}`))

/** The first of invoice 1’s goes, and nothing else does. */
const letOnlyA1Go: Misbehaviour = (request, response) => {
  if (request.method !== 'DELETE' || request.url?.endsWith('/A1') === true) return false
  response.writeHead(503).end()
  return true
}

async function errands(): Promise<number> {
  return (await database.pool.query('SELECT FROM varco.upstream_outbox')).rows.length
}

test('a record whose event is taken back, comes later than the term, or is an approver’s word, keeps what hangs on it', async () => {
  const { desk } = upstreams({ rules: [SETTLED] })
  const tell = async (record: number, on: string | null, teller = 'URP-1'): Promise<void> => {
    const event = { resource: 'invoice', record: String(record), event: 'settled', on }
    expect(await tellEvent(desk, { ...event, by: person(teller) })).toMatchObject({ ok: true })
  }
  for (const id of [1, 2, 3, 4]) await tell(id, '2012-03-01')
  const { id } = await approvedPlan(desk)
  await tell(2, '2024-03-01')
  await tell(3, null)
  await tell(4, '2012-03-01', 'DPO-1')
  expect(certificateOf(await runPlan(desk, { plan: id, by })).rules).toMatchObject([
    { done: 1, kept: { not_due: 3, referenced: 0, upstream: 0 }, upstream: [{ done: 2 }] },
  ])
  expect(await invoiceIds(database)).toEqual(ALL.slice(1))
  expect(untouched()).toEqual(ALL.slice(1))
  expect(store.calls.filter((call) => !call.includes('invoiceId=1'))).toHaveLength(2)
})

test('an event taken back while an upstream is at work waits, and is heeded from its return on', async () => {
  const { desk } = upstreams({ rules: [SETTLED] })
  const event = { resource: 'invoice', event: 'settled', by: person('URP-1') }
  for (const record of ['1', '2']) await tellEvent(desk, { ...event, record, on: '2012-03-01' })
  const { id } = await approvedPlan(desk)
  let deletionsAtReturn: number | null = null
  const takeBack = async (): Promise<void> => {
    await tellEvent(desk, { ...event, record: '2', on: null })
    deletionsAtReturn = store.deletions().length
  }
  const takingBack: Promise<void>[] = []
  const returnedMeanwhile: boolean[] = []
  const answerLater = async (...[request, response]: Parameters<Misbehaviour>): Promise<void> => {
    // Long enough for it to be told, were nobody in its way.
    await sleep(100)
    returnedMeanwhile.push(deletionsAtReturn !== null)
    store.answer(request, response)
  }
  store.misbehave = (request, response) => {
    if (request.method !== 'DELETE' || takingBack.length > 0) return false
    takingBack.push(takeBack())
    void answerLater(request, response)
    return true
  }
  certificateOf(await runPlan(desk, { plan: id, by }))
  await Promise.all(takingBack)
  expect(returnedMeanwhile).toEqual([false])
  expect(store.deletions()).toHaveLength(deletionsAtReturn ?? -1)
  expect(await invoiceIds(database)).toEqual(ALL.slice(1))
})

test('a hold on a data subject keeps what names nobody and hangs on a record of theirs, and nothing else', async () => {
  const { desk } = upstreams({ file: ABOUT_NOBODY })
  const { id } = await approvedPlan(desk)
  // P2’s are the invoices 1 and 6, of those that are due.
  await placeHold(desk, {
    ...{ case: 'RG 12/2026', reason: 'a dispute before the court', by: person('LEG-1'), reviewAt: null },
    scope: { kind: 'data-subject', dataSubject: { kind: 'producer', id: 'P2' } },
  })
  expect(certificateOf(await runPlan(desk, { plan: id, by })).rules).toMatchObject([
    { done: DUE - 2, kept: { held: 2 }, upstream: [{ done: 2 * (DUE - 2) }] },
  ])
  expect(untouched()).toEqual([1, 6, ...ALL.slice(DUE)])
  expect(store.calls.filter((call) => /invoiceId=[16]$/.test(call))).toEqual([])
})

test('a plan that waits for an upstream is ended: it waits no more, tells what went, and another takes the rest', async () => {
  const { desk, acts, clock } = upstreams()
  const { id } = await approvedPlan(desk)
  store.misbehave = letOnlyA1Go
  expect(await runPlan(desk, { plan: id, by })).toMatchObject({ ended: 'put-off' })
  expect(store.kept.has('A1')).toBe(false)
  const callsBefore = store.calls.length
  const dpo = person('DPO-1')
  expect(await endPlan(desk, { plan: id, by: dpo, why: 'asked' })).toMatchObject({ ok: true })
  // The process that ended it ended too: whoever finishes what is being ended makes the certificate, and asks nobody.
  clock.advance(HOUR)
  await carryOnPutOff(desk, { by })
  expect((await desk.store.plan(id))?.state).toBe('ending')
  await carryOnEnding(desk, { by })
  const certificate = (await desk.store.certificate(id))?.certificate
  expect(certificate).toMatchObject({
    ended_early: { why: 'asked', by: 'DPO-1' },
    rules: [{ done: 0, kept: { not_reached: DUE, upstream: 0 }, upstream: [{ done: 1 }] }],
  })
  expect(store.calls).toHaveLength(callsBefore)
  expect([await errands(), (await desk.store.plan(id))?.state]).toEqual([0, 'done'])
  expect(acts.at(-1)).toMatchObject({ kind: 'retention-certified' })
  expect(await invoiceIds(database)).toEqual(ALL)
  store.misbehave = () => false
  expect(certificateOf(await runPlan(desk, { plan: (await approvedPlan(desk)).id, by })).rules).toMatchObject(
    [{ done: DUE, upstream: [{ done: 2 * DUE - 1 }] }],
  )
})

test('what an upstream would not let go is counted apart from what was not reached when the plan is ended', async () => {
  const { desk, clock } = upstreams()
  const { id } = await approvedPlan(desk)
  store.misbehave = (request, response) => {
    const refused = /\/[AB][12]$/.test(request.url ?? '')
    if (request.method !== 'DELETE') return false
    response.writeHead(refused ? 403 : 503).end()
    return true
  }
  for (let times = 0; times < 6; times++) {
    expect(await runPlan(desk, { plan: id, by })).toMatchObject({ ended: 'put-off' })
    clock.advance(HOUR)
  }
  await endPlan(desk, { plan: id, by: person('DPO-1'), why: 'asked' })
  expect(certificateOf(await runPlan(desk, { plan: id, by })).rules).toMatchObject([
    { planned: DUE, done: 0, kept: { not_reached: DUE - 2, upstream: 2, referenced: 0 } },
  ])
  expect(await errands()).toBe(0)
})

test('a plan ended while an upstream lists ever more goes no further than the turn under way, on every node', async () => {
  const { desk, clock } = upstreams()
  const { id } = await approvedPlan(desk)
  let made = 0
  let ended = false
  store.misbehave = (request) => {
    if (request.method === 'DELETE') {
      store.add(attachment(`C${++made}`, 1))
      // A turn lasts three seconds.
      clock.advance(1_000_000n)
      if (made === 5) {
        ended = true
        void endPlan(desk, { plan: id, by: person('DPO-1'), why: 'asked' })
      }
    }
    return false
  }
  expect(await runPlan(desk, { plan: id, by })).toMatchObject({ ended: 'stopped' })
  expect(ended).toBe(true)
  expect(made).toBeLessThan(50)
  const { rules } = certificateOf(await runPlan(desk, { plan: id, by }))
  const { done, kept, upstream } = rules[0] ?? { kept: { not_reached: -1 } }
  expect((done ?? 0) + kept.not_reached).toBe(DUE)
  expect(upstream?.[0]?.done).toBe(2 * 2 * DUE + made - store.kept.size)
})

test('a request ended early tells of what went upstream, and of nothing else', async () => {
  const { desk } = upstreams({ rules: [{ ...RULE, after: 'P30Y', on_request: 'erase' }] })
  const dataSubject = { kind: 'producer', id: 'P2' }
  const asked = { request: 'RQ-2026-000017', dataSubject, by: person('URP-1') }
  const { id } = await approved(desk, await planErasure(desk, asked))
  store.misbehave = letOnlyA1Go
  expect(await runPlan(desk, { plan: id, by })).toMatchObject({ ended: 'put-off' })
  await endPlan(desk, { plan: id, by: person('DPO-1'), why: 'asked' })
  certificateOf(await runPlan(desk, { plan: id, by }))
  expect((await desk.store.outcome(id))?.records).toEqual([
    { outcome: 'erased', resource: 'attachment', hash: desk.hashKey('attachment', 'A1') },
  ])
})

test('rules that no longer name the upstream end the plan, with what had gone there', async () => {
  const { desk } = upstreams()
  const { id } = await approvedPlan(desk)
  store.misbehave = letOnlyA1Go
  expect(await runPlan(desk, { plan: id, by })).toMatchObject({ ended: 'put-off' })
  const changed = { ...worldOn(database).desk, sign: desk.sign, log: desk.log }
  expect(await runPlan(changed, { plan: id, by })).toMatchObject({ ok: false, code: 'rules-changed' })
  await endPlan(changed, { plan: id, by, why: 'basis-changed' })
  expect(certificateOf(await runPlan(changed, { plan: id, by })).rules).toMatchObject([
    { done: 0, kept: { not_reached: DUE }, upstream: [{ resource: 'attachment', done: 1 }] },
  ])
})
