import { ManualClock } from '@varco/core/testing'
import { compileBundle } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import { Budgets } from '../src/budgets.ts'
import { gatehouse } from './gatehouse.ts'

const MINUTE = 60_000_000n
const ONE = '/records/invoice?id=eq.1&select=id'

describe('what one may be shown in an hour', () => {
  test('is spent record by record, by each operator and of each resource apart', () => {
    const budgets = new Budgets(new ManualClock(1_000n * MINUTE))
    expect(budgets.spend('A', 'invoice', 10, 7)).toBe(true)
    expect(budgets.left('A', 'invoice', 10)).toBe(3)
    expect([budgets.left('B', 'invoice', 10), budgets.left('A', 'plant', 10)]).toEqual([10, 10])
  })

  test('is never overspent: all of an answer or nothing of it', () => {
    const budgets = new Budgets(new ManualClock(1_000n * MINUTE))
    budgets.spend('A', 'invoice', 10, 7)
    expect(budgets.spend('A', 'invoice', 10, 4)).toBe(false)
    expect(budgets.spend('A', 'invoice', 10, 3)).toBe(true)
    expect(budgets.left('A', 'invoice', 10)).toBe(0)
  })

  test('comes back within the hour and a minute, as the minutes pass', () => {
    const clock = new ManualClock(1_000n * MINUTE)
    const budgets = new Budgets(clock)
    budgets.spend('A', 'invoice', 10, 6)
    clock.advance(30n * MINUTE)
    budgets.spend('A', 'invoice', 10, 4)
    clock.advance(29n * MINUTE)
    expect(budgets.left('A', 'invoice', 10)).toBe(0)
    clock.advance(1n * MINUTE)
    expect(budgets.left('A', 'invoice', 10)).toBe(6)
    clock.advance(30n * MINUTE)
    expect(budgets.left('A', 'invoice', 10)).toBe(10)
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
