import { UnavailableError } from '@varco/core'
import { FIXTURE_NOW, proofMemoryContract } from '@varco/engagement/testing'
import { openDatabase, openProofMemory, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'

const SECOND = 1_000_000n
const PROOF = '00000000-0000-4000-8000-000000000001'

let database: Database

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

proofMemoryContract('PostgreSQL', async () => {
  await database.pool.query('TRUNCATE varco.used_proofs')
  return openProofMemory(database)
})

test('what one node has seen, another knows again; what is over is forgotten', async () => {
  await database.pool.query('TRUNCATE varco.used_proofs')
  await using other = openDatabase({ url: database.url })
  const [node, second] = [openProofMemory(database), openProofMemory(other)]
  const until = FIXTURE_NOW + 140n * SECOND
  expect(await node.remember(PROOF, FIXTURE_NOW, until)).toBe(true)
  expect(await second.remember(PROOF, FIXTURE_NOW, until)).toBe(false)
  const later = until + SECOND
  await second.remember('00000000-0000-4000-8000-000000000002', later, later + 140n * SECOND)
  await vi.waitFor(async () => {
    const { rows } = await database.pool.query('SELECT FROM varco.used_proofs WHERE until_us < $1', [later])
    expect(rows).toEqual([])
  })
})

test('says that it cannot be asked', async () => {
  await using gone = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' })
  await expect(openProofMemory(gone).remember(PROOF, FIXTURE_NOW, FIXTURE_NOW)).rejects.toThrow(
    UnavailableError,
  )
})
