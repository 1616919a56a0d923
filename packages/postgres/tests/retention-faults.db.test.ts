import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UnavailableError } from '@varco/core'
import {
  migrate,
  openDatabase,
  startEmbeddedServer,
  type Database,
  type EmbeddedServer,
} from '@varco/postgres'
import { freshServer } from '@varco/postgres/testing'
import { runPlan, type Certificate } from '@varco/retention'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { smallDisk } from './small-disk.ts'
import { startScheduler, type Kept, type Scheduler } from './retention-faults/scheduler.ts'
import {
  addInvoices,
  approvedPlan,
  createRecords,
  invoiceIds,
  keptApart,
  person,
  worldOn,
} from './retention/retention-world.ts'

/*
 * Runs while things are killed. At the end: exactly what was due is gone, nothing points at what is not there, and the
 * certificate says how much it was. More rounds with VARCO_ROUNDS.
 */

/** Twenty in all; a killed scheduler costs a new process, and a killed server is started again on what it left. */
const MORE = process.env['VARCO_ROUNDS']
const ROUNDS =
  MORE === undefined ? { scheduler: 8, postgres: 12 } : { scheduler: Number(MORE), postgres: Number(MORE) }
const LONG = 120_000 + (ROUNDS.scheduler + ROUNDS.postgres) * 20_000
const DUE = 3_000
const DAY = 86_400_000_000n
const by = person('SCH-9')

let server: EmbeddedServer
let dir: string
let database: Database
const running = new Set<Scheduler>()

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'varco-retention-faults-'))
  await chmod(dir, 0o755)
  server = await freshServer(inject('serverFiles'), { dir: path.join(dir, 'pg') })
  database = openDatabase({ url: server.url })
  await migrate(database)
  await createRecords(database)
})
afterEach(async () => {
  await Promise.all([...running].map((each) => each.kill()))
  running.clear()
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

/** Every fifth invoice points at the one before it, due as well. */
async function plannedInvoices(): Promise<string> {
  await database.pool.query('TRUNCATE gse.invoice')
  await addInvoices(database, DUE)
  await database.pool.query('UPDATE gse.invoice SET previous = id - 1 WHERE id % 5 = 0 AND id <= $1', [DUE])
  return (await approvedPlan(worldOn(database).desk)).id
}

function scheduler(kept: Kept): Scheduler {
  const started = startScheduler(server.url, kept)
  running.add(started)
  return started
}

/** Some of the plan is done, and some is not. */
async function underWay(plan: string): Promise<void> {
  for (let i = 0; i < 6_000; i++) {
    const { rows } = await database.pool
      .query<{ done: string }>('SELECT sum(done) AS done FROM varco.retention_pages WHERE plan = $1', [plan])
      .catch(() => ({ rows: [] }))
    if (Number(rows[0]?.done ?? 0) > 0) return
    await sleep(10)
  }
  throw new Error('the run does not begin')
}

async function finished(plan: string): Promise<Certificate> {
  const outcome = await runPlan(worldOn(database).desk, { plan, by })
  if (!outcome.ok || outcome.ended !== 'done') throw new Error(JSON.stringify(outcome))
  return outcome.certificate.certificate
}

async function expectWhole(plan: string, round: number): Promise<void> {
  const { rules } = await finished(plan)
  expect(rules[0], `round ${round}`).toMatchObject({
    planned: DUE,
    done: DUE,
    kept: { gone: 0 },
    found_again: 0,
  })
  expect(await invoiceIds(database)).toEqual(Array.from({ length: DUE }, (_, i) => i + DUE + 1))
  const { rows } = await database.pool.query<{ count: string }>(
    'SELECT count(DISTINCT hash) FROM varco.tombstones, unnest(hashes) AS hash WHERE plan = $1',
    [plan],
  )
  expect(rows[0]?.count).toBe(String(DUE))
}

test(
  'the scheduler is killed, again and again: the rerun finishes, and the certificate equals what is gone',
  { timeout: LONG },
  async () => {
    // The next one gets ready while what this one left is finished.
    let next = scheduler('together')
    let cut = 0
    for (let round = 0; round < ROUNDS.scheduler; round++) {
      const working = next
      const plan = await plannedInvoices()
      await working.ready
      const carriedOut = working.carryOut(plan).then(() => 'done')
      await underWay(plan)
      await sleep(Math.random() * 40)
      const killed = working.kill().then(() => 'killed')
      if ((await Promise.race([carriedOut, killed])) === 'killed') cut += 1
      await killed
      if (round < ROUNDS.scheduler - 1) next = scheduler(round % 2 === 0 ? 'apart' : 'together')
      await expectWhole(plan, round)
    }
    // Else the runs are too short to be cut.
    expect(cut).toBeGreaterThan(ROUNDS.scheduler / 2)
  },
)

test(
  'PostgreSQL is killed, all of it, again and again, under two schedulers',
  { timeout: LONG },
  async () => {
    const schedulers = [scheduler('together'), scheduler('apart')]
    await Promise.all(schedulers.map(({ ready }) => ready))
    for (let round = 0; round < ROUNDS.postgres; round++) {
      const plan = await plannedInvoices()
      const done = Promise.all(schedulers.map((each) => each.carryOut(plan)))
      await underWay(plan)
      await sleep(Math.random() * 40)
      await restart()
      expect(await done, `round ${round}`).toHaveLength(schedulers.length)
      await expectWhole(plan, round)
    }
  },
)

test.each(['together', 'apart'] as const)(
  'a full disk stops the run with nothing half done; once there is room it finishes: %s',
  { timeout: LONG },
  async (kept) => {
    const plan = await plannedInvoices()
    const world = worldOn(database)
    const desk = kept === 'apart' ? keptApart(world.desk) : world.desk
    await using disk = await smallDisk(database, dir, 'varco.tombstones')
    await disk.fill()
    await expect(runPlan(desk, { plan, by })).rejects.toThrow(UnavailableError)
    const left = (await invoiceIds(database)).length
    // In one database the records come back with their notes; in two they went, and are noted as begun.
    expect(left === 2 * DUE).toBe(kept === 'together')
    await disk.clear()
    await expectWhole(plan, 0)
  },
)

test('a clock that jumps makes nothing due that was not planned, and behind its day a plan does not run', async () => {
  const plan = await plannedInvoices()
  const { desk, clock } = worldOn(database)
  clock.advance(-DAY)
  expect(await runPlan(desk, { plan, by })).toMatchObject({ ok: false, code: 'clock-behind' })
  clock.advance(20n * 365n * DAY)
  const outcome = await runPlan(desk, { plan, by })
  expect(outcome).toMatchObject({ ok: true, ended: 'done' })
  expect(await invoiceIds(database)).toHaveLength(DUE)
})

/** The power cut: the postmaster dies at once, and starts again on what it left. */
async function restart(): Promise<void> {
  const { port } = server
  await server.kill()
  for (let attempt = 0; ; attempt++) {
    await sleep(50)
    try {
      server = await startEmbeddedServer({ dir: path.join(dir, 'pg'), port })
      break
    } catch (error) {
      // The dead server's processes take a moment to notice.
      if (attempt > 200) throw error
    }
  }
  for (let attempt = 0; attempt < 200; attempt++) {
    if (
      await database.pool.query('SELECT 1').then(
        () => true,
        () => false,
      )
    )
      return
    await sleep(50)
  }
}
