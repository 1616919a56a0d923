import { setTimeout as sleep } from 'node:timers/promises'
import { compileBundle, type BundleDocument } from '@varco/policy'
import type { Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import {
  endPlan,
  planErasure,
  planReplay,
  planRetention,
  runPlan,
  type Certificate,
  type RetentionDesk,
} from '@varco/retention'
import { asId } from '@varco/core'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import {
  addInvoices,
  approved,
  approvedPlan,
  createRecords,
  invoiceIds,
  keptApart,
  person,
  RULE,
  worldOn,
  certificateOf,
  pagesWithKeys,
} from './retention/retention-world.ts'

/*
 * A process is killed after a slice of the records was committed and before the plan knew, and then the plan is ended early.
 */

const by = person('SCH-1')
const DUE = 300
const MASKED = { ...RULE, action: 'anonymise', masks: { number: 'redact' } } as const

let database: Database
beforeEach(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  await createRecords(database)
  await addInvoices(database, DUE)
  await database.pool.query("UPDATE gse.invoice SET number = 'N' || id")
})
afterEach(() => database[Symbol.asyncDispose]())

/** As a kill leaves it where the records are in another database: they are changed, and the answer never comes. */
function dying(desk: RetentionDesk): RetentionDesk {
  const dispose: RetentionDesk['records']['dispose'] = async (task) => {
    await desk.records.dispose(task)
    throw new Error('killed')
  }
  return keptApart({ ...desk, records: { ...desk.records, dispose } })
}

async function killed(desk: RetentionDesk, plan: string): Promise<void> {
  await expect(runPlan(dying(desk), { plan, by })).rejects.toThrow('retention is not')
}

async function ended(desk: RetentionDesk, plan: string): Promise<Certificate> {
  await endPlan(desk, { plan, by, why: 'asked' })
  return certificateOf(await runPlan(desk, { plan, by }))
}

async function masked(): Promise<number> {
  const { rows } = await database.pool.query("SELECT FROM gse.invoice WHERE number = '—'")
  return rows.length
}

test('masks of which nobody knows are counted apart, planned again where they are due, and found by a replay', async () => {
  const { desk } = worldOn(database, [MASKED])
  const { id } = await approvedPlan(desk)
  await killed(desk, id)
  const laid = await masked()
  expect(laid).toBeGreaterThan(0)
  const [rule] = (await ended(desk, id)).rules
  expect(rule).toMatchObject({ done: 0, kept: { unsure: laid, not_reached: DUE - laid } })
  expect(rule?.unsure_digest).toMatch(/^[0-9a-f]{64}$/)
  expect(rule?.unsure_digest).not.toBe(rule?.keys_digest)
  expect(await pagesWithKeys(database)).toBe(0)
  expect((await planRetention(desk, { by })).rules[0]?.records).toBe(DUE)
  // A backup brings the numbers back.
  await database.pool.query("UPDATE gse.invoice SET number = 'N' || id")
  const replay = await planReplay(desk, { by })
  expect(replay.rules[0]?.records).toBe(laid)
  expect(certificateOf(await runPlan(desk, { plan: replay.id, by })).rules[0]).toMatchObject({ done: laid })
  expect(await masked()).toBe(laid)
})

test('a slice smaller than what an earlier one had begun answers for its own records alone, and of them not for what somebody else has locked', async () => {
  const { desk } = worldOn(database, [MASKED])
  const { id } = await approvedPlan(desk)
  await killed(desk, id)
  // As a longer slice of a faster process would have left it.
  await database.pool.query('UPDATE varco.retention_pages SET begun = todo')
  const stopping = new AbortController()
  const onProgress = (): void => {
    stopping.abort()
  }
  const application = await database.pool.connect()
  try {
    await application.query('BEGIN; SELECT FROM gse.invoice WHERE id = 1 FOR UPDATE')
    await runPlan(desk, { plan: id, by, stop: stopping.signal, onProgress })
  } finally {
    await application.query('ROLLBACK')
    application.release()
  }
  expect((await ended(desk, id)).rules[0]).toMatchObject({
    done: 199,
    kept: { unsure: DUE - 199, not_reached: 0 },
  })
})

