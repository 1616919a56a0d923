import { policyStoreContract, fixtureDocument } from '@varco/policy/testing'
import { ManualClock } from '@varco/core/testing'
import { postgresPolicyStore, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'

let database: Database

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await database.pool.query('TRUNCATE varco.policies CASCADE')
})

policyStoreContract('PostgreSQL', async (clock) => postgresPolicyStore({ database, clock }))

test('refuses a stored bundle that was changed behind its version', async () => {
  const store = postgresPolicyStore({ database, clock: new ManualClock(0n) })
  const version = await store.put(fixtureDocument(), 'anna')
  await store.activate(version, 'bruno')
  await database.pool.query(
    `UPDATE varco.policies SET document = replace(document::text, '"last4"', '"partial"')::json`,
  )
  await expect(store.active()).rejects.toMatchObject({ code: 'invariant' })
  await expect(store.find(version)).rejects.toMatchObject({ code: 'invariant' })
})

test('a watch that lost its connection comes back and wakes, for something may have been missed', async () => {
  const store = postgresPolicyStore({ database, clock: new ManualClock(0n) })
  const { promise: woken, resolve } = Promise.withResolvers<void>()
  await using _ = await store.watch(resolve)
  await database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'varco policy watch'`,
  )
  await expect(woken).resolves.toBeUndefined()
})

test('says that it is unavailable when the database is gone, and nothing of why', async () => {
  const closed = await scratchDatabase(inject('serverUrl'))
  const store = postgresPolicyStore({ database: closed, clock: new ManualClock(0n) })
  await closed[Symbol.asyncDispose]()
  await expect(store.active()).rejects.toMatchObject({
    code: 'unavailable',
    message: 'policy store is not available',
  })
})
