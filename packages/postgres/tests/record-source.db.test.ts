import { asId, UnavailableError, type FieldName, type ResourceName } from '@varco/core'
import type { RecordFilter, RecordQuery, Resource } from '@varco/policy'
import { CONTRACT_INVOICES, fixtureBundle, recordSourceContract } from '@varco/policy/testing'
import { freePort, openDatabase, postgresRecordSource, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

interface Note {
  readonly id: number
  readonly body: string | null
  readonly amount: string | null
}

const f = (name: string): FieldName => asId(name)
const base = [...fixtureBundle().resources.values()][0] as Resource
const NOTE: Resource = {
  ...base,
  name: asId('note'),
  relation: { schema: 'odd "schema"', table: "no;te's" },
  key: f('id'),
  fields: new Map([
    [f('id'), { type: 'integer', category: 'x', nullable: false }],
    [f('body'), { type: 'text', category: 'x', nullable: true }],
    [f('amount'), { type: 'decimal', category: 'x', nullable: true }],
  ]),
}
const NOTES: readonly Note[] = [
  { id: 1, body: 'Rossi', amount: '10.50' },
  { id: 2, body: 'rosso', amount: '9007199254740993.01' },
  { id: 3, body: null, amount: null },
  { id: 4, body: '100%', amount: '-0.01' },
  { id: 5, body: "'; DROP TABLE x; --", amount: '2' },
  { id: 6, body: 'a_b\\c', amount: '10.5' },
  { id: 7, body: 'Zeta', amount: null },
]

let database: Database

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'), { migrated: false })
  await database.pool.query('CREATE SCHEMA "odd ""schema"""')
  await database.pool.query(
    `CREATE TABLE "odd ""schema"""."no;te's" (id int PRIMARY KEY, body text, amount numeric)`,
  )
  await database.pool.query(
    `INSERT INTO "odd ""schema"""."no;te's" SELECT * FROM json_populate_recordset(NULL::"odd ""schema"""."no;te's", $1)`,
    [JSON.stringify(NOTES)],
  )
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

const INVOICE = fixtureBundle().resources.get(asId<ResourceName>('invoice')) as Resource

async function withInvoices(): Promise<Database> {
  const invoices = await scratchDatabase(inject('serverUrl'), { migrated: false })
  await invoices.pool.query(`
    CREATE SCHEMA gse;
    CREATE TABLE gse.invoice (
      id bigint PRIMARY KEY, producer_id text NOT NULL, number text NOT NULL, period text NOT NULL, amount numeric NOT NULL,
      status text NOT NULL, issued_on date, iban text, tax_code text NOT NULL, undeclared text DEFAULT 'never shown'
    )`)
  await invoices.pool.query(
    'INSERT INTO gse.invoice SELECT * FROM json_populate_recordset(NULL::gse.invoice, $1)',
    [JSON.stringify(CONTRACT_INVOICES)],
  )
  return invoices
}

describe('on invoices', () => {
  let invoices: Database
  beforeAll(async () => {
    invoices = await withInvoices()
  })
  afterAll(() => invoices[Symbol.asyncDispose]())
  recordSourceContract('PostgreSQL', async () => postgresRecordSource(invoices))

  // As heavy as a caller's may be. JavaScript's own expressions, which the double in memory uses, would go on for ever.
  test.each(['(.{1,10}){1,10}', '((a|b|.)*c){1,20}$', `(${'[^a-z]?'.repeat(10)}){10}`])(
    'no regular expression fails, or runs away: %s',
    async (heavy) => {
      const filter = {
        kind: 'matches',
        field: f('number'),
        pattern: `${heavy}zzzz`,
        ignoreCase: false,
      } as const
      const reach = { op: 'always' } as const
      const page = { fields: [f('id')], order: [], offset: 0, limit: 9 }
      const found = postgresRecordSource(invoices).fetch({ resource: INVOICE, reach, filter, ...page })
      expect(await found).toEqual([])
    },
  )

  test('goes on when a column’s type is changed under a prepared statement', async () => {
    const source = postgresRecordSource(invoices)
    const amounts = query({ resource: INVOICE, fields: [f('amount')] })
    for (let times = 0; times < 12; times++) await source.fetch(amounts)
    await invoices.pool.query('ALTER TABLE gse.invoice ALTER COLUMN amount TYPE numeric(40, 10)')
    for (let times = 0; times < 12; times++) expect(await source.fetch(amounts)).toHaveLength(5)
  })

  test('a table that is not as the catalogue declares it is a fault, in words that hold nothing of PostgreSQL’s', async () => {
    const missing: Resource = { ...INVOICE, relation: { schema: 'gse', table: 'no_such_table' } }
    await expect(postgresRecordSource(invoices).fetch(query({ resource: missing }))).rejects.toMatchObject({
      code: 'invariant',
      message: 'the records cannot be read as the catalogue declares them',
    })
  })
})

function query(change: Partial<RecordQuery>): RecordQuery {
  return {
    resource: NOTE,
    fields: [f('id')],
    reach: { op: 'always' },
    filter: null,
    order: [{ field: f('id'), direction: 'asc', nulls: 'last' }],
    offset: 0,
    limit: 100,
    ...change,
  }
}

async function ids(change: Partial<RecordQuery>): Promise<readonly unknown[]> {
  const records = await postgresRecordSource(database).fetch(query(change))
  return records.map(({ id }) => id)
}

test('fetches the fields asked for and no others, decimals unrounded', async () => {
  const records = await postgresRecordSource(database).fetch(query({ fields: [f('amount')], limit: 2 }))
  expect(records).toEqual([{ amount: '10.50' }, { amount: '9007199254740993.01' }])
})

test('a padded column gives its values without the blanks that conditions in SQL do not see either', async () => {
  await database.pool.query(`
    CREATE TABLE "odd ""schema""".padded (id int PRIMARY KEY, body char(12));
    INSERT INTO "odd ""schema""".padded VALUES (1, 'sealed'), (2, 'open'), (3, NULL)`)
  const resource: Resource = { ...NOTE, relation: { schema: 'odd "schema"', table: 'padded' } }
  const sealed = { op: 'eq', field: f('body'), value: 'sealed' } as const
  expect(await ids({ resource, reach: sealed })).toEqual([1])
  // As a forbid sees them in memory: with blanks it would spare the record that it is for.
  const records = await postgresRecordSource(database).fetch(
    query({ resource, fields: [f('id'), f('body')] }),
  )
  expect(records).toEqual([
    { id: 1, body: 'sealed' },
    { id: 2, body: 'open' },
    { id: 3, body: null },
  ])
})

test('what the decision does not reach is not there, whatever the filter says', async () => {
  const reach = { op: 'lte', field: f('id'), value: 3 } as const
  expect(await ids({ reach })).toEqual([1, 2, 3])
  expect(
    await ids({ reach, filter: { kind: 'any', of: [{ kind: 'condition', condition: { op: 'always' } }] } }),
  ).toEqual([1, 2, 3])
  expect(await ids({ reach: { op: 'never' } })).toEqual([])
  expect(await ids({ reach: { op: 'unknown' } })).toEqual([])
})

test('orders text by code point and puts NULL where it is wanted', async () => {
  const byBody = (direction: 'asc' | 'desc', nulls: 'first' | 'last'): Promise<readonly unknown[]> =>
    ids({ order: [{ field: f('body'), direction, nulls }] })
  expect(await byBody('asc', 'first')).toEqual([3, 5, 4, 1, 7, 6, 2])
  expect(await byBody('desc', 'last')).toEqual([2, 6, 7, 1, 4, 5, 3])
})

test('records asked for at the same time are each answered as if asked for alone, each under its own reach', async () => {
  const source = postgresRecordSource(database)
  const byKey = (id: number, reach: RecordQuery['reach']): RecordQuery =>
    query({
      ...{ reach, order: [], fields: [f('id'), f('body'), f('amount')] },
      filter: { kind: 'condition', condition: { op: 'eq', field: f('id'), value: id } },
    })
  const reaches: readonly RecordQuery['reach'][] = [
    { op: 'always' },
    { op: 'never' },
    { op: 'eq', field: f('body'), value: 'Rossi' },
    { op: 'eq', field: f('body'), value: 'rosso' },
    { op: 'in', field: f('body'), values: ['Rossi', '100%', "'; DROP TABLE x; --"] },
    { op: 'in', field: f('body'), values: ['rosso'] },
    { op: 'not', of: { op: 'eq', field: f('body'), value: '$1' } },
  ]
  const questions = reaches.flatMap((reach) => [0, 1, 2, 3, 4, 5, 6, 7, 8].map((id) => byKey(id, reach)))
  const alone = []
  for (const each of questions) alone.push(await source.fetch(each))
  expect(alone.filter((records) => records.length === 1).length).toBeGreaterThan(10)
  for (let times = 0; times < 8; times++)
    expect(await Promise.all(questions.map((each) => source.fetch(each)))).toEqual(alone)
  const many = await Promise.all(questions.map((each) => source.fetch({ ...each, limit: 0 })))
  expect(many.flat()).toEqual([])
})

test('records asked for together are all unavailable while the database is', async () => {
  await using gone = openDatabase({ url: `postgres://nobody:nothing@127.0.0.1:${await freePort()}/none` })
  const source = postgresRecordSource(gone)
  const failures = await Promise.allSettled(
    [1, 2, 3].map((value) =>
      source.fetch(
        query({ order: [], filter: { kind: 'condition', condition: { op: 'eq', field: f('id'), value } } }),
      ),
    ),
  )
  for (const failure of failures)
    expect(failure).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } })
})

