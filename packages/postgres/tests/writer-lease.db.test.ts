import { leaseWriter } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { expect, inject, test } from 'vitest'

test('a name is one live process’s at a time, and free again when that one ends', async () => {
  await using database = await scratchDatabase(inject('serverUrl'), { migrated: false })
  const first = await leaseWriter(database.url, 'proxy-1')
  expect(first).not.toBeNull()
  expect(await leaseWriter(database.url, 'proxy-1')).toBeNull()
  const other = await leaseWriter(database.url, 'proxy-2')
  expect(other).not.toBeNull()
  await first?.[Symbol.asyncDispose]()
  const next = await leaseWriter(database.url, 'proxy-1')
  expect(next).not.toBeNull()
  await next?.[Symbol.asyncDispose]()
  await other?.[Symbol.asyncDispose]()
})

test('a lease whose connection broke is taken again', async () => {
  await using database = await scratchDatabase(inject('serverUrl'), { migrated: false })
  const lease = await leaseWriter(database.url, 'proxy-1')
  await database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'varco writer lease' AND datname = current_database()`,
  )
  const held = async (): Promise<number | null> =>
    (await database.pool.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted`)).rowCount
  await expect.poll(held, { timeout: 5_000 }).toBe(1)
  await lease?.[Symbol.asyncDispose]()
})
