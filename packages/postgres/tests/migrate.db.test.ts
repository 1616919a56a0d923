import { scratchDatabase } from '@varco/postgres/testing'
import { migrate } from '@varco/postgres'
import { expect, inject, test } from 'vitest'

test('migrating twice changes nothing', async () => {
  await using database = await scratchDatabase(inject('serverUrl'))
  const before = await database.pool.query('SELECT count(*) FROM varco.migrations')
  await migrate(database)
  const after = await database.pool.query('SELECT count(*) FROM varco.migrations')
  expect(after.rows).toEqual(before.rows)
})
