import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readmeExample } from '@varco/core/testing'
import { expect, onTestFinished, test } from 'vitest'
// #region example
import { migrate, openDatabase, startEmbeddedServer } from '@varco/postgres'

// #endregion

test('the example of the README runs as printed', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'varco-readme-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  // #region example
  await using server = await startEmbeddedServer({ dir })
  await using database = openDatabase({ url: server.url })
  await migrate(database)
  const { rows } = await database.pool.query('SELECT count(*) AS applied FROM varco.migrations')
  // #endregion
  expect(Number(rows[0]?.applied)).toBeGreaterThan(3)
  const { printed, run } = await readmeExample(import.meta.filename)
  expect(printed).toBe(run)
})
