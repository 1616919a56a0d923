import { UnavailableError } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import type { BudgetStore } from '@varco/engagement'
import { memoryBudgets } from '@varco/engagement/testing'
import { compileBundle } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import { Budgets } from '../src/budgets.ts'
import { gatehouse } from './gatehouse.ts'

const MINUTE = 60_000_000n
const ONE = '/records/invoice?id=eq.1&select=id'

describe('what one may be shown in an hour', () => {
  test('is spent record by record, by each operator and of each resource apart', async () => {
    const budgets = new Budgets(new ManualClock(1_000n * MINUTE))
    expect(await budgets.spend('A', 'invoice', 10, 7)).toBe(true)
    expect(budgets.left('A', 'invoice', 10)).toBe(3)
    expect([budgets.left('B', 'invoice', 10), budgets.left('A', 'plant', 10)]).toEqual([10, 10])
  })

  test('is never overspent: all of an answer or nothing of it', async () => {
    const budgets = new Budgets(new ManualClock(1_000n * MINUTE))
    await budgets.spend('A', 'invoice', 10, 7)
    expect(await budgets.spend('A', 'invoice', 10, 4)).toBe(false)
    expect(await budgets.spend('A', 'invoice', 10, 3)).toBe(true)
    expect(budgets.left('A', 'invoice', 10)).toBe(0)
  })

  test('comes back within the hour and a minute, as the minutes pass', async () => {
    const clock = new ManualClock(1_000n * MINUTE)
    const budgets = new Budgets(clock)
    await budgets.spend('A', 'invoice', 10, 6)
    clock.advance(30n * MINUTE)
    await budgets.spend('A', 'invoice', 10, 4)
    clock.advance(29n * MINUTE)
    expect(budgets.left('A', 'invoice', 10)).toBe(0)
    clock.advance(1n * MINUTE)
    expect(budgets.left('A', 'invoice', 10)).toBe(6)
    clock.advance(30n * MINUTE)
    expect(budgets.left('A', 'invoice', 10)).toBe(10)
  })
})

