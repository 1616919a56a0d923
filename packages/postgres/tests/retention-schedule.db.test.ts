import { openScheduleLedger, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import {
  approvePlan,
  cancelPlan,
  carryOnApproved,
  overdueWork,
  placeHold,
  runPlan,
  seeToRule,
} from '@varco/retention'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { addInvoices, createRecords, invoiceIds, person, RULE, worldOn } from './retention/retention-world.ts'

const SCHEDULE = '30 2 * * *'
const DAY = 86_400_000_000n
/** Every day at the same hour. */
const timetable = { nextAfter: (_: unknown, after: bigint) => after + DAY }

let database: Database
beforeEach(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  await createRecords(database)
})
afterEach(() => database[Symbol.asyncDispose]())

function scheduled(approval: 'none' | 'owner') {
  const world = worldOn(database, [{ ...RULE, approval, schedule: SCHEDULE }])
  const ledger = openScheduleLedger(database)
  return { ...world, ledger, seeing: { by: person('SCHEDULER'), ledger } }
}

test('where nobody has to agree what is due goes at its time, and nothing is planned where nothing is due', async () => {
  const { desk, ledger, seeing } = scheduled('none')
  expect(await seeToRule(desk, 'invoices', seeing)).toBe('nothing-due')
  expect((await desk.store.plans(9)).map(({ state }) => state)).toEqual(['cancelled'])
  await addInvoices(database, 30)
  expect(await seeToRule(desk, 'invoices', seeing)).toBe('done')
  expect(await invoiceIds(database)).toHaveLength(30)
  expect(await ledger.seen()).toMatchObject([{ rule: 'invoices', plan: expect.any(String) }])
})

test('else it waits, no second plan is made beside it, and it goes once it is approved; who made it approves nothing', async () => {
  await addInvoices(database, 30)
  const { desk, seeing } = scheduled('owner')
  expect(await seeToRule(desk, 'invoices', seeing)).toBe('waits')
  expect(await seeToRule(desk, 'invoices', seeing)).toBe('waits')
  const [plan, ...others] = await desk.store.plans(9)
  expect(others).toEqual([])
  const id = plan?.id ?? ''
  await carryOnApproved(desk, seeing)
  expect(await invoiceIds(database)).toHaveLength(60)
  expect(await approvePlan(desk, { plan: id, by: seeing.by, as: 'owner' })).toMatchObject({
    code: 'own-plan',
  })
  await approvePlan(desk, { plan: id, by: person('OWN-1'), as: 'owner' })
  await carryOnApproved(desk, seeing)
  expect(await invoiceIds(database)).toHaveLength(30)
  expect((await desk.store.plan(id))?.state).toBe('done')
})

test('a plan that a process had made and not yet noted when it ended is the one the next goes on with', async () => {
  await addInvoices(database, 30)
  const { desk, ledger, seeing } = scheduled('owner')
  const dying = { ...ledger, see: () => Promise.reject(new Error('the process ends')) }
  await expect(seeToRule(desk, 'invoices', { ...seeing, ledger: dying })).rejects.toThrow('the process ends')
  expect(await seeToRule(desk, 'invoices', seeing)).toBe('waits')
  expect(await desk.store.plans(9)).toHaveLength(1)
})