test('a stage that was restricted is done, for it stays so; what is no longer there is counted', async () => {
  const { desk } = worldOn(database, [{ ...RULE, action: 'restrict' }])
  const { id } = await approvedPlan(desk)
  await killed(desk, id)
  await database.pool.query('DELETE FROM gse.invoice WHERE id = 1')
  expect((await ended(desk, id)).rules[0]).toMatchObject({
    done: DUE - 1,
    kept: { gone: 1, not_reached: 0, unsure: 0 },
  })
  expect(await desk.restrictions.restrictions()).toHaveLength(1)
  expect((await planRetention(desk, { by })).rules[0]?.records).toBe(0)
})

test('a stage that no run came to restrict was not reached', async () => {
  const producers: BundleDocument['retention'][number] = {
    ...RULE,
    ...{ id: 'producers', resource: 'producer', trigger: { field: 'birth_date' }, action: 'restrict' },
  }
  const { desk } = worldOn(database, [RULE, producers])
  const { id } = await approvedPlan(desk)
  await killed(desk, id)
  const certificate = await ended(desk, id)
  expect(certificate.rules.find(({ rule }) => rule === 'producers')).toMatchObject({
    done: 0,
    kept: { not_reached: 5 },
  })
  expect(await desk.restrictions.restrictions()).toEqual([])
})

test('whoever ends a plan waits for a stage that is being placed, and none is placed once it is ended', async () => {
  const more = 2_000
  await addMore(more)
  const { desk } = worldOn(database, [{ ...RULE, action: 'restrict' }])
  const { id } = await approvedPlan(desk)
  const placing: RetentionDesk['restrictions'] = {
    ...desk.restrictions,
    addRestriction: async (restriction) => {
      ending.resolve(ended(desk, id))
      await sleep(300)
      await desk.restrictions.addRestriction(restriction)
    },
  }
  const ending = Promise.withResolvers<Certificate>()
  await runPlan({ ...desk, restrictions: placing }, { plan: id, by })
  expect((await ending.promise).rules[0]).toMatchObject({ done: DUE + more, kept: { not_reached: 0 } })

  const later = worldOn(database, [{ ...RULE, id: 'later', after: 'P1Y', action: 'restrict' }]).desk
  const second = (await approvedPlan(later)).id
  const endedBefore: RetentionDesk['restrictions'] = {
    ...later.restrictions,
    restriction: async (restriction) => {
      const known = await later.restrictions.restriction(restriction)
      await endPlan(later, { plan: second, by, why: 'asked' })
      return known
    },
  }
  expect(await runPlan({ ...later, restrictions: endedBefore }, { plan: second, by })).toEqual({
    ok: true,
    ended: 'stopped',
  })
  expect(await later.restrictions.restrictions()).toHaveLength(1)
})

async function addMore(due: number): Promise<void> {
  await database.pool.query(
    `INSERT INTO gse.invoice (id, producer_id, issued_on)
     SELECT 10000 + i, 'P1', DATE '2010-01-01' FROM generate_series(1, $1::int) AS i`,
    [due],
  )
}

/** A request whose plan restricts, of which the process was killed. */
async function requested(): Promise<{ readonly desk: RetentionDesk; readonly id: string }> {
  const world = worldOn(database, [{ ...RULE, action: 'restrict', on_request: 'restrict' }])
  const aurora = {
    ...{ processor: asId('aurora'), contract: asId('aurora-2026'), resources: ['invoice'], copies: [] },
  } as const
  const desk = { ...world.desk, recipients: async () => [aurora] } as RetentionDesk
  const asked = { request: 'RQ-1', dataSubject: { kind: 'producer', id: 'P1' }, by: person('URP-1') }
  const { id } = await approved(desk, await planErasure(desk, asked))
  await killed(desk, id)
  return { desk, id }
}

