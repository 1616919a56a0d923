import { asId, type FieldName, type ResourceName } from '@varco/core'
import {
  RANGE_TESTS,
  RANGE_TYPES,
  toConstant,
  type RangeType,
  type RecordFilter,
  type RecordQuery,
  type Resource,
} from '@varco/policy'
import {
  CONTRACT_STAYS,
  fixtureBundle,
  memoryRecordSource,
  rangeRecordsContract,
} from '@varco/policy/testing'
import { postgresRecordSource, postgresRecordWriter, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

const ID: FieldName = asId('id')
const HELD: FieldName = asId('held')

let database: Database
beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'), { migrated: false })
  await database.pool.query(
    'CREATE SCHEMA gse; CREATE TABLE gse.stay (id int8 PRIMARY KEY, rooms int4range, heat numrange)',
  )
  // PostgreSQL has one of its own from 16 on.
  await database.pool.query(`
    CREATE FUNCTION gse.is_valid(input text, type text) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
      EXECUTE format('SELECT %L::%s', input, type);
      RETURN true;
    EXCEPTION WHEN data_exception THEN RETURN false;
    END $$`)
  for (const { id, rooms, heat } of CONTRACT_STAYS)
    await database.pool.query('INSERT INTO gse.stay VALUES ($1, $2, $3)', [id, rooms, heat])
})
afterAll(() => database[Symbol.asyncDispose]())

rangeRecordsContract('PostgreSQL', async () => postgresRecordSource(database))

test('a range is written into its column', async () => {
  const stay: Resource = {
    ...resourceOf('int4range'),
    relation: { schema: 'gse', table: 'rebooked' },
  }
  await database.pool.query(
    "CREATE TABLE gse.rebooked (id int8 PRIMARY KEY, held int4range); INSERT INTO gse.rebooked VALUES (1, '[1,5)'), (2, NULL)",
  )
  const seen: unknown[] = []
  const outcome = await postgresRecordWriter(database).update(
    {
      ...{ resource: stay, fields: [ID, HELD], reach: { op: 'always' }, limit: 10 },
      filter: { kind: 'range', field: HELD, type: 'int4range', test: 'overlaps', value: '[4,9)' },
      values: new Map([[HELD, '[2,10)']]),
    },
    async (before) => seen.push(...before) > 0,
  )
  expect(seen).toEqual([{ id: '1', held: '[1,5)' }])
  expect(outcome).toEqual({ kind: 'done', after: [{ id: '1', held: '[2,10)' }] })
})

interface Bounds {
  /** In their order, and some in several spellings. */
  readonly any: readonly string[]
  /** Such as a table may hold and nobody may ask with. */
  readonly held: readonly string[]
}

const BOUNDS: Readonly<Record<RangeType, Bounds>> = {
  int4range: {
    any: ['-2147483648', '-3', '0', '1', ' 2', '+10', '2147483646', '2147483647'],
    held: [],
  },
  int8range: {
    any: ['-9223372036854775808', '0', '1', '9007199254740993', '9223372036854775806', '9223372036854775807'],
    held: [],
  },
  numrange: {
    any: ['-0.5', '0', '0.50', '.5', '1e1', '10.000000000000000000001'],
    held: ['-Infinity', 'Infinity', 'NaN', `1${'0'.repeat(2_500)}`],
  },
  daterange: {
    any: ['0001-01-01', '2024-02-28', '2024-02-29', '2026-03-29', '9999-12-31'],
    held: ['-infinity', '0044-03-15 BC', '10001-01-01', 'infinity'],
  },
  tsrange: {
    any: ['0001-01-01', '2026-03-29 01:30', '2026-03-29T01:30:00.000001', '9999-12-31 23:59:59.999999'],
    held: ['-infinity', '0044-03-15 10:00:00.5 BC', '12026-01-01 00:00', 'infinity'],
  },
  tstzrange: {
    any: ['2026-03-29', '2026-03-29T01:30:00Z', '2026-03-29 03:30:00.000001+02', '2026-03-29 01:30:00.25'],
    held: ['-infinity', '0044-03-15 10:00:00+01:30 BC', '12026-01-01 00:00+00', 'infinity'],
  },
}

/** Ranges of all kinds between such bounds, and texts that are none. */
function written(bounds: readonly string[]): readonly string[] {
  const all = ['', ...bounds]
  const pairs = all.flatMap((from) => all.map((to) => [from, to] as const))
  return [
    'empty',
    ' EMPTY',
    ...pairs.flatMap(([from, to]) => [
      `["${from}",${to})`,
      `[${from},${to})`,
      `(${from}, ${to}]`,
      ` [${from},${to.replaceAll('-', '\\-')}]`,
      `(${from},"${to} ")`,
    ]),
  ]
}

const NO_RANGES = [
  ...[
    '',
    '[',
    '[1',
    '[1,2',
    '1,2',
    '{1,2}',
    '[1,2,3]',
    '[1,2) x',
    'emptyx',
    'empty,',
    '[a,b)',
    '(1,2}',
    '[,]x',
  ],
  ...[
    "[1,2)'; DROP TABLE gse.stay; --",
    '["1,2)',
    '[1\\',
    '[[1,2)',
    '[NULL,2)',
    '[2026-02-30,)',
    '[2026-03-29 25:00,)',
  ],
]