test('what a process left half done the next one goes on with; a plan whose rules changed is called off', async () => {
  await addInvoices(database, 30)
  const { desk, seeing, ledger } = scheduled('none')
  const dying = {
    ...desk,
    records: { ...desk.records, dispose: () => Promise.reject(new Error('the process ends')) },
  }
  await expect(seeToRule(dying, 'invoices', seeing)).rejects.toThrow('retention is not available')
  expect((await desk.store.plans(9))[0]?.state).toBe('running')
  await carryOnApproved(desk, seeing)
  expect(await invoiceIds(database)).toHaveLength(30)

  await addInvoices(database, 0)
  await database.pool.query("UPDATE gse.invoice SET issued_on = '2001-01-01'")
  const owner = worldOn(database, [{ ...RULE, approval: 'owner', schedule: SCHEDULE }])
  expect(await seeToRule(owner.desk, 'invoices', { by: person('SCHEDULER'), ledger })).toBe('waits')
  const waiting = (await desk.store.plans(9)).find(({ state }) => state === 'planned')
  await approvePlan(owner.desk, { plan: waiting?.id ?? '', by: person('OWN-1'), as: 'owner' })
  const changed = worldOn(database, [{ ...RULE, after: 'P12Y', approval: 'owner', schedule: SCHEDULE }])
  await carryOnApproved(changed.desk, { by: person('SCHEDULER'), ledger })
  expect((await desk.store.plan(waiting?.id ?? ''))?.state).toBe('cancelled')
  expect(await invoiceIds(database)).toHaveLength(30)
})

test('a process that ended after it had called a plan off, or ended it, and before it made another, is followed by one that makes it', async () => {
  await addInvoices(database, 400)
  const { desk, seeing, ledger } = scheduled('owner')
  const approvedOne = async (): Promise<string> => {
    const waiting = (await desk.store.plans(9)).find(({ state }) => state === 'planned')
    await approvePlan(desk, { plan: waiting?.id ?? '', by: person('OWN-1'), as: 'owner' })
    return waiting?.id ?? ''
  }
  const changed = (after: string) =>
    worldOn(database, [{ ...RULE, after, approval: 'owner', schedule: SCHEDULE }]).desk
  const dying = (alive: typeof desk): typeof desk => ({
    ...alive,
    store: { ...alive.store, addPlan: () => Promise.reject(new Error('the process ends')) },
  })
  await seeToRule(desk, 'invoices', seeing)
  const calledOff = await approvedOne()
  await expect(carryOnApproved(dying(changed('P9Y')), seeing)).rejects.toThrow('the process ends')
  expect((await desk.store.plan(calledOff))?.state).toBe('cancelled')
  await carryOnApproved(changed('P9Y'), seeing)
  const second = await approvedOne()
  expect(second).not.toBe('')

  const stopping = new AbortController()
  const onProgress = (): void => {
    stopping.abort()
  }
  await runPlan(changed('P9Y'), { plan: second, by: seeing.by, stop: stopping.signal, onProgress })
  await expect(carryOnApproved(dying(changed('P8Y')), seeing)).rejects.toThrow('the process ends')
  expect((await desk.store.plan(second))?.state).toBe('done')
  await carryOnApproved(changed('P8Y'), seeing)
  await carryOnApproved(changed('P8Y'), seeing)
  const waiting = (await desk.store.plans(9)).filter(({ state }) => state === 'planned')
  expect(waiting.map(({ rules }) => rules[0]?.records)).toEqual([200])
  expect(await ledger.seen()).toMatchObject([{ plan: waiting[0]?.id }])
})

test('a plan that somebody called off is not made again before its next time', async () => {
  await addInvoices(database, 30)
  const { desk, seeing } = scheduled('owner')
  await seeToRule(desk, 'invoices', seeing)
  const [plan] = await desk.store.plans(9)
  await cancelPlan(desk, plan?.id ?? '', person('DPO-1'))
  await carryOnApproved(desk, seeing)
  expect(await desk.store.plans(9)).toHaveLength(1)
})

test('an empty plan, or one of a day before, that a process left when it ended is not taken for today’s', async () => {
  const { desk, clock, ledger, seeing } = scheduled('owner')
  const dying = { ...ledger, see: () => Promise.reject(new Error('the process ends')) }
  const left = async (): Promise<void> => {
    await expect(seeToRule(desk, 'invoices', { ...seeing, ledger: dying })).rejects.toThrow(
      'the process ends',
    )
  }
  const waiting = async () =>
    (await desk.store.plans(9)).filter(({ state }) => state === 'planned' || state === 'approved')
  await left()
  await addInvoices(database, 30)
  clock.advance(1n)
  expect(await seeToRule(desk, 'invoices', seeing)).toBe('waits')
  const [first, ...others] = await waiting()
  expect([first?.rules[0]?.records, others]).toEqual([30, []])

  await cancelPlan(desk, first?.id ?? '', person('DPO-1'))
  await left()
  await database.pool.query("UPDATE gse.invoice SET issued_on = '2001-01-01'")
  clock.advance(DAY)
  expect(await seeToRule(desk, 'invoices', seeing)).toBe('waits')
  expect((await waiting()).map(({ rules }) => rules[0]?.records)).toEqual([60])
})

