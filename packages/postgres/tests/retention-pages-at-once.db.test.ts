import { UnavailableError } from '@varco/core'
import type { Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { runPlan, type Disposed, type DisposeTask, type RetentionDesk } from '@varco/retention'
import { beforeEach, expect, inject, onTestFinished, test } from 'vitest'
import {
  addInvoices,
  approvedPlan,
  certificateOf,
  createRecords,
  invoiceIds,
  person,
  worldOn,
} from './retention/retention-world.ts'

/** Three pages. */
const DUE = 6_100
const by = person('SCH-1')
let database: Database

beforeEach(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  onTestFinished(() => database[Symbol.asyncDispose]())
  await createRecords(database)
  await addInvoices(database, DUE)
})

function disposingBy(
  dispose: (task: DisposeTask, now: RetentionDesk['records']['dispose']) => Promise<Disposed>,
): RetentionDesk {
  const { desk } = worldOn(database)
  return {
    ...desk,
    records: { ...desk.records, dispose: (task) => dispose(task, (same) => desk.records.dispose(same)) },
  }
}

test.each([
  [1, 3],
  [0.9, 1],
])('with a duty of %d a run works at %d pages at once, and each record goes once', async (duty, pages) => {
  let [atOnce, most] = [0, 0]
  const desk = disposingBy(async (task, dispose) => {
    most = Math.max(most, ++atOnce)
    return dispose(task).finally(() => (atOnce -= 1))
  })
  const { id } = await approvedPlan(desk)
  const { rules } = certificateOf(await runPlan(desk, { plan: id, by, duty }))
  expect(rules[0]).toMatchObject({ done: DUE, kept: { gone: 0 }, found_again: 0 })
  expect(most).toBe(pages)
  expect(await invoiceIds(database)).toHaveLength(DUE)
})

test('where one of them fails the others end their slices, and nothing more is begun', async () => {
  let [calls, fails] = [0, true]
  const desk = disposingBy(async (task, dispose) => {
    calls += 1
    if (fails && calls === 3) throw new UnavailableError('personal records')
    return dispose(task)
  })
  const { id } = await approvedPlan(desk)
  await expect(runPlan(desk, { plan: id, by })).rejects.toThrow('personal records')
  expect(calls).toBeLessThanOrEqual(5)
  fails = false
  expect(certificateOf(await runPlan(desk, { plan: id, by })).rules[0]).toMatchObject({ done: DUE })
  expect(await invoiceIds(database)).toHaveLength(DUE)
})