function resourceOf(type: RangeType): Resource {
  const invoice = fixtureBundle().resources.get('invoice' as ResourceName) as Resource
  return {
    ...{ ...invoice, name: asId('held'), key: ID, dataSubject: null },
    relation: { schema: 'gse', table: `held_${type}` },
    fields: new Map([
      [ID, { type: 'integer', category: 'x', nullable: false }],
      [HELD, { type, category: 'x', nullable: true }],
    ]),
  }
}

/** Every so many, so that all kinds are among them. */
function some<T>(list: readonly T[], count: number): readonly T[] {
  const step = Math.max(1, Math.floor(list.length / count)) | 1
  return list.filter((_, index) => index % step === 0)
}

describe.each(RANGE_TYPES)('%s', (type) => {
  const { any, held } = BOUNDS[type]

  test('what is taken as a constant PostgreSQL takes too, as the same range, and the other way round', async () => {
    const texts = [...written(any), ...NO_RANGES]
    const client = await database.pool.connect()
    try {
      await client.query("SET TIME ZONE 'UTC'")
      const { rows } = await client.query<{ text: string; valid: boolean; stored: string | null }>(
        `SELECT text, gse.is_valid(text, '${type}') AS valid,
                CASE WHEN gse.is_valid(text, '${type}') THEN text::${type}::text END AS stored
         FROM unnest($1::text[]) AS text`,
        [texts],
      )
      expect(rows.filter(({ valid }) => valid).length).toBeGreaterThan(50)
      const constants = rows.map(({ text }) => toConstant(type, text))
      expect(rows.map(({ text }, at) => [text, constants[at] !== null])).toEqual(
        rows.map(({ text, valid }) => [text, valid]),
      )
      expect(rows.map(({ stored }) => toConstant(type, stored))).toEqual(constants)
      const { rows: same } = await client.query<{ same: boolean }>(
        `SELECT a::${type} = b::${type} AS same FROM unnest($1::text[], $2::text[]) AS t (a, b) WHERE a IS NOT NULL`,
        [rows.map(({ stored }) => stored), constants],
      )
      expect(same.every((row) => row.same)).toBe(true)
    } finally {
      client.release()
    }
  })

  test('nobody asks with what only a table may hold', () => {
    const constants = held
      .flatMap((bound) => [`[${bound},]`, `(,"${bound}")`])
      .map((text) => toConstant(type, text))
    expect(constants.filter((constant) => constant !== null)).toEqual([])
  })

  test('every comparison and every order is the same in SQL as in memory', async () => {
    const table = `gse.held_${type}`
    await database.pool.query(`CREATE TABLE ${table} (id serial PRIMARY KEY, held ${type})`)
    await database.pool.query(
      `INSERT INTO ${table} (held) SELECT text::${type} FROM unnest($1::text[]) AS text WHERE gse.is_valid(text, '${type}')`,
      [some(written([...any, ...held]), 120)],
    )
    await database.pool.query(`INSERT INTO ${table} (held) VALUES (NULL), ('empty'), ('(,)')`)
    const resource = resourceOf(type)
    const source = postgresRecordSource(database)
    const byId = { field: ID, direction: 'asc', nulls: 'last' } as const
    const all = { resource, reach: { op: 'always' }, filter: null, offset: 0, limit: 1_000 } as const
    const records = await source.fetch({ ...all, fields: [ID, HELD], order: [byId] })
    expect(records.length).toBeGreaterThan(20)
    const memory = memoryRecordSource({ held: records })
    const idsOf = async (from: typeof source, query: Partial<RecordQuery>): Promise<readonly string[]> =>
      (await from.fetch({ ...all, fields: [ID], order: [byId], ...query })).map(({ id }) => String(id))
    const constants = [...new Set(written(any).flatMap((text) => toConstant(type, text) ?? []))].map(String)
    for (const value of some(constants, 12)) {
      const filters: readonly RecordFilter[] = [
        ...RANGE_TESTS.map((kind): RecordFilter => ({ kind: 'range', field: HELD, type, test: kind, value })),
        ...COMPARISONS.map((op): RecordFilter => ({
          kind: 'condition',
          condition: { op, field: HELD, value },
        })),
        { kind: 'condition', condition: { op: 'in', field: HELD, values: [value, 'empty'] } },
      ]
      for (const filter of filters.flatMap((each): RecordFilter[] => [each, { kind: 'not', of: each }]))
        expect(await idsOf(source, { filter }), JSON.stringify(filter)).toEqual(
          await idsOf(memory, { filter }),
        )
    }
    for (const direction of ['asc', 'desc'] as const) {
      const order = [{ field: HELD, direction, nulls: 'first' } as const, byId]
      expect(await idsOf(source, { order })).toEqual(await idsOf(memory, { order }))
    }
  })
})

const COMPARISONS = ['eq', 'neq', 'lt', 'lte', 'gt', 'gte'] as const
