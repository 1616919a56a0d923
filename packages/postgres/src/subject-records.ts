import { asId, UnavailableError, type DataSubjectRef, type FieldName, type ResourceName } from '@varco/core'
import {
  isRangeType,
  storedRelation,
  type Bundle,
  type FieldType,
  type RangeType,
  type Resource,
} from '@varco/policy'
import type {
  FindBy,
  FoundDataSubject,
  RecordsOfResource,
  SubjectRecord,
  SubjectRecords,
} from '@varco/reports'
import pg from 'pg'
import type { Database } from './database.ts'

/**
 * The body's records in its own schema, read only. Names of tables and columns come from the bundle, values
 * travel as parameters; each answer is one snapshot.
 */
export function postgresSubjectRecords(database: Pick<Database, 'pool'>): SubjectRecords {
  return {
    find: (bundle, identifier, by) => inSnapshot(database, (client) => find(client, bundle, identifier, by)),
    named: (bundle, kind, ids) => inSnapshot(database, (client) => named(client, bundle, kind, ids)),
    ownersOf: (bundle, resource, keys) =>
      inSnapshot(database, (client) => ownersOf(client, bundle, resource, keys)),
    recordsOf: (bundle, dataSubject) =>
      inSnapshot(database, (client) => recordsOf(client, bundle, dataSubject)),
  }
}

async function find(
  client: pg.PoolClient,
  bundle: Bundle,
  identifier: string,
  by: FindBy | undefined,
): Promise<FoundDataSubject[]> {
  const value = identifier.trim()
  if (value === '') return []
  const forms = [...new Set([value, value.toUpperCase(), value.toLowerCase()])]
  const found: FoundDataSubject[] = []
  for (const [kind, { find_by: fields }] of Object.entries(bundle.document.varco.data_subjects)) {
    const asked = fields.filter((field) => by === undefined || (by.kind === kind && by.field === field))
    const conditions = asked.flatMap((field) => holds(personOf(bundle, kind), asId(field), forms) ?? [])
    if (conditions.length > 0) found.push(...(await people(client, bundle, kind, conditions)))
  }
  return found
}

async function named(
  client: pg.PoolClient,
  bundle: Bundle,
  kind: string,
  ids: readonly string[],
): Promise<FoundDataSubject[]> {
  if (!Object.hasOwn(bundle.document.varco.data_subjects, kind)) return []
  const person = personOf(bundle, kind)
  const condition = holds(person, person.dataSubject?.field ?? person.key, ids)
  return condition === null ? [] : people(client, bundle, kind, [condition])
}

async function ownersOf(
  client: pg.PoolClient,
  bundle: Bundle,
  name: string,
  keys: readonly string[],
): Promise<Map<string, DataSubjectRef>> {
  const resource = bundle.resources.get(asId(name))
  return resource === undefined || resource.relation === null
    ? new Map()
    : ownersBy(client, bundle, resource, resource.key, keys)
}

/**
 * Owners of the records in which a field holds one of the values, by that value; along pointers where need be.
 * INVARIANT: a checked bundle's pointers form no cycle.
 */
async function ownersBy(
  client: pg.PoolClient,
  bundle: Bundle,
  resource: Resource,
  field: FieldName,
  values: readonly string[],
): Promise<Map<string, DataSubjectRef>> {
  const owners = new Map<string, DataSubjectRef>()
  const { dataSubject } = resource
  if (dataSubject !== null) {
    for (const [value, id] of await pairs(client, resource, field, dataSubject.field, values)) {
      owners.set(value, { kind: dataSubject.kind, id })
    }
    return owners
  }
  for (const { resource: target, field: pointer, to, many } of Object.values(resource.document.relations)) {
    const parent = bundle.resources.get(asId(target))
    if (many || parent === undefined) continue
    const pointing = await pairs(
      client,
      resource,
      field,
      asId(pointer),
      values.filter((value) => !owners.has(value)),
    )
    const pointed = [...new Set(pointing.map(([, target]) => target))]
    const above = await ownersBy(client, bundle, parent, asId(to), pointed)
    for (const [value, pointed] of pointing) {
      const owner = above.get(pointed)
      if (owner !== undefined) owners.set(value, owner)
    }
  }
  return owners
}