test('limits and skips', async () => {
  expect(await ids({ offset: 2, limit: 2 })).toEqual([3, 4])
  expect(await ids({ offset: 100 })).toEqual([])
  expect(await ids({ limit: 0 })).toEqual([])
})

/** SQL's three values, computed here a second time. */
function truth(filter: RecordFilter, note: Note): boolean | null {
  switch (filter.kind) {
    case 'not': {
      const inner = truth(filter.of, note)
      return inner === null ? null : !inner
    }
    case 'all':
    case 'any': {
      const values = filter.of.map((part) => truth(part, note))
      const decisive = filter.kind === 'any'
      if (values.includes(decisive)) return decisive
      return values.includes(null) ? null : !decisive
    }
    case 'like': {
      if (note.body === null) return null
      const source = filter.pattern.replaceAll(
        /\\(.)|([%_])|([^%_\\])/gs,
        (_all, escaped?: string, wild?: string, plain?: string) =>
          wild === undefined
            ? (escaped ?? plain ?? '').replaceAll(/[$()*+.?[\\\]^{|}]/gu, String.raw`\$&`)
            : wild === '%'
              ? '[^]*'
              : '[^]',
      )
      return new RegExp(`^${source}$`, filter.ignoreCase ? 'iu' : 'u').test(note.body)
    }
    case 'condition': {
      const { condition } = filter
      if (condition.op === 'eq' && 'value' in condition)
        return note.body === null ? null : note.body === condition.value
      if (condition.op === 'lt' && 'value' in condition) return note.id < Number(condition.value)
      if (condition.op === 'exists') return (note.body !== null) === condition.value
      throw new Error('not generated')
    }
    case 'matches':
      if (note.body === null) return null
      return new RegExp(filter.pattern, filter.ignoreCase ? 'isu' : 'su').test(note.body)
    case 'related':
    case 'within':
    case 'range':
    case 'list':
    case 'at':
    case 'json':
    case 'words':
      throw new Error('not generated')
  }
}

