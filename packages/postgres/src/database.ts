import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'

/** A pool of connections to one PostgreSQL, and drizzle over it. */
export interface Database extends AsyncDisposable {
  readonly url: string
  readonly pool: pg.Pool
  readonly orm: NodePgDatabase
}

export interface DatabaseOptions {
  readonly url: string
  /** Connections at most. */
  readonly max?: number
  readonly name?: string
  /** How long the server may work at one statement before it ends it itself, in milliseconds; absent: as the server is set. */
  readonly statementMs?: number
}

/** Values that must not be rounded come as text: `int8`, `numeric`, dates and times; `json` and `jsonb` are left unread. */
const AS_TEXT = new Set<number>([20, 1700, 1082, 1083, 1114, 1184, 1186, 1266, 114, 3802])

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    AS_TEXT.has(oid) && format !== 'binary' ? (value: string) => value : pg.types.getTypeParser(oid, format),
}

/** Opens a pool; connects at the first query. Errors of connections between queries are swallowed: the next query tells. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 10,
    application_name: options.name ?? 'varco',
    connectionTimeoutMillis: 2_000,
    ...(options.statementMs === undefined ? {} : { statement_timeout: options.statementMs }),
    types,
  })
  pool.on('error', () => {})
  // One that breaks between two queries, in somebody's hands: unheard, it would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  return {
    url: options.url,
    pool,
    orm: drizzle(pool),
    [Symbol.asyncDispose]: async () => {
      await pool.end()
    },
  }
}
