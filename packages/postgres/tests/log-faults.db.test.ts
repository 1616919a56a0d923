import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  fileAnchor,
  generateLogKeys,
  openAccessLog,
  verifyLog,
  writeLogKeys,
  type LogKeys,
} from '@varco/access-log'
import { eventDraft } from '@varco/access-log/testing'
import { asId, systemClock, UnavailableError, type WriterId } from '@varco/core'
import {
  migrate,
  openDatabase,
  openLogStore,
  startEmbeddedServer,
  type Database,
  type EmbeddedServer,
  type PostgresLogStore,
} from '@varco/postgres'
import { freshServer } from '@varco/postgres/testing'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { smallDisk } from './small-disk.ts'

/*
 * The log under load while things are killed. At the end: what was acknowledged is there, once; indices have no gaps; and
 * everything verifies. Thirty rounds of each kind, as far as they can be had in ten seconds, and ten at least; with VARCO_ROUNDS so many.
 */

const ROUNDS = Number(process.env['VARCO_ROUNDS'] ?? 30)
const LONG = 60_000 + ROUNDS * 10_000
const [LEAST_ROUNDS, BOUND_MS] = process.env['VARCO_ROUNDS'] === undefined ? [10, 10_000] : [ROUNDS, 0]

/** The numbers of the rounds. */
function* rounds(): Generator<number> {
  const end = performance.now() + BOUND_MS
  for (let round = 0; round < ROUNDS && (round < LEAST_ROUNDS || performance.now() < end); round++)
    yield round
}

let dir: string
let keys: LogKeys
let server: EmbeddedServer
let database: Database
let store: PostgresLogStore
const running = new Set<ChildProcess>()

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'varco-faults-'))
  await chmod(dir, 0o755)
  keys = generateLogKeys('gse.example/varco')
  await writeLogKeys(path.join(dir, 'keys'), keys)
  server = await freshServer(inject('serverFiles'), { dir: path.join(dir, 'pg') })
  database = openDatabase({ url: server.url })
  await migrate(database)
  store = openLogStore(database)
})

afterEach(async () => {
  await Promise.all([...running].map(killed))
})

afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

interface Writer {
  readonly process: ChildProcess
  /** Request ids that were acknowledged, as they come. */
  readonly acknowledged: string[]
  readonly opened: Promise<unknown>
}

const anchorFile = (): string => path.join(dir, 'anchor')

