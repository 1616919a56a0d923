import { InvariantError, UnavailableError, type FieldName } from '@varco/core'
import {
  storedRelation,
  type FetchedRecord,
  type NewValue,
  type RecordUpdate,
  type RecordWriter,
} from '@varco/policy'
import { sql, type SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import pg from 'pg'
import type { Database } from './database.ts'
import { faultOf } from './record-source.ts'
import { selected, setToSql } from './record-statement.ts'

/**
 * Changes the body's personal records in its own schema. A change waits with its rows locked while it is being
 * recorded, so the connections are its own: were they those by which the log is written, enough changes at once would
 * wait for each other.
 */
export function postgresRecordWriter({ pool }: Pick<Database, 'pool'>): RecordWriter {
  return {
    update: async (update, allow) => {
      const client = await connect(pool)
      let broken: Error | undefined
      // A connection that breaks while the change is being recorded: the next statement tells.
      const onError = (error: Error): void => {
        broken = error
      }
      client.on('error', onError)
      try {
        return await inTransaction(client, update, allow)
      } catch (error) {
        broken ??= await rollback(client)
        throw error
      } finally {
        client.off('error', onError)
        client.release(broken)
      }
    },
  }
}

/** Who waits longer for somebody else's change is told to come back; a node that hangs lets go of its rows. */
const BEGIN = `BEGIN; SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = '10s'; SET LOCAL idle_in_transaction_session_timeout = '15s'`

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (cause) {
    throw new UnavailableError('records', { cause })
  }
}

async function inTransaction(
  client: pg.PoolClient,
  update: RecordUpdate,
  allow: Parameters<RecordWriter['update']>[1],
): ReturnType<RecordWriter['update']> {
  const before = await run(async () => {
    await client.query(BEGIN)
    return ask(client, toLock(update))
  })
  const isAllowed = await allow(before.map(({ record }) => record))
  if (!isAllowed || before.length === 0) {
    await client.query('ROLLBACK').catch(() => {})
    return isAllowed ? { kind: 'done', after: [] } : { kind: 'withheld' }
  }
  const keys = before.map(({ key }) => key)
  try {
    const changed = new Map(
      (await ask(client, toChange(update, keys))).map(({ key, record }) => [key, record]),
    )
    const after = keys.flatMap((key): readonly FetchedRecord[] => {
      const record = changed.get(key)
      return record === undefined ? [] : [record]
    })
    if (after.length !== keys.length) {
      // A trigger or a row policy of the body's own left rows out.
      await client.query('ROLLBACK')
      return { kind: 'rejected' }
    }
    return await commit(client, after)
  } catch (error) {
    if (!isRejection(error)) throw faultOf(error)
    await client.query('ROLLBACK').catch(() => {})
    return { kind: 'rejected' }
  }
}

/** A failure while committing leaves open whether it was done; a refusal by a deferred constraint does not. */
async function commit(
  client: pg.PoolClient,
  after: readonly FetchedRecord[],
): ReturnType<RecordWriter['update']> {
  try {
    await client.query('COMMIT')
    return { kind: 'done', after }
  } catch (error) {
    if (error instanceof pg.DatabaseError && isRejection(error)) throw error
    return { kind: 'unknown' }
  }
}

/** Classes of SQLSTATE by which the tables refuse a change: data, constraints, rights, and the errors of triggers. */
const REJECTION = /^(?:22|23|42501$|44|P0)/

function isRejection(error: unknown): boolean {
  return error instanceof pg.DatabaseError && REJECTION.test(error.code ?? '')
}

async function run<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw isRejection(cause) && (cause as pg.DatabaseError).code === '42501'
      ? new UnavailableError('records', { cause })
      : faultOf(cause)
  }
}

async function rollback(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new InvariantError('a rollback failed')
  }
}

interface KeyedRecord {
  readonly key: string
  readonly record: FetchedRecord
}

const dialect = new PgDialect()
/** The key's text beside the fields, under a name that no field can have. */
const KEY_COLUMN = '__key'

async function ask(client: pg.PoolClient, statement: SQL): Promise<readonly KeyedRecord[]> {
  const { sql: text, params } = dialect.sqlToQuery(statement)
  const { rows } = await client.query<Record<string, unknown>>({ text, values: params })
  return rows.map(({ [KEY_COLUMN]: key, ...record }) => ({ key: String(key), record }))
}

function toLock({ resource, fields, limit, ...set }: RecordUpdate): SQL {
  const found = setToSql({ resource, ...set }, 0)
  const order = sql`${sql.raw('r0')}.${sql.identifier(resource.key)}`
  return sql`SELECT ${columns(resource, fields)} ${found} ORDER BY ${order} LIMIT ${limit}::bigint FOR UPDATE OF r0`
}

/** The rows are locked: their keys say which they are. The columns' own types take the values' texts. */
function toChange({ resource, fields, values }: RecordUpdate, keys: readonly string[]): SQL {
  const { schema, table } = storedRelation(resource)
  const assignments = [...values].map(
    ([field, value]) => sql`${sql.identifier(field)} = ${sql.param(parameterOf(value))}`,
  )
  const relation = sql`${sql.identifier(schema)}.${sql.identifier(table)}`
  const these = sql`${sql.raw('r0')}.${sql.identifier(resource.key)} = ANY(${sql.param([...keys])})`
  return sql`UPDATE ${relation} AS r0 SET ${sql.join(assignments, sql`, `)} WHERE ${these} RETURNING ${columns(resource, fields)}`
}

function parameterOf(value: NewValue): string | boolean | readonly string[] | null {
  return typeof value === 'object' && value !== null ? [...value] : value
}

function columns(resource: RecordUpdate['resource'], fields: readonly FieldName[]): SQL {
  const key = sql`${sql.raw('r0')}.${sql.identifier(resource.key)}::text AS ${sql.identifier(KEY_COLUMN)}`
  return sql.join([key, ...fields.map((field) => selected(field, resource))], sql`, `)
}
