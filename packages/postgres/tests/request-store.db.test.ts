import { openRequestStore, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { requestStoreContract } from '@varco/reports/testing'
import { afterAll, beforeAll, inject } from 'vitest'

let database: Database

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

requestStoreContract(async () => {
  await database.pool.query('TRUNCATE varco.requests, varco.request_numbers')
  return openRequestStore(database)
})
