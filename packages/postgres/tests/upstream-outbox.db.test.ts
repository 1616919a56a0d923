import { openRetentionStore, openUpstreamOutbox, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { errandRule, type Errand, type RetentionPlan } from '@varco/retention'
import { outboxContract } from '@varco/retention/testing'
import { expect, inject, onTestFinished, test } from 'vitest'

const ERRAND: Errand = {
  ...{ plan: 'p1', rule: 'invoices', resource: 'attachment' },
  ...{ by: 'invoice_id', parent: '7' },
}

async function withPlan(): Promise<Database> {
  const database = await scratchDatabase(inject('serverUrl'))
  onTestFinished(() => database[Symbol.asyncDispose]())
  await database.pool.query(
    "INSERT INTO varco.retention_plans (id, planned_us, state, plan, revision) VALUES ('p1', 0, 'running', '', 0)",
  )
  await database.pool.query(
    "INSERT INTO varco.retention_pages (plan, rule, todo) VALUES ('p1', 'invoices', '{7,8}')",
  )
  return database
}

outboxContract(async () => openUpstreamOutbox(await withPlan()))

test('what went is told by tombstones of its own, with the errand or not at all', async () => {
  const database = await withPlan()
  const outbox = openUpstreamOutbox(database)
  const store = openRetentionStore(database)
  const [errand] = await outbox.queue([ERRAND], 5n)
  if (errand === undefined) throw new Error('nothing was queued')
  const gone = (hash: string) => ({
    ...{ action: 'erase' as const, at: 9n },
    tombstones: { resource: 'attachment', hashes: [hash] },
  })
  await outbox.note({ ...errand, begun: ['a2'] }, gone('aa'))
  await outbox.close(errand, gone('bb'))
  await outbox.close(errand, gone('bb'))
  const told = await Array.fromAsync(store.tombstones('p1', errandRule('invoices', 'attachment')))
  expect(told.flatMap(({ hashes }) => hashes)).toEqual(['aa', 'bb'])
  expect(new Set(told.map(({ resource }) => resource))).toEqual(new Set(['attachment']))
  await expect(outbox.note(errand, gone('not hexadecimal'))).rejects.toThrow('is not hexadecimal')
  expect(await outbox.standing()).toEqual([])
})

test('what hangs on a record that the plan has settled is swept away, and no other errand', async () => {
  const database = await withPlan()
  const outbox = openUpstreamOutbox(database)
  const settled = { ...ERRAND, parent: '9' }
  await outbox.queue([ERRAND, settled, { ...ERRAND, rule: 'others' }], 5n)
  await outbox.sweep('p1')
  expect(await outbox.standing()).toMatchObject([{ plan: 'p1', resource: 'attachment', waiting: 1 }])
  await database.pool.query('UPDATE varco.retention_pages SET open = false')
  await outbox.sweep('p1')
  expect(await outbox.standing()).toEqual([])
})

test('a plan that is over, however it ended, leaves no errand', async () => {
  const database = await withPlan()
  const outbox = openUpstreamOutbox(database)
  const [errand] = await outbox.queue([ERRAND], 5n)
  if (errand === undefined) throw new Error('nothing was queued')
  await outbox.note({ ...errand, attempts: 6, abandoned: true }, null)
  const store = openRetentionStore(database)
  const plan = { id: 'p1', revision: 1 } as RetentionPlan
  await store.replacePlan({ ...plan, state: 'paused' })
  expect(await outbox.abandoned('p1')).toEqual([ERRAND])
  await store.replacePlan({ ...plan, state: 'cancelled', revision: 2 })
  expect(await outbox.abandoned('p1')).toEqual([])
})
