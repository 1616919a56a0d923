import { InvariantError, UnavailableError } from '@varco/core'
import type { FetchedRecord, RecordQuery, RecordSource } from '@varco/policy'
import pg from 'pg'
import type { Database } from './database.ts'
import { ReadTogether, type NumberedRow } from './read-together.ts'
import {
  RecordStatements,
  type BoundStatement,
  type PreparedText,
  type RecordStatement,
} from './record-statement.ts'

/**
 * Who asks for so much that it takes longer asks for too much. Nobody waits longer; for the server to stop as well, the
 * connections must be opened with it as their `statementMs`.
 */
export const READING_MS = 10_000

/**
 * The body's personal records in its own schema, read only. Names of tables and columns come from the bundle; all
 * else, the rules' constants and the caller's values alike, travels as parameters.
 */
export function postgresRecordSource({ pool }: Pick<Database, 'pool'>): RecordSource {
  const statements = new RecordStatements()
  const gatherings = new WeakMap<RecordStatement, ReadTogether>()
  const read = ({ fields }: RecordQuery, { statement, values }: BoundStatement) => {
    if (statement.together === null) return rowsOf<FetchedRecord>(pool, statement, values)
    const known = gatherings.get(statement) ?? gathering(pool, statement, statement.together)
    gatherings.set(statement, known)
    return known.ask({ values, fields })
  }
  return {
    fetch: async (query) => {
      const bound = statements.bind(query)
      try {
        return await read(query, bound)
      } catch (cause) {
        throw faultOf(cause)
      }
    },
    count: async (set) => {
      const question = { ...set, fields: null, order: [], offset: 0, limit: 0 }
      const { statement, values } = statements.bind(question)
      try {
        const [row] = await rowsOf<{ readonly count: string }>(pool, statement, values)
        return Number(row?.count ?? 0)
      } catch (cause) {
        throw faultOf(cause)
      }
    },
  }
}

/** Questions under way to one statement. */
function gathering(pool: pg.Pool, one: PreparedText, many: PreparedText): ReadTogether {
  return new ReadTogether({
    askOne: (values) => rowsOf(pool, one, [...values]),
    askMany: async (values) => {
      const { rows } = await run<NumberedRow>(pool, many, values, 'array')
      return rows
    },
    isOnes: (error) => error instanceof pg.DatabaseError && !isAway(error),
  })
}

/** A column's type was changed since the statement was prepared. */
const STALE_PLAN = '0A000'

async function rowsOf<Row>(pool: pg.Pool, text: PreparedText, values: unknown[]): Promise<readonly Row[]> {
  const { rows } = await run<Row & pg.QueryResultRow>(pool, text, values)
  return rows
}

async function run<Row>(
  pool: pg.Pool,
  { name, text }: PreparedText,
  values: unknown[],
  rowMode?: 'array',
): Promise<{ readonly rows: readonly Row[] }> {
  const question = { text, values, query_timeout: READING_MS, ...(rowMode === undefined ? {} : { rowMode }) }
  const ask = (config: pg.QueryConfig): Promise<{ readonly rows: readonly Row[] }> =>
    pool.query<Row & pg.QueryResultRow>(config)
  if (name === undefined) return ask(question)
  try {
    return await ask({ ...question, name })
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === STALE_PLAN) return ask(question)
    throw error
  }
}

/** Classes of SQLSTATE that say the server cannot answer now: connection, resources, operator intervention, system; locks. */
const AWAY = /^(?:08|25|40|53|55P03$|57|58|XX)/

function isAway({ code }: pg.DatabaseError): boolean {
  return AWAY.test(code ?? '')
}

/** What a failed statement means: the catalogue is wrong, or the server is away. */
export function faultOf(cause: unknown): Error {
  if (cause instanceof pg.DatabaseError && !isAway(cause)) {
    return new InvariantError('the records cannot be read as the catalogue declares them', { cause })
  }
  return new UnavailableError('records', { cause })
}
