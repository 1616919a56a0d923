import { asId, UnavailableError, type FieldName, type ResourceName } from '@varco/core'
import type { RecordUpdate, Resource } from '@varco/policy'
import { CONTRACT_INVOICES, fixtureBundle, recordWriterContract } from '@varco/policy/testing'
import {
  freePort,
  openDatabase,
  postgresRecordSource,
  postgresRecordWriter,
  type Database,
} from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'

const invoice = fixtureBundle().resources.get(asId<ResourceName>('invoice')) as Resource
const field = (name: string): FieldName => asId(name)
const STATUS: RecordUpdate = {
  ...{ resource: invoice, fields: [field('id'), field('status')], filter: null, limit: 100 },
  reach: { op: 'eq', field: field('id'), value: '1' },
  values: new Map([[field('status'), 'paid']]),
}

let database: Database

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'), { migrated: false })
  await database.pool.query(`
    CREATE SCHEMA gse;
    CREATE TABLE gse.invoice (
      id bigint PRIMARY KEY, producer_id text NOT NULL, number text NOT NULL, period text NOT NULL,
      amount numeric NOT NULL CHECK (amount >= -1000), status text NOT NULL, issued_on date, iban text,
      tax_code text NOT NULL
    )`)
})

beforeEach(async () => {
  await database.pool.query('DROP TRIGGER IF EXISTS meddle ON gse.invoice')
  await fill()
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

async function fill(): Promise<void> {
  await database.pool.query('TRUNCATE gse.invoice')
  await database.pool.query(
    'INSERT INTO gse.invoice SELECT * FROM json_populate_recordset(NULL::gse.invoice, $1)',
    [JSON.stringify(CONTRACT_INVOICES)],
  )
}

async function statusOfFirst(): Promise<string | undefined> {
  const { rows } = await database.pool.query<{ status: string }>(
    'SELECT status FROM gse.invoice WHERE id = 1',
  )
  return rows[0]?.status
}

recordWriterContract('PostgreSQL', async () => {
  await fill()
  return { writer: postgresRecordWriter(database), source: postgresRecordSource(database) }
})

describe('between two', () => {
  test('who finds a row taken is told to come back, once it has waited', async () => {
    const writer = postgresRecordWriter(database)
    const release = Promise.withResolvers<boolean>()
    const locked = Promise.withResolvers<void>()
    const first = writer.update(STATUS, () => {
      locked.resolve()
      return release.promise
    })
    await locked.promise
    await expect(writer.update(STATUS, async () => true)).rejects.toThrow(UnavailableError)
    release.resolve(true)
    expect(await first).toMatchObject({ kind: 'done' })
  })

  test('a row that went out of reach while one waited for it is not changed', async () => {
    const writer = postgresRecordWriter(database)
    const issued: RecordUpdate = { ...STATUS, reach: { op: 'eq', field: field('status'), value: 'issued' } }
    const locked = Promise.withResolvers<void>()
    const release = Promise.withResolvers<boolean>()
    const first = writer.update(issued, () => {
      locked.resolve()
      return release.promise
    })
    await locked.promise
    const second = writer.update(
      { ...issued, values: new Map([[field('status'), 'lost']]) },
      async () => true,
    )
    release.resolve(true)
    await first
    expect(await second).toEqual({ kind: 'done', after: [] })
    expect(await statusOfFirst()).toBe('paid')
  })
})

describe('when things fail', () => {
  test('a server that dies while the change is being recorded leaves it undone', async () => {
    const own = openDatabase({ url: database.url, name: 'doomed', max: 1 })
    const writer = postgresRecordWriter(own)
    const outcome = writer.update(STATUS, async () => {
      await database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'doomed'`,
      )
      return true
    })
    await expect(outcome).rejects.toThrow(UnavailableError)
    expect(await statusOfFirst()).toBe('issued')
    // The next change finds a connection that works.
    expect(await writer.update(STATUS, async () => true)).toMatchObject({ kind: 'done' })
    await own[Symbol.asyncDispose]()
  })

  test('a reply to the commit that is lost is neither done nor undone', async () => {
    const own = openDatabase({ url: database.url, name: 'mute', max: 1 })
    // The trigger waits until the transaction commits, and its own connection is cut there.
    await database.pool.query(`
      CREATE OR REPLACE FUNCTION gse.cut() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
      CREATE CONSTRAINT TRIGGER meddle AFTER UPDATE ON gse.invoice DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION gse.cut()`)
    expect(await postgresRecordWriter(own).update(STATUS, async () => true)).toEqual({ kind: 'unknown' })
    await own[Symbol.asyncDispose]()
  })

  test('a constraint that is only looked at when committing refuses like any other', async () => {
    await database.pool.query(`
      CREATE OR REPLACE FUNCTION gse.refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no %', OLD.iban; END $$;
      CREATE CONSTRAINT TRIGGER meddle AFTER UPDATE ON gse.invoice DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION gse.refuse()`)
    const writer = postgresRecordWriter(database)
    expect(await writer.update(STATUS, async () => true)).toEqual({ kind: 'rejected' })
    expect(await statusOfFirst()).toBe('issued')
  })

  test('a trigger that quietly drops the change is a refusal, not a success', async () => {
    await database.pool.query(`
      CREATE OR REPLACE FUNCTION gse.drop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
      CREATE TRIGGER meddle BEFORE UPDATE ON gse.invoice FOR EACH ROW EXECUTE FUNCTION gse.drop()`)
    expect(await postgresRecordWriter(database).update(STATUS, async () => true)).toEqual({
      kind: 'rejected',
    })
  })

  test('a server that cannot be reached leaves everything as it is', async () => {
    const away = openDatabase({ url: `postgres://nobody@127.0.0.1:${await freePort()}/x`, name: 'away' })
    await expect(postgresRecordWriter(away).update(STATUS, async () => true)).rejects.toThrow(
      UnavailableError,
    )
    await away[Symbol.asyncDispose]()
  })
})
