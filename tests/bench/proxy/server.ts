// One server of the benchmark in a process of its own, or in several on one port: `raw`, `naive` or `varco`. Told by its
// parent what to serve.
import cluster from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { identityHash, loadLogKeys, openAccessLog } from '@varco/access-log'
import { asId, silentDiagnostics, systemClock, type RequestId, type WriterId } from '@varco/core'
import { liveEngagement } from '@varco/engagement'
import { bundleDocumentSchema, compileBundle } from '@varco/policy'
import {
  openDatabase,
  openEngagementStore,
  openLogStore,
  postgresRecordSource,
  type Database,
} from '@varco/postgres'
import { createProxy, serveProxy } from '@varco/proxy'
import { Hono, type Context } from 'hono'
import { keepServingHeapLean } from '../../../packages/cli/src/lean-heap.ts'
import { bareLog } from './bare-log.ts'
import { BENCH_SECRET, type FromServer, type ServerOrder } from './messages.ts'

const CONNECTIONS = 16
const LOOPBACK = { host: '127.0.0.1', port: 0, diagnostics: silentDiagnostics }
const COLUMNS = 'id, number, amount, status, iban'

const order = JSON.parse(process.argv[2] ?? '{}') as ServerOrder
if (order.workers > 1 && cluster.isPrimary) handOn(order.workers)
else await serve()

async function serve(): Promise<void> {
  const database = openDatabase({ url: order.databaseUrl, max: CONNECTIONS })
  const url = order.kind === 'varco' ? await startVarco(database) : await startPlain(database, order.kind)
  let peakRss = 0
  setInterval(() => {
    peakRss = Math.max(peakRss, process.memoryUsage.rss())
  }, 100).unref()
  process.on('message', (message) => {
    // By itself, so that a profile is written.
    if (message === 'end') process.exit()
    tell({ type: 'rss', bytes: peakRss })
  })
  tell({ type: 'listening', url })
}

/** Speaks for its workers: listens once all do, and holds as much memory as all of them. */
function handOn(count: number): void {
  const workers = Array.from({ length: count }, () => cluster.fork())
  let told: FromServer[] = []
  cluster.on('message', (_worker, message: FromServer) => {
    told.push(message)
    if (told.length < count) return
    const [first] = told
    const bytes = told.reduce((sum, each) => sum + (each.type === 'rss' ? each.bytes : 0), 0)
    if (first !== undefined) tell(first.type === 'rss' ? { type: 'rss', bytes } : first)
    told = []
  })
  // Rather than that the benchmark waits for it.
  cluster.on('exit', () => process.exit(1))
  process.on('message', (message: string) => {
    for (const worker of workers) worker.send(message)
    if (message === 'end') process.exit()
  })
}

function tell(message: FromServer): void {
  process.send?.(message)
}

/** What one would write without Varco: nothing else, or one committed row for each request, or rows as many as the log's. */
async function startPlain(database: Database, kind: ServerOrder['kind']): Promise<string> {
  const { pool } = database
  const app = new Hono()
  const append = kind === 'bare' ? await bareLog(database) : null
  const answer = async (c: Context, name: string, where: string): Promise<Response> => {
    const text = `SELECT ${COLUMNS} FROM gse.invoice WHERE ${where}`
    const { rows } = await pool.query({ name, text, values: [c.req.query('value')] })
    await append?.(rows.length + 1)
    if (kind === 'naive') {
      const values = [c.req.header('authorization')?.slice(-16), c.req.query('value'), new Date()]
      await pool.query({
        name: 'audit',
        text: 'INSERT INTO audit (who, what, at) VALUES ($1, $2, $3)',
        values,
      })
    }
    return c.json(rows)
  }
  app.get('/one', (c) => answer(c, 'one', 'id = $1'))
  app.get('/list', (c) => answer(c, 'list', 'producer_id = $1 LIMIT 100'))
  const { url } = await serveProxy(app, LOOPBACK)
  return url
}

async function startVarco(state: Database): Promise<string> {
  // As `varco serve` does.
  keepServingHeapLean()
  const store = openEngagementStore(state, identityHash(BENCH_SECRET))
  const bundle = compileBundle(bundleDocumentSchema.parse(JSON.parse(readFileSync(order.policyFile, 'utf8'))))
  const app = createProxy({
    bundle: () => bundle,
    engagement: await liveEngagement({ store, feed: store, clock: systemClock }),
    records: postgresRecordSource(state),
    accessLog: await openAccessLog({
      store: openLogStore(state),
      keys: await loadLogKeys(order.keys),
      clock: systemClock,
      writer: asId<WriterId>(`bench-${cluster.worker?.id ?? 0}`),
    }),
    maskKeys: { hmac: new Uint8Array(32) },
    clock: systemClock,
    newRequestId: () => asId<RequestId>(randomUUID()),
    diagnostics: silentDiagnostics,
    audience: order.audience,
    issuerAddresses: { [order.issuer]: order.issuerAddress },
  })
  const { url } = await serveProxy(app, LOOPBACK)
  return url
}