function startWriter(name: string, prefix: string): Writer {
  const file = path.join(import.meta.dirname, 'log-faults', 'writer-process.ts')
  const args = [server.url, path.join(dir, 'keys'), anchorFile(), name, prefix]
  const child = spawn(process.execPath, ['--conditions=varco:source', file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.add(child)
  const acknowledged: string[] = []
  const lines = createInterface({ input: child.stdout })
  const opened = once(lines, 'line')
  lines.on('line', (line) => {
    if (line.startsWith('ok ')) acknowledged.push(line.slice(3))
  })
  return { process: child, acknowledged, opened }
}

async function killed(child: ChildProcess): Promise<void> {
  running.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'close')
  child.kill('SIGKILL')
  await gone
}

/** Waits until the writer is acknowledging again. */
async function flowing(writer: Writer): Promise<void> {
  const before = writer.acknowledged.length
  for (let i = 0; i < 600; i++) {
    if (writer.acknowledged.length > before + 5) return
    await sleep(25)
  }
  throw new Error('the writer does not recover')
}

/** Backends of the log's committing connections, by their process ids. */
async function committers(): Promise<readonly number[]> {
  // Acknowledgements from before the last kill may still be arriving: the server itself must be back.
  await answering()
  const { rows } = await database.pool.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'varco log' AND pid <> pg_backend_pid()`,
  )
  return rows.map(({ pid }) => pid)
}

async function expectSound(acknowledged: readonly string[]): Promise<void> {
  const { rows } = await database.pool.query<{ id: string; count: string }>(
    `SELECT body ->> 'requestId' AS id, count(*) FROM varco.events WHERE body ->> 'kind' = 'access' GROUP BY 1`,
  )
  const logged = new Map(rows.map(({ id, count }) => [id, count]))
  expect(acknowledged.filter((id) => !logged.has(id))).toEqual([])
  expect([...logged].filter(([, count]) => count !== '1')).toEqual([])
  const verdict = await verifyLog({
    store,
    verifierKeys: [keys.verifier],
    anchors: [fileAnchor(anchorFile())],
  })
  expect(verdict.findings).toEqual([])
}

const somewhere = (): Promise<unknown> => sleep(Math.random() * 150)

describe('while the log is appended to by many', () => {
  test('the connection is cut, again and again', { timeout: LONG }, async () => {
    const writer = startWriter('proxy-1', 'cut')
    await writer.opened
    let together = 0
    for (const round of rounds()) {
      await somewhere()
      const connections = await committers()
      together = Math.max(together, connections.length)
      // All of them; or one of two, which holds the batch ahead or the one behind it.
      await database.pool.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS c (pid)', [
        round % 3 === 0 ? connections : connections.slice(round % 2).slice(0, 1),
      ])
      await flowing(writer)
    }
    await killed(writer.process)
    expect(together).toBeGreaterThan(1)
    expect(writer.acknowledged.length).toBeGreaterThan(LEAST_ROUNDS)
    await expectSound(writer.acknowledged)
  })

  test('the process is killed, again and again', { timeout: LONG }, async () => {
    const acknowledged: string[] = []
    for (const round of rounds()) {
      const writer = startWriter('proxy-1', `killed-${round}`)
      await writer.opened
      await somewhere()
      await killed(writer.process)
      acknowledged.push(...writer.acknowledged)
    }
    expect(acknowledged.length).toBeGreaterThan(LEAST_ROUNDS)
    await expectSound(acknowledged)
  })

  test('PostgreSQL is killed, one process or all of it, again and again', { timeout: LONG }, async () => {
    const writer = startWriter('proxy-1', 'crash')
    await writer.opened
    for (const round of rounds()) {
      await somewhere()
      if (round % 5 === 4) await restart()
      else for (const pid of (await committers()).slice(0, 1)) killIfThere(pid)
      await flowing(writer)
    }
    await killed(writer.process)
    await answering()
    expect(writer.acknowledged.length).toBeGreaterThan(LEAST_ROUNDS)
    await expectSound(writer.acknowledged)
  })

  test('a second process takes the writer over, and the first ends', { timeout: LONG }, async () => {
    const first = startWriter('proxy-2', 'first')
    await first.opened
    await flowing(first)
    const ended = once(first.process, 'exit')
    const second = startWriter('proxy-2', 'second')
    expect(await ended).toEqual([3, null])
    await flowing(second)
    await killed(second.process)
    await expectSound([...first.acknowledged, ...second.acknowledged])
  })
})

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** The power cut: the postmaster dies at once, and starts again on what it left. */
async function restart(): Promise<void> {
  const { port } = server
  await server.kill()
  for (let attempt = 0; ; attempt++) {
    await sleep(200)
    try {
      server = await startEmbeddedServer({ dir: path.join(dir, 'pg'), port })
      return
    } catch (error) {
      // The dead server's processes take a moment to notice.
      if (attempt > 50) throw error
    }
  }
}

async function answering(): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await database.pool.query('SELECT 1')
      return
    } catch (error) {
      if (attempt > 200) throw error
      await sleep(50)
    }
  }
}

test('a full disk is refused and recovered from', { timeout: LONG }, async () => {
  const anchors = [fileAnchor(anchorFile())]
  await using disk = await smallDisk(database, dir, 'varco.disclosures')
  await using log = await openAccessLog({
    store,
    keys,
    clock: systemClock,
    writer: asId<WriterId>('proxy-3'),
    anchors,
  })
  const kept = ['before']
  await log.append(eventDraft({ requestId: 'before' }))
  await disk.fill()
  // What room the last block has is still used.
  const refused = async (): Promise<string> => {
    for (let i = 0; i < 2_000; i++) {
      const requestId = `filling-${i}`
      try {
        await log.append(eventDraft({ requestId }))
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error
        return requestId
      }
      kept.push(requestId)
    }
    throw new Error('the disk is not full')
  }
  const first = await refused()
  await expect(log.append(eventDraft({ requestId: 'refused' }))).rejects.toMatchObject({
    code: 'unavailable',
  })
  await disk.clear()
  await expect(log.append(eventDraft({ requestId: 'after' }))).resolves.toMatchObject({
    seq: kept.length + 1,
  })
  await log[Symbol.asyncDispose]()
  const { rows } = await database.pool.query(
    `SELECT FROM varco.events WHERE body ->> 'requestId' = ANY ($1)`,
    [[first, 'refused']],
  )
  expect(rows).toEqual([])
  await expectSound([...kept, 'after'])
})
