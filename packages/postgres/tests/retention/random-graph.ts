import type { BundleDocument } from '@varco/policy'
import type { Database } from '@varco/postgres'
import type { Hold, HoldScope } from '@varco/retention'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { RULE } from './retention-world.ts'

/** Tables that point at one another in any way, and at themselves. */
export interface RandomGraph {
  readonly tables: readonly {
    /** Numbers of the tables it points at; its own means itself. */
    readonly parents: readonly number[]
    /** Whether the database enforces the pointers, and how; else the catalogue alone knows of them. */
    readonly onDelete: 'NO ACTION' | 'CASCADE' | 'SET NULL' | null
    /** Its rule's term; `null`: no rule. */
    readonly after: { readonly y: number; readonly m: number; readonly d: number } | null
    readonly rows: readonly RandomRow[]
  }[]
  readonly holds: readonly HoldScope[]
}

interface RandomRow {
  /** `null`: it names nobody, and is whose it points at by the catalogue. */
  readonly owner: string | null
  /** Days after 2005. */
  readonly day: number | null
  readonly kind: string
  /** One for each parent, taken modulo what is there. */
  readonly points: readonly (number | null)[]
}

/** A record of the model. */
export interface ModelRecord {
  readonly table: number
  readonly id: number
  readonly owner: string | null
  readonly kind: string
  readonly day: Temporal.PlainDate | null
  readonly points: readonly { readonly table: number; readonly id: number }[]
}

const OWNERS = ['P1', 'P2', 'P3']
const KINDS = ['plain', 'disputed']
const MOST_TABLES = 4

const row: fc.Arbitrary<RandomRow> = fc.record({
  owner: fc.option(fc.constantFrom(...OWNERS), { freq: 2 }),
  day: fc.option(fc.integer({ min: 0, max: 9_000 }), { freq: 6 }),
  kind: fc.constantFrom(...KINDS),
  points: fc.array(fc.option(fc.nat(20), { freq: 2 }), { minLength: MOST_TABLES, maxLength: MOST_TABLES }),
})

const hold: fc.Arbitrary<HoldScope> = fc.oneof(
  fc
    .constantFrom(...OWNERS)
    .map((id): HoldScope => ({ kind: 'data-subject', dataSubject: { kind: 'producer', id } })),
  fc
    .record({ table: fc.nat(MOST_TABLES - 1), id: fc.integer({ min: 1, max: 8 }) })
    .map(({ table, id }): HoldScope => ({ kind: 'record', resource: `t${table}`, record: String(id) })),
  fc.nat(MOST_TABLES - 1).map((table): HoldScope => ({
    kind: 'query',
    resource: `t${table}`,
    where: { kind: { eq: 'disputed' } },
  })),
)

export const randomGraph: fc.Arbitrary<RandomGraph> = fc.record({
  tables: fc
    .array(
      fc.record({
        parents: fc.uniqueArray(fc.nat(MOST_TABLES - 1), { maxLength: 3 }),
        onDelete: fc.constantFrom('NO ACTION', 'CASCADE', 'SET NULL', null),
        after: fc.option(fc.record({ y: fc.nat(15), m: fc.nat(12), d: fc.integer({ min: 1, max: 40 }) }), {
          freq: 4,
        }),
        rows: fc.array(row, { maxLength: 8 }),
      }),
      { minLength: 2, maxLength: MOST_TABLES },
    )
    .map((tables) =>
      tables.map((table, at) => {
        const known = table.parents.filter((parent) => parent < tables.length)
        // The catalogue allows no way round.
        return { ...table, parents: table.onDelete === null ? known.filter((parent) => parent < at) : known }
      }),
    ),
  holds: fc.array(hold, { maxLength: 2 }),
})

const words = (text: string) => ({ it: text, en: text })

/** The catalogue's files of the graph, in the form of the fixture's. */
export function catalogueOf(
  { tables }: RandomGraph,
  like: BundleDocument['catalogue'][number],
): BundleDocument['catalogue'] {
  const field = (type: 'integer' | 'text' | 'date', nullable = false) =>
    ({
      ...like.fields['id'],
      type,
      title: words('Campo'),
      ...(nullable ? { nullable: true } : {}),
    }) as (typeof like)['fields'][string]
  return tables.map(({ parents, onDelete }, at) => ({
    ...like,
    ...{ resource: `t${at}`, title: words(`Tabella ${at}`), source: { relation: `g.t${at}` }, key: 'id' },
    data_subject: { kind: 'producer', field: 'owner' },
    fields: {
      ...{ id: field('integer'), owner: field('text', true), kind: field('text'), day: field('date', true) },
      ...Object.fromEntries(parents.map((parent) => [`to_${parent}`, field('integer', true)])),
    },
    // The catalogue allows no way round: it knows those pointers alone that the database does not enforce.
    relations: Object.fromEntries(
      (onDelete === null ? parents : []).map((parent) => [
        `parent_${parent}`,
        { resource: `t${parent}`, field: `to_${parent}`, to: 'id', many: false },
      ]),
    ),
  }))
}

