import { execFile } from 'node:child_process'
import { chown, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Database } from '@varco/postgres'

/** What a table's rows lie on, and whether anything fits there still. */
export interface SmallDisk extends AsyncDisposable {
  /** Leaves no free block. */
  fill(): Promise<void>
  clear(): Promise<void>
}

const run = promisify(execFile)
const MEGABYTES = 64
/** As whom the embedded server runs when we are root. */
const SERVER = 65_534

/**
 * A tablespace of its own on a disk of a few megabytes; where none can be mounted, the server's error for a full disk.
 * @param table all of whose rows lie there, in partitions or not
 */
export async function smallDisk(database: Database, dir: string, table: string): Promise<SmallDisk> {
  const at = path.join(dir, 'small-disk')
  return (await isMounted(at)) ? mountedDisk(database, at, table) : refusingTable(database, table)
}

async function isMounted(at: string): Promise<boolean> {
  await mkdir(at, { recursive: true })
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  return run('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m,mode=0700`, 'varco-small-disk', at]).then(
    () => true,
    () => false,
  )
}

async function mountedDisk({ pool }: Database, at: string, table: string): Promise<SmallDisk> {
  const filling = path.join(at, 'filling')
  await chown(at, SERVER, SERVER)
  await pool.query(`CREATE TABLESPACE small LOCATION ${pg.escapeLiteral(at)}`)
  const moveTo = async (tablespace: string): Promise<void> => {
    const { rows } = await pool.query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::text::regclass
       UNION ALL SELECT oid::regclass::text FROM pg_class WHERE oid = $1::text::regclass AND relkind = 'r'`,
      [table],
    )
    for (const { name } of rows) await pool.query(`ALTER TABLE ${name} SET TABLESPACE ${tablespace}`)
  }
  await moveTo('small')
  const clear = (): Promise<void> => rm(filling, { force: true })
  return {
    // It ends with "no space left": that is what it is for.
    fill: () => run('dd', ['if=/dev/zero', `of=${filling}`, 'bs=4096']).then(unexpected, () => {}),
    clear,
    [Symbol.asyncDispose]: async () => {
      await clear()
      await moveTo('pg_default')
      await pool.query('DROP TABLESPACE small')
      await run('umount', ['--lazy', at])
    },
  }
}

function unexpected(): never {
  throw new Error('the disk does not fill up')
}

function refusingTable({ pool }: Database, table: string): SmallDisk {
  const clear = async (): Promise<void> => {
    await pool.query(`
      DROP TRIGGER IF EXISTS full_disk ON ${table};
      DROP FUNCTION IF EXISTS full_disk()`)
  }
  return {
    fill: async () => {
      await pool.query(`
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION full_disk()`)
    },
    clear,
    [Symbol.asyncDispose]: clear,
  }
}
