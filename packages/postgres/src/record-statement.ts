import { hash } from 'node:crypto'
import { InvariantError, type FieldName } from '@varco/core'
import {
  conditionToSql,
  storedRelation,
  type ClosedCondition,
  type FieldType,
  type FieldTypes,
  type JsonPath,
  type RangeFilter,
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
    order.length === 0 ? sql`` : sql` ORDER BY ${list(order.flatMap((term) => orderToSql(term, resource)))}`
  return sql`SELECT ${selection} ${found}${sorted} LIMIT ${limit}::bigint OFFSET ${offset}::bigint`
}

/** @param depth how many sets stand around this one: each has an alias of its own */
/** Records of a set, from `FROM` on. */
export function setToSql({ resource, reach, filter }: RecordSet, depth: number): SQL {
  const { schema, table } = storedRelation(resource)
  const column = columnsAt(depth)
  const where = conditionToSql(reach, column, resource.fields)
  const asked =
    filter === null
      ? sql``
      : sql` AND ${filterToSql(filter, true, { column, fields: resource.fields, depth })}`
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

/** What a filter speaks of: a record's fields, how each is written, and of which type it is. */
interface Told {
  readonly column: (field: FieldName) => SQL
  readonly fields: FieldTypes
  readonly depth: number
}

/** TRUE exactly where the filter has the wanted value, and only there; no function stands around a column, so that indexes serve. */
function filterToSql(filter: RecordFilter, wanted: boolean, told: Told): SQL {
  const { column, fields, depth } = told
  switch (filter.kind) {
    case 'all':
    case 'any': {
      const parts = filter.of.map((part) => filterToSql(part, wanted, told))
      const all = (filter.kind === 'all') === wanted
      if (parts.length === 0) return all ? sql`TRUE` : sql`FALSE`
      return sql`(${sql.join(parts, all ? sql` AND ` : sql` OR `)})`
    }
    case 'not':
      return filterToSql(filter.of, !wanted, told)
    case 'condition': {
      const condition: ClosedCondition = wanted ? filter.condition : { op: 'not', of: filter.condition }
      return sql`(${conditionToSql(condition, column, fields)})`
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
    case 'matches': {
      // A column's own collation may be one by which PostgreSQL matches nothing, and fails.
      const collation = sql.raw(filter.ignoreCase ? 'COLLATE "default"' : 'COLLATE "C"')
      const operator = sql.raw(`${wanted ? '' : '!'}~${filter.ignoreCase ? '*' : ''}`)
      return sql`${column(filter.field)} ${collation} ${operator} ${filter.pattern}::text`
    }
    case 'within': {
      const within = sql`${column(filter.field)} <@ ${sql.param([...filter.values])}::text[]`
      return wanted ? within : sql`NOT (${within})`
    }
    case 'list': {
      const operator = sql.raw(wanted ? '=' : '<>')
      return sql`${column(filter.field)} ${operator} ${sql.param([...filter.values])}::text[]`
    }
    case 'at': {
      const { field, path, as } = filter
      const value = VALUES_AT[as](jsonAt(column(field), fields.get(field)?.type, path))
      return filterToSql(filter.of, wanted, {
        column: () => value,
        fields: new Map([[field, { type: as }]]),
        depth,
      })
    }
    case 'json': {
      const tested = sql`${column(filter.field)} ${JSON_OPERATORS[filter.test]} ${filter.value}::jsonb`
      return wanted ? tested : sql`NOT (${tested})`
    }
    case 'range': {
      const { type, test, value } = filter
      const lies = sql`${column(filter.field)} ${RANGE_OPERATORS[test]} ${value}::${sql.raw(type)}`
      return wanted ? lies : sql`NOT (${lies})`
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

const RANGE_OPERATORS: Readonly<Record<RangeFilter['test'], SQL>> = {
  contains: sql.raw('@>'),
  within: sql.raw('<@'),
  overlaps: sql.raw('&&'),
  left: sql.raw('<<'),
  right: sql.raw('>>'),
  'not-right': sql.raw('&<'),
  'not-left': sql.raw('&>'),
  adjacent: sql.raw('-|-'),
}

const QUERIES: Readonly<Record<WordsFilter['form'], SQL>> = {
  plain: sql.raw('plainto_tsquery'),
  phrase: sql.raw('phraseto_tsquery'),
  web: sql.raw('websearch_to_tsquery'),
  query: sql.raw('to_tsquery'),
}

/** Of JSON of no one kind, and so compared by neither of the two. */
const VALUES_AT: Readonly<Record<Extract<RecordFilter, { kind: 'at' }>['as'], (value: SQL) => SQL>> = {
  json: (value) => value,
  text: (value) => sql`(${value} #>> '{}')`,
  decimal: (value) => sql`(CASE WHEN jsonb_typeof(${value}) = 'number' THEN (${value})::numeric END)`,
}

const JSON_OPERATORS = { equals: sql.raw('='), contains: sql.raw('@>'), within: sql.raw('<@') } as const

/**
 * A column of type json keeps what jsonb cannot hold: NUL, halves of characters, numbers without end. To read it as
 * jsonb would fail, and tell that its row exists: it counts as no value. What looks alike within a text does too.
 */
const UNREADABLE = sql.raw(
  String.raw`'\\u0000|\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]|(?:^|[:, \n\r\t\[])-?[0-9.]+[eE][+-]?[0-9]{4,}'`,
)

/** As jsonb: what stands at a path within a json or text[] column. */
function jsonAt(column: SQL, type: FieldType | undefined, path: JsonPath): SQL {
  const whole =
    type === 'text[]'
      ? sql`to_jsonb(${column})`
      : sql`CASE WHEN pg_typeof(${column}) = 'jsonb'::regtype OR ${column}::text !~ ${UNREADABLE} THEN ${column}::jsonb END`
  return sql`((${whole}) #> ${sql.param([...path])}::text[])`
}

function orderToSql(term: RecordOrder, { fields }: Resource): SQL[] {
  const { of, direction, nulls } = term
  const ending = sql.raw(
    ` ${direction === 'asc' ? 'ASC' : 'DESC'} ${nulls === 'first' ? 'NULLS FIRST' : 'NULLS LAST'}`,
  )
  if (of === undefined) return keysToSql(term, fields, 0).map((key) => sql`${key}${ending}`)
  const { from, to, set } = of
  const found = sql`${setToSql(set, 1)} AND ${columnsAt(1)(to)} = ${columnsAt(0)(from)}`
  // Should several belong to it all the same, it is one of them, not a failure.
  return keysToSql(term, set.resource.fields, 1).map(
    (key) => sql`(SELECT ${key} ${found} ORDER BY 1 LIMIT 1)${ending}`,
  )
}

/** What a term orders by, one after the other. */
function keysToSql({ field, at }: RecordOrder, fields: FieldTypes, depth: number): SQL[] {
  const column = columnsAt(depth)(field)
  const type = fields.get(field)?.type
  if (at === undefined) return [type === 'text' || type === 'text[]' ? sql`${column} COLLATE "C"` : column]
  const value = jsonAt(column, type, at.path)
  const text = sql`(${value} #>> '{}') COLLATE "C"`
  if (at.as === 'text') return [text]
  return [
    sql`array_position(ARRAY['null', 'string', 'number', 'boolean', 'array', 'object'], jsonb_typeof(${value}))`,
    VALUES_AT.decimal(value),
    text,
  ]
}

function list(parts: SQL[]): SQL {
  return sql.join(parts, sql`, `)
}