export function rulesOf({ tables }: RandomGraph): BundleDocument['retention'] {
  return tables.flatMap(({ after }, at) =>
    after === null
      ? []
      : [
          {
            ...RULE,
            ...{ id: `rule-${at}`, resource: `t${at}`, trigger: { field: 'day' } },
            after: `P${after.y}Y${after.m}M${after.d}D`,
          },
        ],
  )
}

export function recordsOf({ tables }: RandomGraph): readonly ModelRecord[] {
  return tables.flatMap(({ parents, rows }, table) =>
    rows.map(({ owner, day, kind, points }, at) => ({
      ...{ table, id: at + 1, owner, kind },
      day: day === null ? null : Temporal.PlainDate.from('2005-01-01').add({ days: day }),
      points: parents.flatMap((parent, place) => {
        // Of its own table a row points at one before it.
        const there = parent === table ? at : (tables[parent]?.rows.length ?? 0)
        const point = points[place]
        return point === null || point === undefined || there === 0
          ? []
          : [{ table: parent, id: (point % there) + 1 }]
      }),
    })),
  )
}

export async function fill({ pool }: Pick<Database, 'pool'>, graph: RandomGraph): Promise<void> {
  const keys: string[] = []
  const statements = ['DROP SCHEMA IF EXISTS g CASCADE', 'CREATE SCHEMA g']
  graph.tables.forEach(({ parents, onDelete }, at) => {
    const pointers = parents.map((parent) => `, to_${parent} bigint`)
    statements.push(
      `CREATE TABLE g.t${at} (id bigint PRIMARY KEY, owner text, kind text NOT NULL, day date${pointers.join('')})`,
    )
    // Once all the rows are there: they may point round and round.
    if (onDelete !== null)
      for (const parent of parents)
        keys.push(
          `ALTER TABLE g.t${at} ADD FOREIGN KEY (to_${parent}) REFERENCES g.t${parent} ON DELETE ${onDelete}`,
        )
  })
  for (const { table, id, owner, kind, day, points } of recordsOf(graph)) {
    const columns = points.map((point) => `, to_${point.table}`).join('')
    const values = points.map((point) => `, ${point.id}`).join('')
    statements.push(
      `INSERT INTO g.t${table} (id, owner, kind, day${columns}) VALUES (${id}, ${owner === null ? 'NULL' : `'${owner}'`}, '${kind}', ${day === null ? 'NULL' : `'${day.toString()}'`}${values})`,
    )
  }
  await pool.query([...statements, ...keys].join(';'))
}

export async function recordsIn(
  { pool }: Pick<Database, 'pool'>,
  { tables }: RandomGraph,
): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(
    tables.map((_, at) => `SELECT 't${at}/' || id AS name FROM g.t${at}`).join(' UNION ALL ') + ' ORDER BY 1',
  )
  return rows.map(({ name }) => name)
}

/** Brute force: whatever is due, unheld and pointed at by nothing goes, for as long as something does. */
export function survivors(
  graph: RandomGraph,
  today: Temporal.PlainDate,
  holds: readonly Pick<Hold, 'scope'>[],
): readonly string[] {
  const isDue = ({ table, day }: ModelRecord): boolean => {
    const after = graph.tables[table]?.after ?? null
    if (after === null || day === null) return false
    const last = day.add({ years: after.y, months: after.m }).add({ days: after.d })
    return Temporal.PlainDate.compare(last, today) < 0
  }
  const all = recordsOf(graph)
  const isOf = ({ table, owner, points }: ModelRecord, person: string): boolean =>
    owner === null
      ? // The catalogue knows those pointers alone that the database does not enforce.
        graph.tables[table]?.onDelete === null &&
        points.some((point) =>
          all.some((other) => other.table === point.table && other.id === point.id && isOf(other, person)),
        )
      : owner === person
  const isHeld = (record: ModelRecord): boolean =>
    holds.some(({ scope }) => {
      const { table, id, kind } = record
      switch (scope.kind) {
        case 'data-subject':
          return isOf(record, scope.dataSubject.id)
        case 'record':
          return scope.resource === `t${table}` && scope.record === String(id)
        case 'query':
          return scope.resource === `t${table}` && kind === 'disputed'
        case 'resource':
        case 'contract':
          return false
      }
    })
  let left = all
  for (let before = -1; before !== left.length;) {
    before = left.length
    const pointedAt = new Set(left.flatMap(({ points }) => points.map(({ table, id }) => `${table}/${id}`)))
    left = left.filter(
      (record) => !isDue(record) || isHeld(record) || pointedAt.has(`${record.table}/${record.id}`),
    )
  }
  return left.map(({ table, id }) => `t${table}/${id}`).sort()
}