/** What another field holds in the records where one holds any of the values; nulls left out. */
async function pairs(
  client: pg.PoolClient,
  resource: Resource,
  field: FieldName,
  other: FieldName,
  values: readonly string[],
): Promise<[string, string][]> {
  const condition = values.length === 0 ? null : holds(resource, field, values)
  if (condition === null) return []
  const { rows } = await client.query<[string, string]>({
    text: `SELECT ${asText(field)}, ${asText(other)} FROM ${relationOf(resource)} WHERE ${condition.sql('$1')} AND ${column(other)} IS NOT NULL`,
    values: [condition.values],
    rowMode: 'array',
  })
  return rows
}

/** People of a kind of whom one of the conditions holds, in the order of their keys. */
async function people(
  client: pg.PoolClient,
  bundle: Bundle,
  kind: string,
  conditions: readonly Condition[],
): Promise<FoundDataSubject[]> {
  const person = personOf(bundle, kind)
  const key = person.dataSubject?.field ?? person.key
  const name = bundle.document.varco.data_subjects[kind]?.name ?? []
  const where = conditions.map(({ sql }, i) => sql(`$${i + 1}`)).join(' OR ')
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT ${[key, ...name].map(asText).join(', ')} FROM ${relationOf(person)} WHERE ${where} ORDER BY ${column(key)}`,
    values: conditions.map(({ values }) => values),
    rowMode: 'array',
  })
  return rows.map(([id, ...parts]) => ({
    ref: { kind, id: id ?? '' },
    name: parts.filter((part) => part !== null),
  }))
}

/** Walks the catalogue's graph from the data subject outwards; a record is met once, whatever way leads to it. */
async function recordsOf(
  client: pg.PoolClient,
  bundle: Bundle,
  { kind, id }: DataSubjectRef,
): Promise<RecordsOfResource[]> {
  const met = new Map<ResourceName, Map<string, SubjectRecord>>()
  const frontier: { readonly resource: Resource; readonly records: readonly SubjectRecord[] }[] = []
  const meet = (resource: Resource, records: readonly SubjectRecord[]): void => {
    const known = met.get(resource.name) ?? new Map<string, SubjectRecord>()
    const fresh = records.filter((record) => !known.has(record.key))
    for (const record of fresh) known.set(record.key, record)
    met.set(resource.name, known)
    if (fresh.length > 0) frontier.push({ resource, records: fresh })
  }
  for (const resource of bundle.resources.values()) {
    // What an upstream alone has is none of the database's.
    if (resource.dataSubject?.kind !== kind || resource.relation === null) continue
    meet(resource, await recordsWhere(client, resource, resource.dataSubject.field, [id]))
  }
  const edges = edgesToNobody(bundle)
  for (let next = frontier.shift(); next !== undefined; next = frontier.shift()) {
    const { resource, records } = next
    for (const edge of edges.filter(({ parent }) => parent === resource.name)) {
      const values = new Set(records.flatMap((record) => record.values.get(edge.parentField) ?? []))
      meet(edge.child, await recordsWhere(client, edge.child, edge.childField, [...values]))
    }
  }
  const sets: RecordsOfResource[] = []
  for (const resource of bundle.resources.values()) {
    const records = [...(met.get(resource.name)?.values() ?? [])]
    if (records.length > 0) sets.push({ resource: resource.name, records: inKeyOrder(resource, records) })
  }
  return sets
}

interface Edge {
  readonly parent: ResourceName
  readonly parentField: FieldName
  readonly child: Resource
  readonly childField: FieldName
}

/** Pointers held by records about nobody in particular: they belong to whom they point at. */
function edgesToNobody(bundle: Bundle): readonly Edge[] {
  return [...bundle.resources.values()].flatMap((resource) =>
    Object.values(resource.document.relations).flatMap(({ resource: other, field, to, many }): Edge[] => {
      const [parent, parentField, childName, childField] = many
        ? [resource.name, field, other, to]
        : [other, to, resource.name, field]
      const child = bundle.resources.get(asId(childName))
      if (child === undefined || child.dataSubject !== null || child.relation === null) return []
      return [{ parent: asId(parent), parentField: asId(parentField), child, childField: asId(childField) }]
    }),
  )
}

async function recordsWhere(
  client: pg.PoolClient,
  resource: Resource,
  field: FieldName,
  values: readonly string[],
): Promise<SubjectRecord[]> {
  const condition = values.length === 0 ? null : holds(resource, field, values)
  if (condition === null) return []
  const fields = [...resource.fields.keys()]
  const { rows } = await client.query<(string | null)[]>({
    text: `SELECT ${[resource.key, ...fields].map(asText).join(', ')} FROM ${relationOf(resource)} WHERE ${condition.sql('$1')} ORDER BY ${column(resource.key)}`,
    values: [condition.values],
    rowMode: 'array',
  })
  return rows.map(([key, ...cells]) => ({
    key: key ?? '',
    values: new Map(fields.map((field, i) => [field, cells[i] ?? null])),
  }))
}

interface Condition {
  readonly sql: (parameter: string) => string
  readonly values: readonly string[]
}

/**
 * That a field holds one of the values, in the field's own type so that its index serves. `null` when none of
 * them can be of that type: nothing matches, and a failing cast would tell so much as an error.
 */
function holds(resource: Resource, field: FieldName, values: readonly string[]): Condition | null {
  const type = resource.fields.get(field)?.type ?? 'text'
  const { pattern, cast } = isRangeType(type) ? ANY_TEXT : COMPARABLE[type]
  const possible = values.filter((value) => pattern.test(value) && !value.includes('\0'))
  if (possible.length === 0) return null
  const left = cast === null ? `${column(field)}::text` : column(field)
  return {
    sql: (parameter) => `${left} = ANY(${parameter}::text[]${cast === null ? '' : `::${cast}[]`})`,
    values: possible,
  }
}

const ANY_TEXT = { pattern: /^/, cast: null }
const COMPARABLE: Readonly<
  Record<Exclude<FieldType, RangeType>, { readonly pattern: RegExp; readonly cast: string | null }>
> = {
  text: { pattern: /^/, cast: 'text' },
  integer: { pattern: /^-?\d{1,18}$/, cast: 'bigint' },
  uuid: { pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, cast: 'uuid' },
  decimal: ANY_TEXT,
  boolean: ANY_TEXT,
  date: ANY_TEXT,
  timestamp: ANY_TEXT,
  'text[]': ANY_TEXT,
  json: ANY_TEXT,
}

/** JSON's own text form: exact numbers, ISO dates, RFC 3339 instants, arrays as JSON, whatever the session's settings. */
function asText(field: string): string {
  return `to_jsonb(${column(field)}) #>> '{}'`
}

