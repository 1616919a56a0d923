import { logStoreContract } from '@varco/access-log/testing'
import { openLogStore, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, inject } from 'vitest'

let database: Database

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

logStoreContract(async () => {
  await database.pool.query(
    'TRUNCATE varco.heads, varco.events, varco.disclosures, varco.checkpoints, varco.tiles',
  )
  const store = openLogStore(database, { mindsClock: false })
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]()
    },
  }
})