test('one of a day before to which somebody has agreed is gone on with', async () => {
  await addInvoices(database, 30)
  const { desk, clock, ledger, seeing } = scheduled('owner')
  const dying = { ...ledger, see: () => Promise.reject(new Error('the process ends')) }
  await expect(seeToRule(desk, 'invoices', { ...seeing, ledger: dying })).rejects.toThrow('the process ends')
  const [plan] = await desk.store.plans(9)
  await approvePlan(desk, { plan: plan?.id ?? '', by: person('OWN-1'), as: 'owner' })
  clock.advance(DAY)
  expect(await seeToRule(desk, 'invoices', seeing)).toBe('done')
  expect((await desk.store.plan(plan?.id ?? ''))?.state).toBe('done')
})

test('a plan that fails keeps no other waiting, and its fault is told in the end', async () => {
  await addInvoices(database, 30)
  const { desk, ledger, seeing } = scheduled('owner')
  await seeToRule(desk, 'invoices', seeing)
  const [plan] = await desk.store.plans(1)
  await approvePlan(desk, { plan: plan?.id ?? '', by: person('OWN-1'), as: 'owner' })
  const [seen] = await ledger.seen()
  const failing = { rule: 'another', at: seen?.at ?? 0n, plan: 'failing' }
  const store = {
    ...desk.store,
    plan: (id: string) =>
      id === 'failing' ? Promise.reject(new Error('this one fails')) : desk.store.plan(id),
  }
  const both = { ...ledger, seen: async () => [failing, ...(await ledger.seen())] }
  await expect(carryOnApproved({ ...desk, store }, { ...seeing, ledger: both })).rejects.toThrow(
    'this one fails',
  )
  expect(await invoiceIds(database)).toHaveLength(30)
})

test('what is late is told: a time nobody was there for, a plan nobody agrees to, a run that does not end, a hold nobody looks at, a log past its ceiling', async () => {
  await addInvoices(database, 30)
  const { desk, clock, ledger, seeing } = scheduled('owner')
  let logHolds = false
  const late = async () =>
    (await overdueWork(desk, { ledger, timetable, logHolds: async () => logHolds })).map(({ what, why }) => [
      what,
      why,
    ])
  expect(await late()).toEqual([])
  await seeToRule(desk, 'invoices', seeing)
  clock.advance(DAY)
  expect(await late()).toEqual([])
  clock.advance(DAY)
  expect(await late()).toEqual([['invoices', 'missed']])
  clock.advance(13n * DAY)
  expect(await late()).toEqual([
    ['invoices', 'missed'],
    ['invoices', 'unapproved'],
  ])
  await seeToRule(desk, 'invoices', seeing)
  const plan = (await desk.store.plans(9)).find(({ state }) => state === 'planned')
  await approvePlan(desk, { plan: plan?.id ?? '', by: person('OWN-1'), as: 'owner' })
  clock.advance(DAY + 1n)
  expect(await late()).toEqual([['invoices', 'unfinished']])
  const placed = await placeHold(desk, {
    scope: { kind: 'resource', resource: 'invoice' },
    ...{
      case: 'RG 1',
      reason: 'a dispute before the court',
      by: person('LEG-1'),
      reviewAt: clock.now() + 1n,
    },
  })
  await carryOnApproved(desk, seeing)
  clock.advance(2n)
  const review = [placed.ok ? placed.hold.id : '', 'review']
  expect(await late()).toEqual([review])
  logHolds = true
  expect(await late()).toEqual([review, ['log', 'log']])
})