function column(name: string): string {
  return pg.escapeIdentifier(name)
}

function relationOf(resource: Resource): string {
  const { schema, table } = storedRelation(resource)
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`
}

function personOf(bundle: Bundle, kind: string): Resource {
  // INVARIANT: a checked bundle's kinds of data subject name resources of its catalogue.
  return bundle.resources.get(asId(bundle.document.varco.data_subjects[kind]?.resource ?? '')) as Resource
}

/** Several ways may lead to one resource, each in order: the whole is put in order again. */
function inKeyOrder(resource: Resource, records: readonly SubjectRecord[]): SubjectRecord[] {
  const numeric = resource.fields.get(resource.key)?.type === 'integer'
  const before = (a: string, b: string): boolean => (numeric ? BigInt(a) < BigInt(b) : a < b)
  return [...records].sort((a, b) => (before(a.key, b.key) ? -1 : before(b.key, a.key) ? 1 : 0))
}

async function inSnapshot<T>(
  database: Pick<Database, 'pool'>,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  let client: pg.PoolClient | null = null
  try {
    client = await database.pool.connect()
    await client.query(
      "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL TIME ZONE 'UTC'",
    )
    const result = await work(client)
    await client.query('COMMIT')
    client.release()
    return result
  } catch (cause) {
    // A connection in an unknown state is not given back to the pool.
    client?.release(true)
    throw new UnavailableError('personal records', { cause })
  }
}
