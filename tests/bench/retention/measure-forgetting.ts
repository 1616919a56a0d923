/*
 * Measures; run compiled, as users have it. Arguments: how many due invoices, how many records to plan.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { actDraft, generateLogKeys, openAccessLog, type AccessLog } from '@varco/access-log'
import { asId, systemClock, type WriterId } from '@varco/core'
import {
  migrate,
  openDatabase,
  openLogStore,
  openRecipientNotices,
  openRestrictionStore,
  openRetentionStore,
  openUpstreamOutbox,
  postgresRetentionRecords,
  startEmbeddedServer,
  type Database,
} from '@varco/postgres'
import {
  approvePlan,
  certificateSigner,
  DEFAULT_DUTY,
  keyHash,
  planRetention,
  runPlan,
  type RetentionDesk,
} from '@varco/retention'
import { memoryArchive, noUpstreams } from '@varco/retention/testing'
import { bundleOfInvoices, createTables, fillTables, LINES } from './invoices-with-lines.ts'

/** As many keys as a slice of a run has at most. */
const BATCH = 2_000
const READ_MS = 8_000
/** The throttled run is only read beside, and lasts several times as long as its share. */
const BESIDE = 10

const [invoices = 0, planned = 0] = process.argv.slice(2).map(Number)
const dir = await mkdtemp(path.join(tmpdir(), 'varco-bench-retention-'))
try {
  await chmod(dir, 0o755)
  console.log(JSON.stringify(await measure(dir)))
} finally {
  await rm(dir, { recursive: true, force: true })
}

async function measure(dir: string): Promise<unknown> {
  await using server = await startEmbeddedServer({ dir: path.join(dir, 'pg') })
  await using database = openDatabase({ url: server.url })
  await migrate(database)
  await createTables(database)
  await using logStore = openLogStore(database)
  const keys = generateLogKeys('bench.example/varco')
  await using log = await openAccessLog({
    ...{ store: logStore, keys, clock: systemClock },
    writer: asId<WriterId>('bench'),
  })
  const bundle = bundleOfInvoices()
  const desk = deskOn(database, log, bundle, keys)
  const rows = invoices * (1 + LINES)

  await fillTables(database, invoices)
  const bareMs = await timed(() => deleteBare(database))
  console.log(`bare: ${((rows / bareMs) * 1_000).toFixed(0)} rows/s`)

  await fillTables(database, invoices)
  using memory = watchMemory()
  const plan = await approvedPlan(desk)
  const runMs = await timed(async () => runToEnd(desk, plan, rows, 1))
  console.log(`retention: ${((rows / runMs) * 1_000).toFixed(0)} rows/s`)

  const beside = Math.ceil(invoices / BESIDE)
  await fillTables(database, beside)
  const before = Number(await reader(server.url, String(READ_MS)).p99)
  const besidePlan = await approvedPlan(desk)
  const during = reader(server.url)
  await runToEnd(desk, besidePlan, beside * (1 + LINES), DEFAULT_DUTY)
  during.end()
  const meanwhile = Number(await during.p99)
  console.log(`reads’ p99: ${before.toFixed(2)} ms before, ${meanwhile.toFixed(2)} ms beside a run`)

  await fillTables(database, planned, 0)
  const planMs = await timed(() => planRetention(desk, { by: asId('ADM-1') }))
  return {
    bench: 'retention',
    vs_bare_delete: round(bareMs / runMs),
    plan_5m_s: round(planMs / 1_000),
    rss_mb: Math.round(memory.most() / 1_048_576),
    read_p99_x: round(meanwhile / before),
    bare_rows_per_s: Math.round((rows / bareMs) * 1_000),
    rows_per_s: Math.round((rows / runMs) * 1_000),
    invoices,
    planned,
  }
}

function deskOn(
  database: Database,
  log: Pick<AccessLog, 'append'>,
  bundle: ReturnType<RetentionDesk['bundle']>,
  keys: ReturnType<typeof generateLogKeys>,
): RetentionDesk {
  return {
    bundle: () => bundle,
    records: postgresRetentionRecords(database),
    store: openRetentionStore(database),
    archive: memoryArchive(),
    upstreams: noUpstreams,
    outbox: openUpstreamOutbox(database),
    restrictions: openRestrictionStore(database),
    shownUnder: async () => new Set(),
    contractEnds: async () => new Map(),
    toldInLog: async () => new Map(),
    recipients: async () => [],
    notices: openRecipientNotices(database),
    log: { append: ({ kind, ...particulars }) => log.append(actDraft(kind, particulars)) },
    clock: systemClock,
    newId: randomUUID,
    hashKey: keyHash(keys.lookup.export()),
    sign: certificateSigner(keys.signing, keys.origin),
    pause: (ms) => sleep(ms),
  }
}

/** Children, then parents, by key: no check but the database's own. */
async function deleteBare({ pool }: Database): Promise<void> {
  for (const table of ['gse.invoice_line', 'gse.invoice']) {
    for (let after = '0'; ;) {
      const { rows } = await pool.query<{ id: string }>(
        `SELECT id FROM ${table} WHERE id > $1 AND issued_on < '2016-01-01' ORDER BY id LIMIT ${BATCH}`,
        [after],
      )
      const last = rows.at(-1)
      if (last === undefined) break
      await pool.query(`DELETE FROM ${table} WHERE id = ANY($1)`, [rows.map(({ id }) => id)])
      after = last.id
    }
  }
}

async function approvedPlan(desk: RetentionDesk): Promise<string> {
  const { id } = await planRetention(desk, { by: asId('ADM-1') })
  await approvePlan(desk, { plan: id, by: asId('OWN-1'), as: 'owner' })
  await approvePlan(desk, { plan: id, by: asId('DPO-1'), as: 'dpo' })
  return id
}

/** A figure of a run that left something would be none. */
async function runToEnd(desk: RetentionDesk, plan: string, rows: number, duty: number): Promise<void> {
  const outcome = await runPlan(desk, { plan, by: asId('SCH-1'), duty })
  if (!outcome.ok || outcome.ended !== 'done')
    throw new Error(`the run did not end: ${JSON.stringify(outcome)}`)
  const done = outcome.certificate.certificate.rules.reduce((sum, rule) => sum + rule.done, 0)
  if (done !== rows) throw new Error(`of ${rows} rows ${done} went`)
}

function reader(url: string, ...ms: readonly string[]) {
  const script = path.join(import.meta.dirname, 'application-reader.ts')
  const child = spawn(process.execPath, [script, url, ...ms], { stdio: ['pipe', 'pipe', 'inherit'] })
  return { p99: text(child.stdout), end: () => child.stdin.end() }
}

function watchMemory() {
  let most = 0
  const look = (): void => {
    most = Math.max(most, process.memoryUsage.rss())
  }
  const timer = setInterval(look, 100)
  return {
    most: () => {
      look()
      return most
    },
    [Symbol.dispose]: () => {
      clearInterval(timer)
    },
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
