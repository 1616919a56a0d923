import { budgetStoreContract, FIXTURE_NOW } from '@varco/engagement/testing'
import { UnavailableError } from '@varco/core'
import { openBudgetStore, openDatabase, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

const HOUR = 3_600_000_000n
const SOMEBODY = '00000000-0000-4000-8000-000000000001'

let database: Database

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

budgetStoreContract('PostgreSQL', async () => {
  await database.pool.query('TRUNCATE varco.budgets, varco.budget_data_subjects, varco.record_budgets')
  return openBudgetStore(database)
})

test('two nodes count together', async () => {
  await database.pool.query('TRUNCATE varco.budgets, varco.budget_data_subjects')
  await using other = openDatabase({ url: database.url })
  const nodes = [openBudgetStore(database), openBudgetStore(other)]
  const budget = { holder: 'A', from: FIXTURE_NOW, to: FIXTURE_NOW + HOUR, most: 10 }
  const asked = Array.from({ length: 30 }, (_, number) => [
    `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  ])
  const over = await Promise.all(asked.map(async (one, index) => nodes[index % 2]?.spend([budget], one)))
  expect(over.filter((each) => each?.length === 0)).toHaveLength(10)
})

test('what is older than two days is forgotten', async () => {
  const store = openBudgetStore(database)
  const at = (from: bigint) => [{ holder: 'old', from, to: from + HOUR, most: 10 }]
  await store.spend(at(FIXTURE_NOW), [SOMEBODY])
  await store.spend(at(FIXTURE_NOW + 49n * HOUR), [SOMEBODY])
  const { rows } = await database.pool.query(
    `SELECT from_us FROM varco.budgets WHERE holder = 'old'
     UNION ALL SELECT from_us FROM varco.budget_data_subjects WHERE holder = 'old'`,
  )
  const latest = { from_us: String(FIXTURE_NOW + 49n * HOUR) }
  expect(rows).toEqual([latest, latest])
})

test('says that it cannot be asked', async () => {
  await using gone = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' })
  const asked = openBudgetStore(gone).spend(
    [{ holder: 'A', from: FIXTURE_NOW, to: FIXTURE_NOW + HOUR, most: 1 }],
    [SOMEBODY],
  )
  await expect(asked).rejects.toThrow(UnavailableError)
})
