import { InvariantError, UnavailableError } from '@varco/core'
import type { FetchedRecord, RecordSource } from '@varco/policy'
import pg from 'pg'
import type { Database } from './database.ts'
import { RecordStatements, type BoundStatement } from './record-statement.ts'

/**
 * The body's personal records in its own schema, read only. Names of tables and columns come from the bundle; all
 * else, the rules' constants and the caller's values alike, travels as parameters.
 */
export function postgresRecordSource({ pool }: Pick<Database, 'pool'>): RecordSource {
  const statements = new RecordStatements()
  return {
    fetch: (query) => ask<FetchedRecord>(pool, statements.bind(query)),
    count: async (set) => {
      const question = { ...set, fields: null, order: [], offset: 0, limit: 0 }
      const [row] = await ask<{ readonly count: string }>(pool, statements.bind(question))
      return Number(row?.count ?? 0)
    },
  }
}

/** Who asks for so much that it takes longer asks for too much. */
const TIMEOUT_MS = 10_000
/** A column's type was changed since the statement was prepared. */
const STALE_PLAN = '0A000'

async function ask<Row>(pool: pg.Pool, statement: BoundStatement): Promise<readonly Row[]> {
  try {
    const { rows } = await run<Row & pg.QueryResultRow>(pool, statement)
    return rows
  } catch (cause) {
    throw faultOf(cause)
  }
}

async function run<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  { name, text, values }: BoundStatement,
): Promise<pg.QueryResult<Row>> {
  const question = { text, values, query_timeout: TIMEOUT_MS }
  if (name === undefined) return pool.query<Row>(question)
  try {
    return await pool.query<Row>({ ...question, name })
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === STALE_PLAN) return pool.query<Row>(question)
    throw error
  }
}

/** Classes of SQLSTATE that say the server cannot answer now: connection, resources, operator intervention, system; locks. */
const AWAY = /^(?:08|25|40|53|55P03$|57|58|XX)/

/** What a failed statement means: the catalogue is wrong, or the server is away. */
export function faultOf(cause: unknown): Error {
  if (cause instanceof pg.DatabaseError && !AWAY.test(cause.code ?? '')) {
    return new InvariantError('the records cannot be read as the catalogue declares them', { cause })
  }
  return new UnavailableError('records', { cause })
}
