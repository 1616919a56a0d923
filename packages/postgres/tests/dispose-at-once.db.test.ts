import { setTimeout as sleep } from 'node:timers/promises'
import { postgresRetentionRecords, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { dueRules, recordGraph, tableOf, type Disposed, type DisposeTask } from '@varco/retention'
import type { PoolClient } from 'pg'
import { Temporal } from 'temporal-polyfill'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { addInvoices, bundleWith, createRecords, invoiceIds, RULE } from './retention/retention-world.ts'

/*
 * What comes between while one statement takes records away: a trigger makes it wait once it has begun, and knows no more of what
 * others do, while another connection does something to the third.
 */

const KEYS = ['1', '2', '3', '4']
const NOTHING: Disposed = {
  ...{ done: [], held: [], referenced: [], notDue: [], busy: [], gone: [], identifiable: [] },
}
let database: Database

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  await createRecords(database)
})
beforeEach(async () => {
  await database.pool.query('TRUNCATE gse.invoice')
  await tie('')
  await addInvoices(database, KEYS.length)
})
afterEach(() => database.pool.query('DROP FUNCTION IF EXISTS wait CASCADE'))
afterAll(() => database[Symbol.asyncDispose]())

/** How an invoice is tied to the one before it. */
async function tie(how: string): Promise<void> {
  await database.pool.query(`
    ALTER TABLE gse.invoice DROP CONSTRAINT invoice_previous_fkey,
      ADD CONSTRAINT invoice_previous_fkey FOREIGN KEY (previous) REFERENCES gse.invoice ${how}`)
}

async function taskOf(): Promise<DisposeTask> {
  const bundle = bundleWith([RULE])
  const [rule] = dueRules(bundle, Temporal.PlainDate.from('2026-11-25'))
  if (rule === undefined) throw new Error('no rule')
  const { references } = recordGraph(bundle, await postgresRetentionRecords(database).foreignKeys())
  return {
    ...{ rule, keys: KEYS, archive: null, holds: null },
    references: references.filter(({ parent }) => parent === tableOf(rule.resource)),
    started: async () => () => true,
    confirm: async () => {},
  }
}

/** @returns what came of it, each list by key */
async function dispose(more: Partial<DisposeTask> = {}): Promise<Disposed> {
  const disposed = await postgresRetentionRecords(database).dispose({ ...(await taskOf()), ...more })
  const lists = Object.entries(disposed) as [keyof Disposed, readonly string[]][]
  return { ...NOTHING, ...Object.fromEntries(lists.map(([how, keys]) => [how, keys.toSorted()])) }
}

/** Does the work once the deleting statement has begun. @returns what came of it */
async function meanwhile(work: () => Promise<unknown>, more: Partial<DisposeTask> = {}): Promise<Disposed> {
  await database.pool.query(`
    CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$;
    CREATE TRIGGER wait BEFORE DELETE ON gse.invoice FOR EACH STATEMENT EXECUTE FUNCTION wait()`)
  const disposed = dispose(more)
  for (let waiting = false; !waiting; await sleep(5)) {
    const { rowCount } = await database.pool.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'",
    )
    waiting = rowCount === 1
  }
  await work()
  return disposed
}

const pointAtThird = (): Promise<unknown> =>
  database.pool.query(
    "INSERT INTO gse.invoice (id, producer_id, issued_on, previous) VALUES (9, 'P1', '2020-01-01', 3)",
  )

test('what nothing is in the way of goes, and of each other it is told why it stays', async () => {
  await database.pool.query(`
    UPDATE gse.invoice SET issued_on = '2020-01-01' WHERE id = 2;
    UPDATE gse.invoice SET previous = 3 WHERE id = 6;
    DELETE FROM gse.invoice WHERE id = 4`)
  const disposed = await dispose({ archive: async (records) => expect(records).toHaveLength(1) })
  expect(disposed).toEqual({ ...NOTHING, done: ['1'], notDue: ['2'], referenced: ['3'], gone: ['4'] })
  expect(await invoiceIds(database)).toEqual([2, 3, 5, 6, 7, 8])
})

