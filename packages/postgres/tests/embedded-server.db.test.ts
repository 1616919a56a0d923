import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DamagedDataError, openDatabase, startEmbeddedServer, type EmbeddedServer } from '@varco/postgres'
import { freshServer } from '@varco/postgres/testing'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'

let dir: string

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'varco-embedded-'))
})

afterEach(async () => {
  await rm(dir, { recursive: true, force: true })
})

/** What `startEmbeddedServer` makes in an empty folder, which the first test sees it do. */
const server = (): Promise<EmbeddedServer> =>
  freshServer(inject('serverFiles'), { dir: path.join(dir, 'pg'), durable: false })

async function answer(url: string, sql: string): Promise<unknown> {
  await using database = openDatabase({ url })
  const { rows } = await database.pool.query<{ answer: unknown }>(sql)
  return rows[0]?.answer
}

test('keeps its data between one start and the next, in a folder closed to others', async () => {
  await chmod(dir, 0o700)
  {
    await using first = await startEmbeddedServer({ dir: path.join(dir, 'pg'), durable: false })
    expect(first.started).toBe(true)
    await answer(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
  }
  await using again = await startEmbeddedServer({ dir: path.join(dir, 'pg'), durable: false })
  expect(await answer(again.url, 'SELECT answer FROM kept')).toBe(42)
})

test('a second process joins the running server and leaves it running', async () => {
  await using running = await server()
  {
    await using joined = await startEmbeddedServer({ dir: path.join(dir, 'pg') })
    expect([joined.started, joined.port]).toEqual([false, running.port])
  }
  expect(await answer(running.url, 'SELECT 1 AS answer')).toBe(1)
})

test('starts again after being killed, with what was committed', async () => {
  const killed = await freshServer(inject('serverFiles'), { dir: path.join(dir, 'pg') })
  await answer(killed.url, 'CREATE TABLE kept AS SELECT 7 AS answer')
  await killed.kill()
  await using again = await startEmbeddedServer({ dir: path.join(dir, 'pg') })
  expect(await answer(again.url, 'SELECT answer FROM kept')).toBe(7)
})

test.each(['PG_VERSION', 'global'])('says so, and wipes nothing, when %s is gone', async (piece) => {
  const data = path.join(dir, 'pg', 'data')
  await (await server())[Symbol.asyncDispose]()
  await rename(path.join(data, piece), path.join(dir, 'moved-away'))
  const before = await readdir(data)
  await expect(startEmbeddedServer({ dir: path.join(dir, 'pg') })).rejects.toThrow(DamagedDataError)
  await expect(startEmbeddedServer({ dir: path.join(dir, 'pg') })).rejects.toThrow(/nothing was deleted/)
  const after = await readdir(data)
  expect(after.filter((name) => !before.includes(name) && name !== 'server.log')).toEqual([])
  expect(before.filter((name) => !after.includes(name))).toEqual([])
})

test('says so when the data folder is gone but its password is there', async () => {
  await (await server())[Symbol.asyncDispose]()
  await rename(path.join(dir, 'pg', 'data'), path.join(dir, 'moved-away'))
  await expect(startEmbeddedServer({ dir: path.join(dir, 'pg') })).rejects.toThrow(/lost its data folder/)
})

test('leaves nothing behind when it was for this run only', async () => {
  const ephemeral = { dir: path.join(dir, 'pg'), durable: false, ephemeral: true }
  await (await freshServer(inject('serverFiles'), ephemeral))[Symbol.asyncDispose]()
  expect(existsSync(path.join(dir, 'pg'))).toBe(false)
})
