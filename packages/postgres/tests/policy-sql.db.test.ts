import {
  conditionToSql,
  decide,
  type ClosedCondition,
  type Decision,
  type FieldTypes,
  type Permit,
} from '@varco/policy'
import { arbitraryRecord, arbitraryWorld, WORLD_FIELDS, type World } from '@varco/policy/testing'
import type { FieldName, ResourceName } from '@varco/core'
import type { Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { sql, type SQL } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

/** `VARCO_PROPERTY_RUNS` asks for more. */
const RUNS = Math.max(20_000, Number(process.env['VARCO_PROPERTY_RUNS'] ?? 0))
const ROWS = 40
const BATCH = 20

let database: Database

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'), { migrated: false })
  await database.pool.query(`
    CREATE SCHEMA world;
    CREATE TABLE world.thing (
      id bigint PRIMARY KEY, word text COLLATE "und-x-icu", other_word text COLLATE "und-x-icu", score bigint, amount numeric, other_amount numeric, flag boolean,
      day date, other_day date, at timestamptz, ref uuid, tags text[]
    )`)
})
afterAll(() => database[Symbol.asyncDispose]())

/** Fills the table with other rows and reads them back as the driver gives them. */
async function fill(seed: number): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const columns = Object.keys(WORLD_FIELDS)
  const rows = fc
    .sample(arbitraryRecord(), { numRuns: ROWS, seed })
    .map((row, index): Readonly<Record<string, unknown>> => ({ ...row, id: index }))
  await database.pool.query('TRUNCATE world.thing')
  for (const row of rows) {
    await database.pool.query(
      `INSERT INTO world.thing (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
      columns.map((name) => row[name]),
    )
  }
  const stored = await database.pool.query<Readonly<Record<string, unknown>>>(
    'SELECT * FROM world.thing ORDER BY id',
  )
  return stored.rows
}

function column(field: FieldName): SQL {
  return sql`thing.${sql.identifier(field)}`
}

/** For each world, the ids its row filter selects, then for each field the ids on which it is plain. */
async function fromSql(
  worlds: readonly { readonly world: World; readonly permit: Permit }[],
): Promise<readonly (readonly string[][])[]> {
  const ids = (condition: ClosedCondition, world: World): SQL => {
    const types = world.bundle.resources.get('thing' as ResourceName)?.fields ?? new Map()
    return sql`array_agg(id ORDER BY id) FILTER (WHERE ${conditionToSql(condition, column, types)})`
  }
  const asked = worlds.map(({ permit }) => [
    permit.rowFilter,
    ...[...permit.fields.values()].map(({ plainWhere }): ClosedCondition => ({
      op: 'and',
      of: [permit.rowFilter, plainWhere],
    })),
  ])
  // Most fields of a world are plain under the same condition: PostgreSQL is asked each once.
  const places = new Map<string, number>()
  const parts: SQL[] = []
  const wanted = asked.map((conditions, index) =>
    conditions.map((condition) => {
      const key = JSON.stringify([index, condition])
      const place = places.get(key) ?? parts.length
      // INVARIANT: `asked` has one list for each world.
      if (place === parts.length) parts.push(ids(condition, (worlds[index] as (typeof worlds)[number]).world))
      places.set(key, place)
      return place
    }),
  )
  const columns = parts.map((part, index) => sql`${part} AS ${sql.identifier(`c${index}`)}`)
  const result = await database.orm.execute<Record<string, string[] | null>>(
    sql`SELECT ${sql.join(columns, sql`, `)} FROM world.thing`,
  )
  const values = parts.map((_, index) => (result.rows[0]?.[`c${index}`] ?? []).map(String))
  return wanted.map((those) => those.map((place) => values[place] ?? []))
}

function fromMemory(permit: Permit, rows: readonly Readonly<Record<string, unknown>>[]): readonly string[][] {
  const seen = rows.map((row) => ({ id: String(row['id']), outcomes: permit.outcomesOf(row) }))
  return [
    seen.flatMap(({ id, outcomes }) => (outcomes === null ? [] : [id])),
    ...[...permit.fields.keys()].map((field) =>
      seen.flatMap(({ id, outcomes }) => (outcomes?.get(field)?.outcome === 'plain' ? [id] : [])),
    ),
  ]
}

test(`memory and SQL select the same rows and the same plain fields, in ${RUNS} random policies over rows with NULLs`, async () => {
  let rows = await fill(0)
  let cases = 0
  const seen = { permits: 0, mixed: 0, empty: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(arbitraryWorld(), { minLength: BATCH, maxLength: BATCH }), async (worlds) => {
      if (cases % 2_000 === 0 && cases > 0) rows = await fill(cases)
      cases += worlds.length
      const permitted = worlds
        .map((world) => ({ world, permit: decide(world.bundle, world.request) }))
        .filter(
          (each): each is { world: World; permit: Extract<Decision, { effect: 'permit' }> } =>
            each.permit.effect === 'permit',
        )
      if (permitted.length === 0) return
      const selected = await fromSql(permitted)
      permitted.forEach(({ world, permit }, index) => {
        const expected = fromMemory(permit, rows)
        expect(selected[index], JSON.stringify(world.bundle.document.access)).toEqual(expected)
        seen.permits += 1
        const count = expected[0]?.length ?? 0
        if (count === 0) seen.empty += 1
        else if (count < rows.length) seen.mixed += 1
      })
    }),
    { numRuns: Math.ceil(RUNS / BATCH), endOnFailure: true },
  )
  // Not green for want of work: many policies permit, and many of those split the rows.
  expect(cases).toBeGreaterThanOrEqual(RUNS)
  expect(seen.permits).toBeGreaterThan(RUNS / 4)
  expect(seen.mixed).toBeGreaterThan(RUNS / 10)
}, 600_000)

describe('no function stands around a column, so that indexes serve', () => {
  const types: FieldTypes = new Map(
    Object.entries(WORLD_FIELDS).map(([name, type]) => [name as FieldName, { type }]),
  )

  beforeAll(async () => {
    await database.pool.query(`
      CREATE TABLE world.indexed (word text, score int, amount numeric, day date, at timestamptz, ref uuid, tags text[]);
      INSERT INTO world.indexed
        SELECT 'w' || n, n, n, date '2000-01-01' + n % 9000, timestamptz '2000-01-01' + n * interval '1 hour',
          md5(n::text)::uuid, ARRAY['t' || n] FROM generate_series(1, 20000) AS n;
      CREATE INDEX ON world.indexed (word);
      CREATE INDEX ON world.indexed (score);
      CREATE INDEX ON world.indexed (amount);
      CREATE INDEX ON world.indexed (day);
      CREATE INDEX ON world.indexed (at);
      CREATE INDEX ON world.indexed (ref);
      CREATE INDEX ON world.indexed USING gin (tags);
      ANALYZE world.indexed`)
  })

  const field = (name: string): FieldName => name as FieldName
  test.each<[string, ClosedCondition]>([
    ['equal texts', { op: 'eq', field: field('word'), value: 'w7' }],
    ['a list of texts', { op: 'in', field: field('word'), values: ['w7', 'w8'] }],
    ['a whole number', { op: 'eq', field: field('score'), value: '7' }],
    ['a range of decimals', { op: 'between', field: field('amount'), from: '7', to: '8.5' }],
    ['a range of dates', { op: 'gte', field: field('day'), value: '2024-08-20' }],
    ['a range of instants', { op: 'lt', field: field('at'), value: '2000-01-01T05:00:00.000000Z' }],
    ['a UUID', { op: 'eq', field: field('ref'), value: '8f14e45f-ceea-467f-ab1d-31a1d0e0e9f0' }],
    ['a list that contains', { op: 'contains', field: field('tags'), value: 't7' }],
    ['what a permit makes of it', { op: 'is-true', of: { op: 'eq', field: field('word'), value: 'w7' } }],
  ])('%s', async (_, condition) => {
    const where = conditionToSql(condition, (name) => sql`${sql.identifier(name)}`, types)
    const plan = await database.orm.execute<{ 'QUERY PLAN': string }>(
      sql`EXPLAIN SELECT * FROM world.indexed WHERE ${where}`,
    )
    expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index/)
  })
})
