import { createHash } from 'node:crypto'
import { openRetentionStore, openUpstreamOutbox, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { errandRule, type Burial } from '@varco/retention'
import { afterAll, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest'

const PLAN = { plan: 'p1', rule: 'invoices' }

let database: Database

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
})
beforeEach(() => database.pool.query('TRUNCATE varco.tombstones'))
afterAll(() => database[Symbol.asyncDispose]())

function hashesOf(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, i) =>
    createHash('sha256')
      .update(String(from + i))
      .digest('hex'),
  )
}

/** As what hung on a record upstream and went. */
async function bury(resource: string, hashes: readonly string[], action: Burial = 'erase'): Promise<void> {
  const errand = { ...PLAN, resource, by: 'invoice_id', parent: '7' }
  await openUpstreamOutbox(database).close(errand, { action, tombstones: { resource, hashes }, at: 9n })
}

test('a rule’s tombstones come by their hash, each once, over however many slices they were written', async () => {
  await bury('attachment', hashesOf(0, 12_000))
  await bury('attachment', hashesOf(11_990, 21_000))
  await bury('letter', hashesOf(0, 5))
  const store = openRetentionStore(database)
  const told: string[] = []
  for await (const page of store.tombstones(PLAN.plan, errandRule(PLAN.rule, 'attachment'))) {
    expect(page.resource).toBe('attachment')
    told.push(...page.hashes)
  }
  expect(told).toEqual(hashesOf(0, 21_000).toSorted())
})

test('who stops reading them half way leaves no connection behind', async () => {
  await bury('attachment', hashesOf(0, 10_001))
  const pages = openRetentionStore(database).tombstones(PLAN.plan, errandRule(PLAN.rule, 'attachment'))
  for await (const page of pages) {
    expect(page.hashes.length).toBeGreaterThan(0)
    expect(page.hashes.length).toBeLessThan(10_001)
    break
  }
  expect(database.pool.totalCount).toBe(database.pool.idleCount)
  await vi.waitFor(async () => {
    const { rowCount } = await database.pool.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'varco log reading'",
    )
    expect(rowCount).toBe(0)
  })
})

test('what went is known again by its resource and by what it went by', async () => {
  const [erased = '', masked = '', another = '', never = ''] = hashesOf(0, 4)
  await bury('attachment', [erased])
  await bury('attachment', [masked, erased], 'anonymise')
  await bury('letter', [another])
  const store = openRetentionStore(database)
  const all = [erased, masked, another, never]
  const known = async (resource: string, ...burials: readonly Burial[]): Promise<ReadonlySet<string>> => {
    await using buried = await store.buried(resource, burials)
    expect(await buried.among([])).toEqual(new Set())
    return buried.among(all)
  }
  expect(await known('attachment', 'erase')).toEqual(new Set([erased]))
  expect(await known('attachment', 'erase', 'anonymise')).toEqual(new Set([erased, masked]))
  expect(await known('letter', 'erase')).toEqual(new Set([another]))
  expect(await known('letter', 'restrict')).toEqual(new Set())
  expect(database.pool.totalCount).toBe(database.pool.idleCount)
})

test('the order of a slice’s hashes tells nothing of that of its keys', async () => {
  await bury('attachment', hashesOf(0, 50))
  const { rows } = await database.pool.query<{ hashes: string[] }>(
    "SELECT ARRAY(SELECT encode(hash, 'hex') FROM unnest(hashes) AS hash) AS hashes FROM varco.tombstones",
  )
  expect(rows).toEqual([{ hashes: hashesOf(0, 50).toSorted() }])
})
