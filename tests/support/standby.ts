import { execFile } from 'node:child_process'
import { chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { openDatabase, startEmbeddedServer, type EmbeddedServer } from '@varco/postgres'

export interface StandbyOptions {
  readonly primary: EmbeddedServer
  /** The primary's folder. */
  readonly from: string
  /** The standby's own, made here and deleted at the end. */
  readonly dir: string
  /** By which the primary knows it. */
  readonly name: string
}

/**
 * A second PostgreSQL that follows a first one record by record (streaming replication), from a copy of its files: the npm package
 * brings no pg_basebackup. It reads and does not write until it is promoted.
 */
export async function startStandby({ primary, from, dir, name }: StandbyOptions): Promise<EmbeddedServer> {
  const data = path.join(dir, 'data')
  await mkdir(dir, { recursive: true })
  // A backup begins and ends on one connection.
  await using database = openDatabase({ url: primary.url, max: 1 })
  const client = await database.pool.connect()
  try {
    await client.query('SELECT pg_backup_start($1, true)', [name])
    // With their owner. What comes and goes while it is copied may be missing, which the log of changes makes good.
    await promisify(execFile)('cp', ['-a', path.join(from, 'data'), path.join(from, 'password'), dir]).catch(
      () => {},
    )
    const { rows } = await client.query<{ label: string }>(
      'SELECT labelfile AS label FROM pg_backup_stop(false)',
    )
    await Promise.all(
      ['postmaster.pid', 'postmaster.opts'].map((file) => rm(path.join(data, file), { force: true })),
    )
    await dropChanges(path.join(data, 'pg_wal'))
    const { port, username, password } = new URL(primary.url)
    const source = `host=127.0.0.1 port=${port} user=${username} password=${password} application_name=${name}`
    const known = await readFile(path.join(data, 'postgresql.auto.conf'), 'utf8')
    await writeAsServer(data, {
      backup_label: rows[0]?.label ?? '',
      'standby.signal': '',
      'postgresql.auto.conf': `${known}primary_conninfo = '${source}'\n`,
    })
  } finally {
    client.release()
  }
  return startEmbeddedServer({ dir, ephemeral: true })
}

/** The copy's own, which may be torn: they are fetched from the primary. */
async function dropChanges(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isFile()) await rm(path.join(folder, entry.name))
}

async function writeAsServer(data: string, files: Readonly<Record<string, string>>): Promise<void> {
  const { uid, gid } = await stat(data)
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(data, name)
    await writeFile(file, text, { mode: 0o600 })
    if (process.getuid?.() === 0) await chown(file, uid, gid)
  }
}
