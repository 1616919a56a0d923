import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { openDatabase, type Database } from '../database.ts'
import { migrate } from '../migrate.ts'

/** A migrated database of the test run's server that nobody connects to: the others are copies of it. */
const MIGRATED = 'scratch_migrated'

/**
 * A new, migrated database on the test run's server, dropped at the end.
 * @param serverUrl address of a server one may create databases on, that no other version's tests use
 */
export async function scratchDatabase(
  serverUrl: string,
  options: { migrated?: boolean } = {},
): Promise<Database> {
  const name = `scratch_${randomBytes(6).toString('hex')}`
  await asAdmin(serverUrl, async (admin) => {
    if (options.migrated !== false) await makeMigrated(admin, serverUrl)
    await admin.query(`CREATE DATABASE ${name} ${options.migrated === false ? '' : `TEMPLATE ${MIGRATED}`}`)
  })
  const database = openDatabase({ url: urlOf(serverUrl, name) })
  return {
    ...database,
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]()
      await asAdmin(serverUrl, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
    },
  }
}

/** Migrating takes ten times as long as copying. One process does it; it has its name once it is whole. */
async function makeMigrated(admin: pg.Client, serverUrl: string): Promise<void> {
  const isThere = async (): Promise<boolean> =>
    (await admin.query('SELECT FROM pg_database WHERE datname = $1', [MIGRATED])).rowCount === 1
  if (await isThere()) return
  const making = `${MIGRATED}_in_the_making`
  await admin.query('SELECT pg_advisory_lock(hashtext($1))', [MIGRATED])
  try {
    if (await isThere()) return
    await admin.query(`DROP DATABASE IF EXISTS ${making} WITH (FORCE)`)
    await admin.query(`CREATE DATABASE ${making}`)
    {
      await using database = openDatabase({ url: urlOf(serverUrl, making) })
      await migrate(database)
    }
    await admin.query(`ALTER DATABASE ${making} RENAME TO ${MIGRATED}`)
  } finally {
    await admin.query('SELECT pg_advisory_unlock(hashtext($1))', [MIGRATED])
  }
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}

async function asAdmin(url: string, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