test('a request tells what its plan had restricted before it was ended, and its recipients have their notice', async () => {
  const { desk, id } = await requested()
  await ended(desk, id)
  const told = await desk.store.outcome(id)
  expect(told?.records).toHaveLength((2 * DUE) / 5)
  expect(new Set(told?.records.map(({ outcome, resource }) => `${outcome} ${resource}`))).toEqual(
    new Set(['restricted invoice']),
  )
  expect(told?.recipients).toMatchObject([{ contract: 'aurora-2026', resources: ['invoice'] }])
  expect(await desk.notices.waiting(9)).toMatchObject([{ act: 'restriction', resources: ['invoice'] }])
})

/** The catalogue has nothing of them any more. */
function withoutInvoices(desk: RetentionDesk): RetentionDesk {
  const { document } = desk.bundle()
  const catalogue = document.catalogue.filter(({ resource }) => resource !== 'invoice')
  const bundle = compileBundle({
    ...document,
    ...{ retention: [], access: [], cases: [] },
    catalogue: catalogue.map((file) => ({ ...file, relations: {} })),
  })
  return { ...desk, bundle: () => bundle }
}

test('they have it though the catalogue no longer has the resource', async () => {
  const { desk, id } = await requested()
  await ended(withoutInvoices(desk), id)
  expect(await desk.notices.waiting(9)).toMatchObject([{ act: 'restriction', resources: ['invoice'] }])
})

/** As plans were kept before they noted where their records are. */
async function forgetPlace(): Promise<void> {
  await database.pool.query(
    `UPDATE varco.retention_plans SET plan = jsonb_set(plan::jsonb, '{rules,0}', (plan::jsonb #> '{rules,0}') - 'place')::text`,
  )
}

test('a plan that does not say where its records are is ended by what the catalogue says', async () => {
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  await killed(desk, id)
  await forgetPlace()
  const went = 2 * DUE - (await invoiceIds(database)).length
  expect((await ended(desk, id)).rules[0]).toMatchObject({
    done: went,
    kept: { not_reached: DUE - went, unsure: 0 },
  })
})

test.each([
  ['the table', 'DROP TABLE gse.invoice CASCADE'],
  ['its key', 'ALTER TABLE gse.invoice RENAME id TO number_of_old'],
])(
  'where %s is not there any more, of what was begun nobody can tell, and the plan ends',
  async (_, gone) => {
    const { desk } = worldOn(database)
    const { id } = await approvedPlan(desk)
    await killed(desk, id)
    const went = 2 * DUE - (await invoiceIds(database)).length
    await database.pool.query(gone)
    expect((await ended(desk, id)).rules[0]).toMatchObject({
      done: 0,
      kept: { unsure: went, not_reached: DUE - went },
    })
    expect(await pagesWithKeys(database)).toBe(0)
  },
)

test('what may have gone stays in the archive', async () => {
  const { desk } = worldOn(database, [{ ...RULE, action: 'archive' }])
  const { id } = await approvedPlan(desk)
  await killed(desk, id)
  const went = 2 * DUE - (await invoiceIds(database)).length
  await database.pool.query('DROP TABLE gse.invoice CASCADE')
  expect((await ended(desk, id)).rules[0]).toMatchObject({
    done: 0,
    kept: { unsure: went },
    archive: { records: went },
  })
})

test('where neither plan nor catalogue says where the records were, nobody can tell either', async () => {
  const { desk } = worldOn(database)
  const { id } = await approvedPlan(desk)
  await killed(desk, id)
  await forgetPlace()
  const changed = withoutInvoices(desk)
  const went = 2 * DUE - (await invoiceIds(database)).length
  expect((await ended(changed, id)).rules[0]).toMatchObject({
    done: 0,
    kept: { unsure: went, not_reached: DUE - went },
  })
})
