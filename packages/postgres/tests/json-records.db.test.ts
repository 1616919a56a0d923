import { asId, type FieldName } from '@varco/core'
import type { FetchedRecord, JsonPlace, RecordFilter, RecordOrder, RecordQuery } from '@varco/policy'
import { CONTRACT_READINGS, jsonRecordsContract, memoryRecordSource, READING } from '@varco/policy/testing'
import { postgresRecordSource, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

const MESSAGE: FieldName = asId('message')
const ID: FieldName = asId('id')
const BY_ID: RecordOrder = { field: ID, direction: 'asc', nulls: 'last' }

async function withReadings(type: 'json' | 'jsonb', readings: readonly FetchedRecord[]): Promise<Database> {
  const database = await scratchDatabase(inject('serverUrl'), { migrated: false })
  await database.pool.query(
    `CREATE SCHEMA gse; CREATE TABLE gse.reading (id int8 PRIMARY KEY, message ${type}, tags text[])`,
  )
  for (const { id, message, tags } of readings)
    await database.pool.query('INSERT INTO gse.reading VALUES ($1, $2, $3)', [id, message, tags])
  return database
}

function query(change: Partial<RecordQuery>): RecordQuery {
  return {
    ...{ resource: READING, fields: [ID], reach: { op: 'always' }, filter: null },
    ...{ order: [BY_ID], offset: 0, limit: 100, ...change },
  }
}

describe.each(['json', 'jsonb'] as const)('in columns of type %s', (type) => {
  let database: Database
  beforeAll(async () => {
    database = await withReadings(type, CONTRACT_READINGS)
  })
  afterAll(() => database[Symbol.asyncDispose]())
  jsonRecordsContract('PostgreSQL', async () => postgresRecordSource(database))
})

test('what PostgreSQL keeps as json and cannot read through is no value, and no failure that would tell of it', async () => {
  const texts = ['{"a":"\\u0000"}', '{"a":"\\ud800x"}', '{"a":"\\udc00"}', '{"a":1e999999}', '[-1.5E+400000]']
  const readable = ['{"a":"\\ud83d\\ude00"}', '{"a":"Line-e-20260329 12e1"}', '{"a":1e9}']
  const rows = [...texts, ...readable].map((message, index) => ({ id: String(index), message, tags: null }))
  await using database = await withReadings('json', rows)
  const source = postgresRecordSource(database)
  const exists = (value: boolean): RecordFilter => ({
    ...{ kind: 'at', field: MESSAGE, path: ['a'], as: 'text' },
    of: { kind: 'condition', condition: { op: 'exists', field: MESSAGE, value } },
  })
  expect(await source.fetch(query({ filter: exists(false) }))).toHaveLength(texts.length)
  expect(await source.fetch(query({ filter: exists(true) }))).toHaveLength(readable.length)
  const contains: RecordFilter = {
    ...{ kind: 'at', field: MESSAGE, path: [], as: 'json' },
    of: { kind: 'not', of: { kind: 'json', field: MESSAGE, test: 'contains', value: '{"b":1}' } },
  }
  expect(await source.fetch(query({ filter: contains }))).toHaveLength(readable.length)
  for (const as of ['json', 'text'] as const) {
    const order = [{ ...BY_ID, field: MESSAGE, at: { path: ['a'], as } }]
    expect(await source.fetch(query({ order }))).toHaveLength(rows.length)
  }
})

const scalar = fc.constantFrom(null, true, false, 0, 1, -1.5, 10, '', 'a', 'A', 'ab', '10', 'è', '\u{1D4B3}')
const { value: anyJson } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: scalar },
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '0', '-1'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}))
const anyPath = fc.array(fc.constantFrom('a', 'b', '0', '1', '-1', '+0', '99999999999'), { maxLength: 3 })
const anyText = fc.constantFrom('', 'a', 'A', 'ab', '10', '1', 'true', 'è', '\u{1D4B3}')
const anyTest = fc.oneof(
  fc.record({
    as: fc.constant('text' as const),
    of: fc.oneof(
      fc
        .record({
          op: fc.constantFrom('eq' as const, 'neq' as const, 'lt' as const, 'gte' as const),
          value: anyText,
        })
        .map(({ op, value }): RecordFilter => ({
          kind: 'condition',
          condition: { op, field: MESSAGE, value },
        })),
      fc.boolean().map((value): RecordFilter => condition({ op: 'exists', field: MESSAGE, value })),
    ),
  }),
  fc.record({
    as: fc.constant('decimal' as const),
    of: fc
      .record({
        op: fc.constantFrom('eq' as const, 'lt' as const, 'gte' as const),
        value: fc.constantFrom('0', '1', '-1.5'),
      })
      .map(({ op, value }): RecordFilter => condition({ op, field: MESSAGE, value })),
  }),
  fc.record({
    as: fc.constant('json' as const),
    of: fc.oneof(
      fc
        .record({
          test: fc.constantFrom('equals' as const, 'contains' as const, 'within' as const),
          value: anyJson,
        })
        .map(({ test: kind, value }): RecordFilter => ({
          ...{ kind: 'json', field: MESSAGE, test: kind, value: JSON.stringify(value) },
        })),
      fc.boolean().map((value): RecordFilter => condition({ op: 'exists', field: MESSAGE, value })),
    ),
  }),
)

function condition(closed: Extract<RecordFilter, { kind: 'condition' }>['condition']): RecordFilter {
  return { kind: 'condition', condition: closed }
}

function isContainer(message: string | null | undefined, path: readonly string[]): boolean {
  let value: unknown = JSON.parse(message ?? 'null')
  for (const step of path) {
    if (Array.isArray(value)) value = value.at(Number(step))
    else value = (value as Readonly<Record<string, unknown>> | null)?.[step]
  }
  return typeof value === 'object' && value !== null
}

test('any place within any JSON is the same in SQL as in memory', async () => {
  const readings = fc
    .sample(fc.option(anyJson, { freq: 9 }), { seed: 20_261_125, numRuns: 120 })
    .map((value, index) => ({
      ...{ id: String(index), message: value === null ? null : JSON.stringify(value), tags: null },
    }))
  await using database = await withReadings('json', readings)
  const [source, memory] = [postgresRecordSource(database), memoryRecordSource({ reading: readings })]
  await fc.assert(
    fc.asyncProperty(
      fc.record({ path: anyPath, test: anyTest, not: fc.boolean() }),
      fc.record({ path: anyPath, as: fc.constantFrom<JsonPlace['as']>('json', 'text'), desc: fc.boolean() }),
      async ({ path, test: { as, of }, not }, { desc, ...at }) => {
        const inner: RecordFilter = { kind: 'at', field: MESSAGE, path, as, of }
        const asked = query({
          filter: not ? { kind: 'not', of: inner } : inner,
          order: [{ field: MESSAGE, at, direction: desc ? 'desc' : 'asc', nulls: 'last' }, BY_ID],
        })
        const [got, expected] = [await source.fetch(asked), await memory.fetch(asked)]
        expect(new Set(got.map(({ id }) => String(id)))).toEqual(
          new Set(expected.map(({ id }) => String(id))),
        )
        // Lists and objects are ordered by their text, whose blanks are PostgreSQL's own.
        const placesOf = (rows: readonly FetchedRecord[]): unknown =>
          rows
            .map(({ id }) => String(id))
            .filter((id) => !isContainer(readings[Number(id)]?.message, at.path))
        expect(placesOf(got)).toEqual(placesOf(expected))
      },
    ),
    { numRuns: 400 },
  )
})
