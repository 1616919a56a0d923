import { UnavailableError } from '@varco/core'
import { openDatabase, postgresSubjectRecords } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { describeSubjectRecords, reportedBundle } from '@varco/reports/testing'
import { expect, inject, test } from 'vitest'
import { createRecords } from './gse-records.ts'

describeSubjectRecords('on PostgreSQL', async (bundle, rows) => {
  const database = await scratchDatabase(inject('serverUrl'), { migrated: false })
  await createRecords(database, bundle, rows)
  // Sessions of a body may speak another language and time.
  await database.pool.query(
    `ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET timezone = 'Asia/Tokyo'`,
  )
  await database.pool.query(
    `ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET datestyle = 'German'`,
  )
  const fresh = openDatabase({ url: database.url })
  return {
    records: postgresSubjectRecords(fresh),
    [Symbol.asyncDispose]: async () => {
      await fresh[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
})

test('says that the records are not available, and holds no connection, when they cannot be read', async () => {
  await using database = await scratchDatabase(inject('serverUrl'), { migrated: false })
  const records = postgresSubjectRecords(database)
  await expect(records.find(reportedBundle(), 'X')).rejects.toThrow(UnavailableError)
  expect(database.pool.totalCount - database.pool.idleCount).toBe(0)
  await using gone = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/nowhere' })
  await expect(postgresSubjectRecords(gone).named(reportedBundle(), 'producer', ['P1'])).rejects.toThrow(
    UnavailableError,
  )
})

test('reads and never writes: the transaction refuses', async () => {
  await using database = await scratchDatabase(inject('serverUrl'), { migrated: false })
  const bundle = reportedBundle()
  await createRecords(database, bundle, { producer: [{ id: 'P1', name: 'A', tax_code: 'T' }] })
  // A view that writes when it is read stands in for whatever a body's schema may hide.
  await database.pool.query(`
    CREATE TABLE gse.trace (at timestamptz);
    CREATE FUNCTION gse.leave_trace() RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO gse.trace VALUES (now()); RETURN 'T'; END $$;
    ALTER TABLE gse.producer RENAME TO producer_base;
    CREATE VIEW gse.producer AS SELECT id, name, gse.leave_trace() AS tax_code, birth_date, email, iban, region FROM gse.producer_base`)
  await expect(postgresSubjectRecords(database).find(bundle, 'T')).rejects.toThrow(UnavailableError)
  expect((await database.pool.query('SELECT * FROM gse.trace')).rows).toEqual([])
})