const leaf: fc.Arbitrary<RecordFilter> = fc.oneof(
  fc.record({
    kind: fc.constant('like' as const),
    field: fc.constant(f('body')),
    pattern: fc
      .array(fc.constantFrom('%', '_', 'R', 'r', 'o', 's', '\\%', '\\_', '\\\\', "'", '0'), { maxLength: 5 })
      .map((parts) => parts.join('')),
    ignoreCase: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('matches' as const),
    field: fc.constant(f('body')),
    pattern: fc
      .array(fc.constantFrom('R', 'r', 'o*', '.', '[a-z]+', '(?:s|0){1,2}', '\\$', "'", '^', '$', '|'), {
        maxLength: 5,
      })
      .map((parts) => parts.join('')),
    ignoreCase: fc.boolean(),
  }),
  fc.constantFrom(...NOTES.map(({ body }) => body ?? 'nobody'), 'nobody').map((value) => ({
    kind: 'condition' as const,
    condition: { op: 'eq' as const, field: f('body'), value },
  })),
  fc.integer({ min: 0, max: 9 }).map((value) => ({
    kind: 'condition' as const,
    condition: { op: 'lt' as const, field: f('id'), value },
  })),
  fc.boolean().map((value) => ({
    kind: 'condition' as const,
    condition: { op: 'exists' as const, field: f('body'), value },
  })),
)
const filters = fc.letrec<{ tree: RecordFilter }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.record({ kind: fc.constant('not' as const), of: tie('tree') }),
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      of: fc.array(tie('tree'), { maxLength: 3 }),
    }),
  ),
})).tree

