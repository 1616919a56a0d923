import { setTimeout as sleep } from 'node:timers/promises'
import { actDraft, generateLogKeys, openAccessLog, type AccessLog, type EventDraft } from '@varco/access-log'
import { asId, isoToMicros, UnavailableError, type Micros } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import type { ContractState } from '@varco/engagement'
import {
  openContractLifeStore,
  openEngagementStore,
  openLogStore,
  postgresLivesInLog,
  type Database,
  type PostgresEngagementStore,
} from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import {
  contractEndsIn,
  planErasure,
  planRetention,
  runPlan,
  type RetentionDesk,
  type RetentionPlan,
} from '@varco/retention'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import {
  addInvoices,
  approved,
  approvedPlan,
  certificateOf,
  createRecords,
  invoiceIds,
  NOW,
  person,
  RULE,
  worldOn,
} from './retention/retention-world.ts'

/* Invoices go ten years after they were issued, or after the contract they name in `number` ended if that was later. */

const by = person('SCH-1')
const LONG_AGO = isoToMicros('2014-03-01T12:00:00Z') ?? 0n
const LATELY = isoToMicros('2024-03-01T12:00:00Z') ?? 0n
const UNDER = { ...RULE, trigger: { field: 'issued_on', contract_end: 'number' } }

let database: Database
let engagement: PostgresEngagementStore
beforeEach(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  engagement = openEngagementStore(database, (_, externalId) => externalId)
  await createRecords(database)
  await addInvoices(database, 4)
  await database.pool.query(
    `UPDATE gse.invoice SET number = CASE id WHEN 1 THEN 'aurora-2026' WHEN 2 THEN 'borea-2023' WHEN 3 THEN 'nobody-2000' END`,
  )
})
afterEach(() => database[Symbol.asyncDispose]())

function world(rule: typeof RULE = UNDER): RetentionDesk {
  const { desk } = worldOn(database, [rule])
  const life = openContractLifeStore(database)
  return { ...desk, contractEnds: contractEndsIn(life, postgresLivesInLog(database), desk.bundle) }
}

const stands = (over: Partial<ContractState> = {}): Promise<void> =>
  engagement.putContractState({
    ...{ contract: asId('aurora-2026'), processor: asId('aurora'), state: 'closed', since: LONG_AGO },
    ...over,
  })