describe('what all nodes together may show in an hour', () => {
  const MOST = 40

  test('is never more than one may, and on one node as much', async () => {
    const clock = new ManualClock(1_000n * MINUTE)
    const store = memoryBudgets()
    const nodes = [new Budgets(clock, store), new Budgets(clock, store), new Budgets(clock, store)]
    let shown = 0
    for (let asked = 0; asked < 90; asked++) {
      if (await nodes[asked % 3]?.spend('A', 'invoice', MOST, 1 + (asked % 2))) shown += 1 + (asked % 2)
    }
    expect(shown).toBeLessThanOrEqual(MOST)
    // What a node took and did not show is at most what it takes at once.
    expect(shown).toBeGreaterThanOrEqual(MOST - 3 * 2)
    const alone = new Budgets(clock, memoryBudgets())
    for (let count = 0; count < MOST; count++) expect(await alone.spend('A', 'invoice', MOST, 1)).toBe(true)
    expect(await alone.spend('A', 'invoice', MOST, 1)).toBe(false)
  })

  test('is known to a node once it was told: an answer is cut to what is left', async () => {
    const clock = new ManualClock(1_000n * MINUTE)
    const store = memoryBudgets()
    const [first, second] = [new Budgets(clock, store), new Budgets(clock, store)]
    await first.spend('A', 'invoice', MOST, 30)
    expect(await second.spend('A', 'invoice', MOST, 20)).toBe(false)
    expect(second.left('A', 'invoice', MOST)).toBe(10)
    expect(await second.spend('A', 'invoice', MOST, 10)).toBe(true)
    clock.advance(60n * MINUTE)
    expect([first.left('A', 'invoice', MOST), await first.spend('A', 'invoice', MOST, MOST)]).toEqual([
      MOST,
      true,
    ])
  })

  test('asks seldom: some more is taken than is shown, for the minute', async () => {
    let asked = 0
    const store = memoryBudgets()
    const counting: BudgetStore = {
      ...store,
      takeRecords: (budget, records) => {
        asked++
        return store.takeRecords(budget, records)
      },
    }
    const budgets = new Budgets(new ManualClock(1_000n * MINUTE), counting)
    for (let count = 0; count < 100; count++) await budgets.spend('A', 'invoice', 2_000, 1)
    expect(asked).toBe(1)
  })

  test('can be shown to the last one: what a node holds and what the store has left are one budget', async () => {
    const store = memoryBudgets()
    const budgets = new Budgets(new ManualClock(0n), store)
    // A node takes three of sixty at once, and shows one of them.
    expect(await budgets.spend('op', 'invoice', 60, 1)).toBe(true)
    await store.takeRecords({ holder: 'op invoice', most: 60 }, { needed: 50, wanted: 50, now: 0n })
    expect(await budgets.spend('op', 'invoice', 60, 10)).toBe(false)
    expect(budgets.left('op', 'invoice', 60)).toBe(9)
    expect(await budgets.spend('op', 'invoice', 60, 9)).toBe(true)
    expect(budgets.left('op', 'invoice', 60)).toBe(0)
  })

  test('is spent at one blow by whoever was told that there is more', async () => {
    const budgets = new Budgets(new ManualClock(0n), memoryBudgets())
    expect(await budgets.spend('op', 'invoice', 60, 1)).toBe(true)
    await budgets.spendRest('op', 'invoice', 60)
    expect(budgets.left('op', 'invoice', 60)).toBe(0)
    expect(await budgets.spend('op', 'invoice', 60, 1)).toBe(false)
    await budgets.spendRest('op', 'invoice', 60)
  })

  test('shows nothing while the store cannot be asked, and counts nothing', async () => {
    let away = true
    const store = memoryBudgets()
    const budgets: BudgetStore = {
      ...store,
      takeRecords: async (budget, records) => {
        if (away) throw new UnavailableError('budgets')
        return store.takeRecords(budget, records)
      },
    }
    const { get, log } = await gatehouse({ budgets })
    const response = await get(ONE)
    expect([response.status, await response.json()]).toMatchObject([503, { code: 'unavailable' }])
    expect(log.last).toMatchObject({ decision: 'deny', reasons: ['unavailable'], plain: [] })
    away = false
    for (let count = 0; count < 60; count++) expect((await get(ONE)).status).toBe(200)
    expect((await get(ONE)).status).toBe(429)
  })
})

test('an operator who has seen all that the rule allows is told to come back, and the refusal is recorded', async () => {
  const { get, log } = await gatehouse()
  let shown = 0
  let response = await get(ONE)
  while (response.status === 200 && shown < 1_000) {
    shown += 1
    response = await get(ONE)
  }
  expect(shown).toBe(60)
  expect([response.status, response.headers.get('retry-after'), await response.json()]).toMatchObject([
    429,
    '600',
    { code: 'budget-spent' },
  ])
  expect(log.last).toMatchObject({ decision: 'deny', reasons: ['budget-spent'], disclosures: [] })
})

test('a resource that no rule opens to the role answers as one that does not exist; the log tells them apart', async () => {
  const document = fixtureDocument()
  const access = document.access.filter(
    ({ role, resource }) => resource !== 'producer' || role?.includes('dpo') === true,
  )
  const { get, log } = await gatehouse({ bundle: () => compileBundle({ ...document, access }) })
  const hidden = await get('/records/producer')
  const known = log.last
  const absent = await get('/records/producers')
  const text = async (response: Response): Promise<string> =>
    JSON.stringify({ ...((await response.json()) as object), request: '', event: '', instance: '' })
  expect([hidden.status, await text(hidden)]).toEqual([absent.status, await text(absent)])
  expect(hidden.status).toBe(404)
  expect(known).toMatchObject({ resource: 'producer', reasons: ['no-rule'] })
  expect(log.last.resource).toBeNull()
})