test('any tree of filters selects what three-valued logic says, values being only values', async () => {
  await fc.assert(
    fc.asyncProperty(filters, async (filter) => {
      expect(await ids({ filter })).toEqual(
        NOTES.filter((note) => truth(filter, note) === true).map(({ id }) => id),
      )
    }),
    { numRuns: 400 },
  )
})

test('prepares no more statements than it may, and answers all the same', async () => {
  await using alone = openDatabase({ url: database.url, max: 1 })
  const source = postgresRecordSource(alone)
  // Each another statement: that many rows of ten conditions which say the same in two ways.
  for (let way = 0; way < 520; way++) {
    const of = Array.from({ length: 10 }, (_, at) => ({
      kind: 'condition' as const,
      condition:
        ((way >> at) & 1) === 0
          ? { op: 'lt' as const, field: f('id'), value: 3 }
          : { op: 'lte' as const, field: f('id'), value: 2 },
    }))
    const records = await source.fetch(query({ filter: { kind: 'all', of } }))
    expect(records).toHaveLength(2)
  }
  const { rows } = await alone.pool.query<{ most: string }>(
    'SELECT count(*) AS most FROM pg_prepared_statements',
  )
  expect(Number(rows[0]?.most)).toBeLessThanOrEqual(500)
})

test('a statement that takes too long is ended by the server itself, and says it is unavailable', async () => {
  const name = 'too-slow'
  await using slow = openDatabase({ url: database.url, name, statementMs: 200 })
  await slow.pool.query('CREATE VIEW slow AS SELECT 1 AS id, pg_sleep(30)::text AS body, 1 AS amount')
  const resource = { ...NOTE, relation: { schema: 'public', table: 'slow' } }
  const failure = await postgresRecordSource(slow)
    .fetch(query({ resource, fields: [f('id'), f('body')] }))
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(UnavailableError)
  expect((failure as Error).cause).toMatchObject({ code: '57014' })
  const active = `SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND state = 'active'`
  const working = async (): Promise<number | null> => (await database.pool.query(active, [name])).rowCount
  await expect.poll(working, { timeout: 10_000 }).toBe(0)
})

test('says it is unavailable while the database is, and nothing of the query', async () => {
  await using gone = openDatabase({ url: `postgres://nobody:nothing@127.0.0.1:${await freePort()}/none` })
  const secret: RecordFilter = {
    kind: 'condition',
    condition: { op: 'eq', field: f('body'), value: 'RSSMRA80A01H501U' },
  }
  const failure = await postgresRecordSource(gone)
    .fetch(query({ filter: secret }))
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(UnavailableError)
  expect((failure as Error).message).not.toContain('RSSMRA')
})

test('finds words in the language they are in, and passes over texts too long to be searched', async () => {
  const notes = `"odd ""schema"""."no;te's"`
  const long = 'parola '.repeat(20_000)
  await database.pool.query(`INSERT INTO ${notes} VALUES (90, $1), (91, 'Le fatture pagate')`, [long])
  try {
    const words = (text: string, language: 'simple' | 'italian' | 'english'): RecordFilter => ({
      ...{ kind: 'words', field: f('body'), form: 'plain', text, language },
    })
    expect(await ids({ filter: words('fattura pagata', 'italian') })).toEqual([91])
    expect(await ids({ filter: words('fattura pagata', 'simple') })).toEqual([])
    expect(await ids({ filter: words('parola', 'simple') })).toEqual([])
    expect(await ids({ filter: { kind: 'not', of: words('parola', 'simple') } })).not.toContain(90)
  } finally {
    await database.pool.query(`DELETE FROM ${notes} WHERE id >= 90`)
  }
})
