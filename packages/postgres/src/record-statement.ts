import { hash } from 'node:crypto'
import { InvariantError, type FieldName } from '@varco/core'
import {
  conditionToSql,
  type ClosedCondition,
  type RecordFilter,
  type RecordOrder,
  type RecordSet,
  type Resource,
  type WordsFilter,
} from '@varco/policy'
import { sql, type SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { askedTogether, isKeyReading } from './key-reading.ts'
import { shapeOf, withMarkers, type Question, type Writable } from './record-shape.ts'

export interface PreparedText {
  /** The prepared statement's name; `undefined`: not to be prepared. */
  readonly name: string | undefined
  readonly text: string
}

/** A query's text and its parameters. */
export interface BoundStatement {
  /** The same for all queries of one shape. */
  readonly statement: RecordStatement
  readonly values: unknown[]
}

export interface RecordStatement extends PreparedText {
  /** Asks it many times at once (`askedTogether`); `null`: it is asked alone. */
  readonly together: PreparedText | null
}

interface Statement extends RecordStatement {
  /** For each parameter, which of the query's values it is. */
  readonly places: readonly number[]
}

const MOST_PREPARED = 500
const MOST_REMEMBERED = 2_000

const dialect = new PgDialect()

/**
 * The statements of a source. Writing one costs more than running it, so each shape of query is written once, and
 * prepared under the hash of its text. Callers choose the shape of their queries: only so many are prepared, or the
 * server's memory would be theirs to fill.
 */
export class RecordStatements {
  /** By the bundle's resource, which also fixes the columns' types. */
  readonly #known = new WeakMap<Resource, Map<string, Statement>>()
  readonly #prepared = new Set<string>()

  bind(query: Question): BoundStatement {
    const { key, values } = shapeOf(query)
    const statement = this.#find(query, key)
    return { statement, values: statement.places.map((place) => values[place]) }
  }

  #find(query: Question, key: string): Statement {
    const known = this.#known.get(query.resource) ?? new Map<string, Statement>()
    const found = known.get(key)
    if (found !== undefined) return found
    const statement = this.#write(query)
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(key, statement)
    this.#known.set(query.resource, known)
    return statement
  }

  #write(query: Question): Statement {
    const marked = withMarkers(query)
    const { sql: text, params } = dialect.sqlToQuery(toSql(marked.query))
    const places = params.map((param) => {
      const place = marked.placeOf(param)
      if (place === null) throw new InvariantError('a statement holds a value that its query does not')
      return place
    })
    const { values } = shapeOf(query)
    const lists = places.map((place) => Array.isArray(values[place]))
    const together = isKeyReading(query) ? this.#prepare(askedTogether({ text, lists })) : null
    return { ...this.#prepare(text), together, places }
  }

  #prepare(text: string): PreparedText {
    const name = hash('sha256', text, 'base64url').slice(0, 22)
    if (this.#prepared.size < MOST_PREPARED) this.#prepared.add(name)
    return { name: this.#prepared.has(name) ? name : undefined, text }
  }
}

function toSql({ fields, order, offset, limit, ...set }: Writable): SQL {
  const { resource } = set
  const found = setToSql(set, 0)
  if (fields === null) return sql`SELECT count(*) AS count ${found}`
  const selection = list(fields.map((field) => selected(field, resource)))
  const sorted =
    order.length === 0 ? sql`` : sql` ORDER BY ${list(order.map((term) => orderToSql(term, resource)))}`
  return sql`SELECT ${selection} ${found}${sorted} LIMIT ${limit}::bigint OFFSET ${offset}::bigint`
}

/** @param depth how many sets stand around this one: each has an alias of its own */
/** Records of a set, from `FROM` on. */
export function setToSql({ resource, reach, filter }: RecordSet, depth: number): SQL {
  const { schema, table } = resource.relation
  const where = conditionToSql(reach, columnsAt(depth), resource.fields)
  const asked = filter === null ? sql`` : sql` AND ${filterToSql(filter, true, resource, depth)}`
  return sql`FROM ${sql.identifier(schema)}.${sql.identifier(table)} AS ${alias(depth)} WHERE ${where}${asked}`
}

function alias(depth: number): SQL {
  return sql.raw(`r${depth}`)
}

function columnsAt(depth: number): (field: FieldName) => SQL {
  return (field) => sql`${alias(depth)}.${sql.identifier(field)}`
}

/**
 * JSON comes as its text: parsed and written again its numbers would be rounded. So does text, or a `char(n)` column would
 * come with the blanks that PostgreSQL pads it with and compares without, and a rule would not know its value again.
 */
export function selected(field: FieldName, { fields }: Resource): SQL {
  const column = columnsAt(0)(field)
  const type = fields.get(field)?.type
  return type === 'json' || type === 'text' ? sql`${column}::text AS ${sql.identifier(field)}` : column
}

/** TRUE exactly where the filter has the wanted value, and only there; no function stands around a column, so that indexes serve. */
function filterToSql(filter: RecordFilter, wanted: boolean, resource: Resource, depth: number): SQL {
  const column = columnsAt(depth)
  switch (filter.kind) {
    case 'all':
    case 'any': {
      const parts = filter.of.map((part) => filterToSql(part, wanted, resource, depth))
      const all = (filter.kind === 'all') === wanted
      if (parts.length === 0) return all ? sql`TRUE` : sql`FALSE`
      return sql`(${sql.join(parts, all ? sql` AND ` : sql` OR `)})`
    }
    case 'not':
      return filterToSql(filter.of, !wanted, resource, depth)
    case 'condition': {
      const condition: ClosedCondition = wanted ? filter.condition : { op: 'not', of: filter.condition }
      return sql`(${conditionToSql(condition, column, resource.fields)})`
    }
    case 'related': {
      const link = sql`${columnsAt(depth + 1)(filter.to)} = ${column(filter.field)}`
      const exists = sql`EXISTS (SELECT ${setToSql(filter.set, depth + 1)} AND ${link})`
      return wanted ? exists : sql`NOT ${exists}`
    }
    case 'like': {
      const operator = sql.raw(`${wanted ? '' : 'NOT '}${filter.ignoreCase ? 'ILIKE' : 'LIKE'}`)
      return sql`${column(filter.field)} ${operator} ${filter.pattern}::text`
    }
    case 'within': {
      const within = sql`${column(filter.field)} <@ ${sql.param([...filter.values])}::text[]`
      return wanted ? within : sql`NOT (${within})`
    }
    case 'words': {
      const language = sql.raw(`'${filter.language}'::regconfig`)
      const query = sql`${QUERIES[filter.form]}(${language}, ${filter.text}::text)`
      const found = sql`to_tsvector(${language}, ${column(filter.field)}) @@ ${query}`
      // A text that is too long for a vector would be a failure, and tell that its row exists.
      const safe = sql`CASE WHEN octet_length(${column(filter.field)}) <= 100000 THEN ${found} END`
      return wanted ? sql`(${safe})` : sql`NOT (${safe})`
    }
  }
}

const QUERIES: Readonly<Record<WordsFilter['form'], SQL>> = {
  plain: sql.raw('plainto_tsquery'),
  phrase: sql.raw('phraseto_tsquery'),
  web: sql.raw('websearch_to_tsquery'),
  query: sql.raw('to_tsquery'),
}

function orderToSql({ field, direction, nulls }: RecordOrder, { fields }: Resource): SQL {
  const collation = fields.get(field)?.type === 'text' ? sql.raw(' COLLATE "C"') : sql.raw('')
  return sql`${columnsAt(0)(field)}${collation} ${sql.raw(direction === 'asc' ? 'ASC' : 'DESC')} ${sql.raw(nulls === 'first' ? 'NULLS FIRST' : 'NULLS LAST')}`
}

function list(parts: SQL[]): SQL {
  return sql.join(parts, sql`, `)
}
