import { compileBundle } from '@varco/policy'
import { openScheduleLedger, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import {
  approvePlan,
  carryOnApproved,
  carryOnEnding,
  endPlan,
  planErasure,
  planRetention,
  runPlan,
  seeToRule,
  verifyCertificate,
  type RetentionDesk,
} from '@varco/retention'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import {
  addInvoices,
  approved,
  approvedPlan,
  createRecords,
  invoiceIds,
  keptApart,
  person,
  RULE,
  worldOn,
  certificateOf,
  pagesWithKeys,
} from './retention/retention-world.ts'

/*
 * A plan that has begun, and whose rules or tables change before it is done: it can be neither carried out nor called off.
 */

const by = person('SCH-1')
const DUE = 600
const CHANGED = { ...RULE, after: 'P9Y' }

let database: Database
beforeEach(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  await createRecords(database)
  await addInvoices(database, DUE)
})
afterEach(() => database[Symbol.asyncDispose]())

/** Stops the run after its first slice. */
async function runAPart(desk: RetentionDesk, plan: string): Promise<void> {
  const stopping = new AbortController()
  const onProgress = (): void => {
    stopping.abort()
  }
  const outcome = await runPlan(desk, { plan, by, stop: stopping.signal, onProgress })
  expect(outcome).toEqual({ ok: true, ended: 'stopped' })
}

async function gone(): Promise<number> {
  return 2 * DUE - (await invoiceIds(database)).length
}

test('the rules changed: it is ended, its certificate verifies and is equal to what is gone, and another plan takes the rest', async () => {
  const { desk, acts, publicKey } = worldOn(database)
  const { id } = await approvedPlan(desk)
  await runAPart(desk, id)
  const went = await gone()
  const changed = { ...worldOn(database, [CHANGED]).desk, sign: desk.sign, log: desk.log }
  expect(await runPlan(changed, { plan: id, by })).toMatchObject({ ok: false, code: 'rules-changed' })
  expect(await endPlan(changed, { plan: id, by: person('DPO-1'), why: 'basis-changed' })).toMatchObject({
    ok: true,
    plan: { state: 'ending' },
  })
  const outcome = await runPlan(changed, { plan: id, by })
  const certificate = certificateOf(outcome)
  expect(certificate).toMatchObject({
    ended_early: { why: 'basis-changed', by: 'DPO-1' },
    rules: [{ planned: DUE, done: went, kept: { not_reached: DUE - went, referenced: 0 }, found_again: 0 }],
  })
  expect(await gone()).toBe(went)
  expect(await pagesWithKeys(database)).toBe(0)
  const jws = (await desk.store.certificate(id))?.jws ?? ''
  expect(await verifyCertificate(jws, publicKey)).toEqual(certificate)
  expect(await desk.store.plan(id)).toMatchObject({ state: 'done' })
  expect(acts.map(({ kind }) => kind).slice(-2)).toEqual(['retention-ended-early', 'retention-certified'])
  expect(await runPlan(changed, { plan: id, by })).toEqual(outcome)
  expect((await planRetention(changed, { by })).rules[0]?.records).toBe(DUE - went)
})

test('what a process left begun is settled by what is there, though the catalogue no longer has the table', async () => {
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  const lost: RetentionDesk['records'] = {
    ...desk.records,
    dispose: async (task) => {
      await desk.records.dispose(task)
      throw new Error('the answer was lost')
    },
  }
  await expect(runPlan(keptApart({ ...desk, records: lost }), { plan: id, by })).rejects.toThrow(
    'retention is not',
  )
  const went = await gone()
  expect(went).toBeGreaterThan(0)
  const { document } = desk.bundle()
  const moved = compileBundle({
    ...document,
    retention: [],
    catalogue: document.catalogue.map((file) =>
      file.resource === 'invoice' ? { ...file, source: { relation: 'gse.invoice_elsewhere' } } : file,
    ),
  })
  const changed = { ...desk, bundle: () => moved }
  await endPlan(changed, { plan: id, by, why: 'basis-changed' })
  expect(certificateOf(await runPlan(changed, { plan: id, by })).rules).toMatchObject([
    { planned: DUE, done: went, kept: { not_reached: DUE - went } },
  ])
})

test('another process still works on it: it ends after its slice, and what that took is certified', async () => {
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  const ended = { yet: false }
  const pause = async (): Promise<void> => {
    if (ended.yet) return
    ended.yet = true
    await endPlan(desk, { plan: id, by: person('DPO-1'), why: 'asked' })
  }
  expect(await runPlan({ ...desk, pause }, { plan: id, by, duty: 0.5 })).toEqual({
    ok: true,
    ended: 'stopped',
  })
  const certificate = certificateOf(await runPlan(desk, { plan: id, by }))
  const went = await gone()
  expect(went).toBeLessThan(DUE)
  expect(certificate.rules[0]).toMatchObject({ done: went, kept: { not_reached: DUE - went } })
})

test('two that end it at once, and one that died while it did, leave one certificate', async () => {
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  await runAPart(desk, id)
  await endPlan(desk, { plan: id, by, why: 'asked' })
  const dying: RetentionDesk['store'] = {
    ...desk.store,
    openPages: () => Promise.reject(new Error('the process ends')),
  }
  await expect(runPlan({ ...desk, store: dying }, { plan: id, by })).rejects.toThrow('the process ends')
  const [one, two] = await Promise.all([runPlan(desk, { plan: id, by }), runPlan(desk, { plan: id, by })])
  expect(one).toEqual(two)
  const went = await gone()
  expect(certificateOf(one).rules[0]).toMatchObject({ done: went, kept: { not_reached: DUE - went } })
})