async function openLog(now: Micros = NOW): Promise<Pick<AccessLog, 'append'> & AsyncDisposable> {
  const store = openLogStore(database, { mindsClock: false })
  const keys = generateLogKeys('gse.example/varco')
  const log = await openAccessLog({ store, keys, clock: new ManualClock(now), writer: asId('scheduler-1') })
  return {
    ...{ append: (draft) => log.append(draft) },
    [Symbol.asyncDispose]: async () => {
      await log[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

type LifeAct = 'contract-terminated' | 'contract-moved'

function entry(
  kind: LifeAct,
  { contract, to, taken }: { readonly contract: string; readonly to: string; readonly taken: boolean },
): EventDraft {
  return actDraft(kind, { requestId: 'r-1', operator: 'DIR-1', contract, detail: { to, taken } })
}

const left = async (): Promise<readonly number[]> => (await invoiceIds(database)).filter((id) => id <= 4)

test('no end, no term; the term runs from the end where that is later; who names no contract stays', async () => {
  const desk = world()
  expect((await planRetention(desk, { by })).rules).toMatchObject([{ records: 0, withoutTrigger: 4 }])
  await stands()
  await stands({ contract: asId('borea-2023'), processor: asId('borea'), state: 'terminated', since: LATELY })
  const plan = await approvedPlan(desk)
  expect(plan.rules).toMatchObject([{ records: 1, withoutTrigger: 2 }])
  expect(plan.tellers).toBeUndefined()
  expect(certificateOf(await runPlan(desk, { plan: plan.id, by })).rules).toMatchObject([{ done: 1 }])
  expect(await left()).toEqual([2, 3, 4])
})

test('a contract that runs, is an insolvent company’s or stands under another company has not ended', async () => {
  const none: readonly Partial<ContractState>[] = [
    ...[{ state: 'active' } as const, { state: 'insolvent' } as const],
    { processor: asId('borea') },
  ]
  for (const state of none) {
    await stands(state)
    expect((await planRetention(world(), { by })).rules).toMatchObject([{ records: 0 }])
  }
})

test('a contract that was reopened, or ended later, between plan and run keeps its records; so does another named since', async () => {
  for (const change of [{ state: 'active' }, { since: LATELY }] as const) {
    await stands()
    const desk = world()
    const { id } = await approvedPlan(desk)
    await stands(change)
    expect(certificateOf(await runPlan(desk, { plan: id, by })).rules).toMatchObject([
      { done: 0, kept: { not_due: 1 } },
    ])
  }
  await stands()
  const desk = world()
  const { id } = await approvedPlan(desk)
  await database.pool.query(`UPDATE gse.invoice SET number = 'borea-2023' WHERE id = 1`)
  expect(certificateOf(await runPlan(desk, { plan: id, by })).rules).toMatchObject([{ kept: { not_due: 1 } }])
  expect(await left()).toEqual([1, 2, 3, 4])
})

test('whoever rules the database sets no end back, and ends no contract that runs by the log', async () => {
  const desk = world()
  const plannedNow = async (): Promise<number | undefined> =>
    (await planRetention(desk, { by })).rules[0]?.records
  // As the tables of engagement have it from here on, whatever became of the contract.
  await stands()
  await using log = await openLog()
  expect(await plannedNow()).toBe(1)
  const { id } = await approvedPlan(desk)
  const steps: readonly (readonly [LifeAct, string, boolean, number])[] = [
    ['contract-moved', 'active', true, 0],
    // Only proposed.
    ['contract-terminated', 'frozen', false, 0],
    ['contract-terminated', 'insolvent', true, 0],
    // It ended, but not before the day of this entry; the steps of its exit do not let it go sooner.
    ['contract-terminated', 'frozen', true, 0],
    ['contract-moved', 'closed', true, 0],
  ]
  for (const [kind, to, taken, records] of steps) {
    await log.append(entry(kind, { to, taken, contract: 'aurora-2026' }))
    expect(await plannedNow(), `${kind} ${to}`).toBe(records)
  }
  expect(certificateOf(await runPlan(desk, { plan: id, by })).rules).toMatchObject([
    { done: 0, kept: { not_due: 1 } },
  ])
  expect(await left()).toEqual([1, 2, 3, 4])
})

test('an end that the log has is gone by, and one whose months are pruned is believed', async () => {
  const desk = world()
  await using log = await openLog(LONG_AGO)
  await log.append(entry('contract-terminated', { to: 'frozen', taken: true, contract: 'aurora-2026' }))
  await log.append(entry('contract-terminated', { to: 'frozen', taken: true, contract: 'borea-2023' }))
  await stands()
  expect((await planRetention(desk, { by })).rules).toMatchObject([{ records: 1 }])
  await database.pool.query(`DELETE FROM varco.events WHERE body -> 'detail' ->> 'to' = 'frozen'`)
  await log.append(entry('contract-moved', { to: 'closed', taken: true, contract: 'aurora-2026' }))
  expect((await planRetention(desk, { by })).rules).toMatchObject([{ records: 1 }])
})

test('who reopens a contract waits for the slice that goes by its end; who ends one waits for nobody', async () => {
  await stands()
  const desk = world()
  const { id } = await approvedPlan(desk)
  const order: string[] = []
  const reopening: Promise<void>[] = []
  const contractEnds: RetentionDesk['contractEnds'] = async (contracts) => {
    const ends = await desk.contractEnds(contracts)
    await stands({ contract: asId('borea-2023'), processor: asId('borea') })
    order.push('another ended')
    reopening.push(stands({ state: 'active' }).then(() => void order.push('reopened')))
    await Promise.race([...reopening, sleep(200)])
    order.push('the slice goes on')
    return ends
  }
  await runPlan({ ...desk, contractEnds }, { plan: id, by })
  await Promise.all(reopening)
  expect(order).toEqual(['another ended', 'the slice goes on', 'reopened'])
  expect(await left()).toEqual([2, 3, 4])
  expect((await engagement.contractState(asId('aurora-2026')))?.state).toBe('active')
})

test('nothing goes while nobody can say how contracts stand', async () => {
  await stands()
  const desk = world()
  const { id } = await approvedPlan(desk)
  const away = { ...desk, contractEnds: () => Promise.reject(new UnavailableError('contracts')) }
  await expect(runPlan(away, { plan: id, by })).rejects.toThrow(UnavailableError)
  expect(await left()).toEqual([1, 2, 3, 4])
})

test('a floor that waits for a contract’s end keeps what a request for erasure asks for', async () => {
  const { because } = RULE
  const floor = { trigger: UNDER.trigger, after: 'P10Y', because }
  const rule: typeof RULE = { ...RULE, on_request: 'erase', after: 'P15Y', keep_at_least: [floor] }
  const asked = { request: 'RQ-1', dataSubject: { kind: 'producer', id: 'P2' }, by: person('URP-1') }
  const desk = world(rule)
  const invoiceOutcomes = async ({ id }: RetentionPlan): Promise<object[]> =>
    ((await desk.store.outcome(id))?.records ?? []).filter(({ resource }) => resource === 'invoice')
  const kept = await planErasure(desk, asked)
  await runPlan(desk, { plan: kept.id, by })
  expect(await left()).toEqual([1, 2, 3, 4])
  expect(await invoiceOutcomes(kept)).toEqual([
    { outcome: 'withheld', resource: 'invoice', key: '1', why: 'norm', norm: because },
    { outcome: 'withheld', resource: 'invoice', key: '6', why: 'norm', norm: because },
  ])
  await stands()
  const gone = await approved(desk, await planErasure(desk, { ...asked, request: 'RQ-2' }))
  await runPlan(desk, { plan: gone.id, by })
  expect(await left()).toEqual([2, 3, 4])
  expect(await invoiceOutcomes(gone)).toEqual([
    { outcome: 'erased', resource: 'invoice', hash: desk.hashKey('invoice', '1') },
    { outcome: 'withheld', resource: 'invoice', key: '6', why: 'norm', norm: because },
  ])
})