test('where two rows may have one key, as many rows as there were keys are not taken for all of them', async () => {
  await database.pool.query(`
    ALTER TABLE gse.invoice DROP CONSTRAINT invoice_pkey CASCADE;
    INSERT INTO gse.invoice (id, producer_id, issued_on) VALUES (1, 'P1', '2010-01-01');
    UPDATE gse.invoice SET issued_on = '2020-01-01' WHERE id = 2`)
  try {
    const { done, notDue } = await dispose({ keys: ['1', '2'] })
    expect([new Set(done), notDue]).toEqual([new Set(['1']), ['2']])
  } finally {
    await database.pool.query(`
      TRUNCATE gse.invoice;
      ALTER TABLE gse.invoice ADD PRIMARY KEY (id), ADD CONSTRAINT invoice_previous_fkey FOREIGN KEY (previous) REFERENCES gse.invoice`)
  }
})

test('what the one statement left is waited for as long as ever, also where it took nothing', async () => {
  await database.pool.query('UPDATE gse.invoice SET previous = id - 4 WHERE id > 4')
  const patience: string[] = []
  const ask = async (client: PoolClient): Promise<void> => {
    const { rows } = await client.query<{ patience: string }>(
      "SELECT current_setting('lock_timeout') || ', ' || current_setting('statement_timeout') AS patience",
    )
    patience.push(...rows.map((row) => row.patience))
  }
  const clients: PoolClient[] = []
  const note = (client: PoolClient): void => void clients.push(client)
  database.pool.on('acquire', note)
  const confirm = async (): Promise<void> => {
    for (const client of clients.slice(-1)) await ask(client)
  }
  const disposed = await dispose({ confirm })
  database.pool.off('acquire', note)
  expect(disposed).toEqual({ ...NOTHING, referenced: KEYS })
  expect(patience).toEqual(['2s, 30s'])
})

test('what somebody has locked is not waited for', async () => {
  const theirs = await database.pool.connect()
  await theirs.query('BEGIN; SELECT FROM gse.invoice WHERE id = 3 FOR UPDATE')
  const disposed = await dispose()
  await theirs.query('ROLLBACK')
  theirs.release()
  expect(disposed).toEqual({ ...NOTHING, done: ['1', '2', '4'], busy: ['3'] })
})

test('a record at which another comes to point meanwhile stays, and the others go', async () => {
  const disposed = await meanwhile(pointAtThird)
  expect(disposed).toEqual({ ...NOTHING, done: ['1', '2', '4'], referenced: ['3'] })
  expect(await invoiceIds(database)).toEqual([3, 5, 6, 7, 8, 9])
})

test.each(['ON DELETE CASCADE', 'ON DELETE SET NULL', 'DEFERRABLE INITIALLY DEFERRED'])(
  'where a foreign key is %s, records are locked before they go: nobody’s new record is lost or left pointing at nothing',
  async (how) => {
    await tie(how)
    const refused = expect.objectContaining({ code: '23503' })
    const disposed = await meanwhile(() => expect(pointAtThird()).rejects.toEqual(refused))
    expect(disposed).toEqual({ ...NOTHING, done: KEYS })
    expect(await invoiceIds(database)).toEqual([5, 6, 7, 8])
  },
)

test('a record that comes to be of whom a hold is about stays', async () => {
  const holds = {
    ...{ mayHold: true, watched: [], belonging: [] },
    among: async () => (record: { dataSubject: string | null }) => record.dataSubject === 'P5',
  }
  // The fourth is theirs already.
  const becomesTheirs = (): Promise<unknown> =>
    database.pool.query("UPDATE gse.invoice SET producer_id = 'P5' WHERE id = 3")
  const disposed = await meanwhile(becomesTheirs, { holds })
  expect(disposed).toEqual({ ...NOTHING, done: ['1', '2'], held: ['3', '4'] })
})

test('a record whose date is corrected meanwhile stays', async () => {
  const corrected = (): Promise<unknown> =>
    database.pool.query("UPDATE gse.invoice SET issued_on = '2020-01-01' WHERE id = 3")
  expect(await meanwhile(corrected)).toEqual({ ...NOTHING, done: ['1', '2', '4'], notDue: ['3'] })
})

test('an archive is given what goes at once as it was', async () => {
  const { rule } = await taskOf()
  const archived: unknown[] = []
  await dispose({
    rule: { ...rule, action: 'archive' },
    archive: async (records) => {
      archived.push(...records.map(({ record }) => JSON.parse(record) as unknown))
    },
  })
  expect(archived).toHaveLength(KEYS.length)
  expect(archived).toContainEqual(
    expect.objectContaining({ id: 1, producer_id: 'P2', issued_on: '2010-01-02' }),
  )
})
