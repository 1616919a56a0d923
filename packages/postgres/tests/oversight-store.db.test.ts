import { inject, onTestFinished, test, expect } from 'vitest'
import type { WorkCount } from '@varco/oversight'
import { commitOf, findingOf, oversightStoreContract } from '@varco/oversight/testing'
import { postgresOversightFigures, postgresOversightStore, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { createSecretKey } from 'node:crypto'

async function scratch(): Promise<Database> {
  const database = await scratchDatabase(inject('serverUrl'))
  onTestFinished(() => database[Symbol.asyncDispose]())
  return database
}

oversightStoreContract(async () => postgresOversightStore(await scratch()))

/** A keyed hash, as the watch makes it. */
const worker = (n: number): string => String(n).repeat(32)

test('counts of work add up over batches, and people are counted once', async () => {
  const database = await scratch()
  const store = postgresOversightStore(database)
  const figures = postgresOversightFigures(database, createSecretKey(Buffer.alloc(32)))
  const work: WorkCount = {
    contract: 'aurora-2026',
    month: '2026-01',
    dimension: 'purpose',
    value: 'invoice',
    decision: 'permit',
    ...{ accesses: 3, firstAt: 10, lastAt: 20, evidence: ['e-1', 'e-2'], workers: [worker(1), worker(2)] },
  }
  const refusals = {
    ...{
      contract: 'aurora-2026',
      month: '2026-01',
      purpose: 'invoice',
      resource: 'invoice',
      reason: 'no-grant',
    },
    ...{ field: '', refusals: 2, granted: 1, minutes: 12, workers: [worker(4)], grantedWorkers: [worker(5)] },
  } as const
  await store.commit(commitOf({ work: [work], refusalCounts: [refusals] }))
  const later = {
    ...work,
    firstAt: 5,
    evidence: Array.from({ length: 12 }, (_, i) => `f-${i}`),
    workers: [worker(2), worker(3)],
  }
  await store.commit(commitOf({ base: 1, work: [later], refusalCounts: [refusals] }))
  const [counted] = await figures.work('aurora-2026', '2026-01', '2026-01')
  expect(counted).toMatchObject({ accesses: 6, workers: 3, firstAt: 5n })
  expect(counted?.evidence).toHaveLength(10)
  expect(await figures.refusals('aurora-2026', '2026-01', '2026-12')).toEqual([
    expect.objectContaining({ refusals: 4, granted: 2, minutes: 24, workers: 1, grantedWorkers: 1 }),
  ])
  expect(await figures.work(null, '2026-01', '2026-12')).toEqual([])
})

test('by when there were five people behind a count is kept as it was when the fifth came', async () => {
  const database = await scratch()
  const store = postgresOversightStore(database)
  const figures = postgresOversightFigures(database, createSecretKey(Buffer.alloc(32)))
  const fifth: (bigint | null)[] = []
  for (const [base, workers] of [[1, 2], [2, 3, 4], [4, 5], [6], []].entries()) {
    const count: WorkCount = {
      ...{
        contract: 'aurora-2026',
        month: '2026-01',
        dimension: 'purpose',
        value: 'invoice',
        decision: 'permit',
      },
      ...{ accesses: 3, firstAt: 10, lastAt: 100 + base, evidence: [], workers: workers.map(worker) },
    }
    await store.commit(commitOf({ base, work: [count] }))
    fifth.push((await figures.work('aurora-2026', '2026-01', '2026-01'))[0]?.fifthAt ?? null)
  }
  expect(fifth).toEqual([null, null, 102n, 102n, 102n])
  const atOnce: WorkCount = {
    ...{ contract: null, month: '2026-01', dimension: 'purpose', value: 'invoice', decision: 'permit' },
    ...{ accesses: 5, firstAt: 10, lastAt: 200, evidence: [], workers: [1, 2, 3, 4, 5].map(worker) },
  }
  await store.commit(commitOf({ base: 5, work: [atOnce] }))
  expect(await figures.work(null, '2026-01', '2026-01')).toMatchObject([{ workers: 5, fifthAt: 200n }])
})

test('the database itself lets nobody answer an alert about themselves', async () => {
  const database = await scratch()
  const store = postgresOversightStore(database)
  await store.commit(commitOf({ findings: [findingOf()] }))
  const id = (await store.alerts({ limit: 1 }))[0]?.id ?? ''
  const decision = { by: 'AUR-1', at: 1n, reason: 'nothing at all', notifyBy: null }
  await expect(store.decideAlert(id, 'explained', decision)).rejects.toMatchObject({ code: 'unavailable' })
  await expect(
    database.pool.query("UPDATE varco.alerts SET state = 'confirmed', answered_by = 'DPO-1' WHERE id = $1", [
      id,
    ]),
  ).rejects.toThrow('violates check constraint')
})
