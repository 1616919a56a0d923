import { vaultContract } from '@varco/access-log/testing'
import { openVaultStore, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, inject } from 'vitest'

let database: Database

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

vaultContract(async () => {
  await database.pool.query('TRUNCATE varco.identities, varco.identity_requests')
  return { store: openVaultStore(database), [Symbol.asyncDispose]: async () => {} }
})
