import { shadowStoreContract } from '@varco/policy/testing'
import { postgresPolicyStore, postgresShadowStore, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, beforeEach, inject } from 'vitest'

let database: Database

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  await database.pool.query('TRUNCATE varco.policies CASCADE')
})

shadowStoreContract('PostgreSQL', async (clock) => ({
  store: postgresShadowStore({ database, clock }),
  policies: postgresPolicyStore({ database, clock }),
}))
