import path from 'node:path'
import { openDatabase, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { loadBundle, type FieldType } from '@varco/policy'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createSampleBody, type SampleSummary } from '../../src/sample/create-sample-body.ts'
import { instant } from '../../src/sample/day.ts'
import { SampleBodyError } from '../../src/sample/sample-body-error.ts'
import { sampleRecords } from '../../src/sample/sample-records.ts'

const now = instant('2026-11-24T10:00:00+01:00')
const seed = 'db test'
const producers = 300

interface Column {
  readonly table_name: string
  readonly column_name: string
  readonly data_type: string
  readonly udt_name: string
  readonly is_nullable: 'YES' | 'NO'
}

/** What each type of the catalogue may be in the body's own tables. */
const COMPATIBLE: Readonly<Record<FieldType, readonly string[]>> = {
  text: ['text', 'character', 'character varying'],
  integer: ['integer', 'bigint', 'smallint'],
  decimal: ['numeric'],
  boolean: ['boolean'],
  date: ['date'],
  timestamp: ['timestamp with time zone'],
  uuid: ['uuid'],
  'text[]': ['_text'],
  json: ['json', 'jsonb'],
  int4range: ['int4range'],
  int8range: ['int8range'],
  numrange: ['numrange'],
  daterange: ['daterange'],
  tsrange: ['tsrange'],
  tstzrange: ['tstzrange'],
}

async function columnsOf(database: Database): Promise<readonly Column[]> {
  const { rows } = await database.pool.query<Column>(
    `SELECT table_name, column_name, data_type, udt_name, is_nullable FROM information_schema.columns
     WHERE table_schema = 'gse' AND table_name <> 'sample_body'`,
  )
  return rows
}

describe('createSampleBody', () => {
  let database: Database
  let summary: SampleSummary

  beforeAll(async () => {
    database = await scratchDatabase(inject('serverUrl'), { migrated: false })
    summary = await createSampleBody(database.pool, { now, seed, producers })
  })
  afterAll(async () => {
    await database[Symbol.asyncDispose]()
  })

  it('puts in every row that was made', async () => {
    expect(summary).toMatchObject({ reused: false, producers })
    for (const { name, rows } of await sampleRecords({ now, seed, producers })) {
      const made = [...rows].length
      const { rows: found } = await database.pool.query<{ count: string }>(`SELECT count(*) FROM gse.${name}`)
      expect([name, summary.counts[name], Number(found[0]?.count)]).toEqual([name, made, made])
    }
  })

  it('has each field of the sample policies as a column of a type that fits, and no column beside', async () => {
    const loaded = await loadBundle(path.join(import.meta.dirname, '../../../../policies'))
    if (!loaded.ok) throw new Error('the sample policies do not load')
    const columns = await columnsOf(database)
    const declared = loaded.document.catalogue.flatMap(({ source, fields }) =>
      'relation' in source
        ? Object.entries(fields).map(([name, field]) => ({
            table: source.relation.replace('gse.', ''),
            name,
            ...field,
          }))
        : [],
    )
    const column = new Map(columns.map((each) => [`${each.table_name}.${each.column_name}`, each]))
    expect([...column.keys()].toSorted()).toEqual(
      declared.map(({ table, name }) => `${table}.${name}`).toSorted(),
    )
    for (const { table, name, type, nullable } of declared) {
      const found = column.get(`${table}.${name}`)
      const actual = found?.data_type === 'ARRAY' ? found.udt_name : found?.data_type
      expect([table, name, COMPATIBLE[type]]).toEqual([table, name, expect.arrayContaining([actual])])
      expect([table, name, found?.is_nullable]).toEqual([table, name, nullable ? 'YES' : 'NO'])
    }
  })

  it('has the catalogue’s key as primary key and an index on each data subject', async () => {
    const loaded = await loadBundle(path.join(import.meta.dirname, '../../../../policies'))
    if (!loaded.ok) throw new Error('the sample policies do not load')
    const { rows } = await database.pool.query<{ column: string; primary: boolean }>(
      `SELECT c.relname || '.' || a.attname AS column, bool_or(i.indisprimary) AS primary
       FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
       WHERE n.nspname = 'gse' GROUP BY 1`,
    )
    const indexes = new Map(rows.map(({ column, primary }) => [column, primary]))
    const catalogue = loaded.document.catalogue.filter(({ source }) => 'relation' in source)
    expect(catalogue.filter(({ resource, key }) => indexes.get(`${resource}.${key}`) !== true)).toEqual([])
    const owned = catalogue.flatMap(({ resource, data_subject: owner }) =>
      owner === undefined ? [] : [`${resource}.${owner.field}`],
    )
    expect(owned.filter((name) => !indexes.has(name))).toEqual([])
  })

  it('is found again at a second start, and not made anew', async () => {
    const again = await createSampleBody(database.pool, { now: now + 86_400_000_000n, seed, producers })
    expect(again).toEqual({ ...summary, reused: true })
  })

  it('refuses to mix with another sample, and leaves the first alone', async () => {
    await expect(createSampleBody(database.pool, { now, seed: 'another', producers })).rejects.toThrow(
      SampleBodyError,
    )
    await expect(createSampleBody(database.pool, { now, seed, producers: 10 })).rejects.toThrow(
      SampleBodyError,
    )
    const { rows } = await database.pool.query<{ count: string }>('SELECT count(*) FROM gse.producer')
    expect(Number(rows[0]?.count)).toBe(producers)
  })
})

describe('createSampleBody on a database of its own', () => {
  it('leaves a schema gse alone that it did not make', async () => {
    await using database = await scratchDatabase(inject('serverUrl'), { migrated: false })
    await database.pool.query('CREATE SCHEMA gse CREATE TABLE producer (id int)')
    await expect(createSampleBody(database.pool, { now, seed, producers })).rejects.toThrow(SampleBodyError)
    expect((await columnsOf(database)).map(({ column_name: name }) => name)).toEqual(['id'])
  })

  it('leaves nothing behind when it is stopped half way', async () => {
    await using database = await scratchDatabase(inject('serverUrl'), { migrated: false })
    const stop = createSampleBody(database.pool, {
      ...{ now, seed, producers },
      onProgress: (table) => {
        if (table === 'invoice') throw new Error('stopped')
      },
    })
    await expect(stop).rejects.toThrow('stopped')
    expect(await columnsOf(database)).toEqual([])
    await createSampleBody(database.pool, { now, seed, producers })
  })

  it('is made once when two starts come together', async () => {
    await using database = await scratchDatabase(inject('serverUrl'), { migrated: false })
    await using other = openDatabase({ url: database.url })
    const both = await Promise.all(
      [database, other].map(({ pool }) => createSampleBody(pool, { now, seed, producers })),
    )
    expect(both.filter(({ reused }) => reused).length).toBe(1)
    expect(both[0]?.counts).toEqual(both[1]?.counts)
  })
})
