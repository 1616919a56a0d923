import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { openDatabase, type Database } from '../database.ts'
import { migrate } from '../migrate.ts'

/**
 * A new, migrated database on the test run's server, dropped at the end.
 * @param serverUrl address of a server one may create databases on
 */
export async function scratchDatabase(
  serverUrl: string,
  options: { migrated?: boolean } = {},
): Promise<Database> {
  const name = `scratch_${randomBytes(6).toString('hex')}`
  await asAdmin(serverUrl, `CREATE DATABASE ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const database = openDatabase({ url: url.href })
  if (options.migrated !== false) await migrate(database)
  return {
    ...database,
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]()
      await asAdmin(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