test('one that a process left being ended is closed by the periodic look, in its turn and beside one that fails', async () => {
  const { desk, clock } = worldOn(database)
  const { id } = await approvedPlan(desk)
  await runAPart(desk, id)
  const went = await gone()
  await carryOnEnding(desk, { by })
  await endPlan(desk, { plan: id, by, why: 'asked' })
  await carryOnEnding(desk, { by })
  expect(await desk.store.plan(id)).toMatchObject({ state: 'ending' })
  clock.advance(60_000_000n)
  const store: RetentionDesk['store'] = {
    ...desk.store,
    plansEnding: async () => ['lost', ...(await desk.store.plansEnding())],
    plan: (plan) => (plan === 'lost' ? Promise.reject(new Error('lost')) : desk.store.plan(plan)),
  }
  await expect(carryOnEnding({ ...desk, store }, { by })).rejects.toThrow('lost')
  expect(await gone()).toBe(went)
  expect((await desk.store.certificate(id))?.certificate).toMatchObject({
    ended_early: { why: 'asked', by },
    rules: [{ done: went, kept: { not_reached: DUE - went } }],
  })
  expect(await desk.store.plansEnding()).toEqual([])
})

test('what has not begun is called off instead, and what is over has ended', async () => {
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  const ending = () => endPlan(desk, { plan: id, by, why: 'asked' })
  expect(await ending()).toMatchObject({ code: 'not-started' })
  await runPlan(desk, { plan: id, by })
  expect(await ending()).toMatchObject({ code: 'plan-over' })
  expect(await endPlan(desk, { plan: 'none', by, why: 'asked' })).toMatchObject({ code: 'unknown-plan' })
})

test('a foreign key added while a scheduled run was under way: the schedule ends the plan and makes another at once', async () => {
  const scheduled = { ...RULE, approval: 'owner', schedule: '30 2 * * *' } as const
  const { desk } = worldOn(database, [scheduled])
  const ledger = openScheduleLedger(database)
  const seeing = { by: person('SCHEDULER'), ledger }
  const agree = async (): Promise<string> => {
    const plan = (await desk.store.plans(9)).find(({ state }) => state === 'planned')
    await approvePlan(desk, { plan: plan?.id ?? '', by: person('OWN-1'), as: 'owner' })
    return plan?.id ?? ''
  }
  expect(await seeToRule(desk, 'invoices', seeing)).toBe('waits')
  const first = await agree()
  await runAPart(desk, first)
  const went = await gone()
  await database.pool.query(`
    ALTER TABLE gse.antimafia_check ADD invoice_id bigint REFERENCES gse.invoice;
    INSERT INTO gse.antimafia_check VALUES (1, 'P1', 600)`)
  await carryOnApproved(desk, seeing)
  expect((await desk.store.certificate(first))?.certificate).toMatchObject({
    ended_early: { why: 'basis-changed', by: 'SCHEDULER' },
    rules: [{ done: went, kept: { not_reached: DUE - went } }],
  })
  const second = await agree()
  expect(second).not.toBe(first)
  await carryOnApproved(desk, seeing)
  expect((await desk.store.certificate(second))?.certificate.rules).toMatchObject([
    { planned: DUE - went, done: DUE - went - 1, kept: { referenced: 1 } },
  ])
  expect((await invoiceIds(database)).filter((one) => one <= DUE)).toEqual([600])
})

test('a process that ended while a schedule’s plan was being ended is followed by one that ends it and plans anew', async () => {
  const scheduled = { ...RULE, approval: 'owner', schedule: '30 2 * * *' } as const
  const { desk } = worldOn(database, [scheduled])
  const seeing = { by: person('SCHEDULER'), ledger: openScheduleLedger(database) }
  await seeToRule(desk, 'invoices', seeing)
  const [plan] = await desk.store.plans(1)
  const id = plan?.id ?? ''
  await approvePlan(desk, { plan: id, by: person('OWN-1'), as: 'owner' })
  await runAPart(desk, id)
  await endPlan(desk, { plan: id, by: seeing.by, why: 'basis-changed' })
  await carryOnApproved(desk, seeing)
  const states = (await desk.store.plans(9)).map((each) => [each.id === id, each.state])
  expect(states).toEqual(
    expect.arrayContaining([
      [true, 'done'],
      [false, 'planned'],
    ]),
  )
})

test('a request whose plan was ended early tells what went; its next plan answers for the rest', async () => {
  const asking = { ...RULE, after: 'P30Y', on_request: 'erase' } as const
  const { desk } = worldOn(database, [asking])
  const asked = { request: 'RQ-1', dataSubject: { kind: 'producer', id: 'P1' }, by: person('URP-1') }
  const first = (await approved(desk, await planErasure(desk, asked))).id
  await runAPart(desk, first)
  const went = await gone()
  await endPlan(desk, { plan: first, by, why: 'asked' })
  await runPlan(desk, { plan: first, by })
  const told = (await desk.store.outcome(first))?.records ?? []
  expect(told.map(({ outcome }) => outcome)).toEqual(Array.from({ length: went }, () => 'erased'))
  const second = (await approved(desk, await planErasure(desk, asked))).id
  expect(second).not.toBe(first)
  await runPlan(desk, { plan: second, by })
  expect(await gone()).toBe((2 * DUE) / 5)
  const rest = (await desk.store.outcome(second))?.records ?? []
  expect(rest.filter(({ outcome }) => outcome === 'erased')).toHaveLength((2 * DUE) / 5 - went)
})
