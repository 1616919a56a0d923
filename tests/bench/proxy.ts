// What passing through Varco costs, beside the same reading without it and with a plain audit row. Servers and load run
// in processes of their own on one PostgreSQL that flushes to disk; the last line of `npm run bench` is the result.
// `--floor` measures besides what copying as many bare rows as the log's costs, `--quick` measures for less time, `--workers N` gives each of the servers so many processes, `--profile` writes a profile of Varco.
import { execFile, fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { generateLogKeys, identityHash, writeLogKeys } from '@varco/access-log'
import { systemClock } from '@varco/core'
import { fixtureEngagement, ticketFact } from '@varco/engagement/testing'
import { fixtureDocument, withoutBudgets } from '@varco/policy/testing'
import {
  migrate,
  openDatabase,
  openEngagementStore,
  startEmbeddedServer,
  type Database,
} from '@varco/postgres'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { LoadOrder, LoadResult } from './proxy/load.ts'
import { BENCH_SECRET, type FromServer, type ServerOrder } from './proxy/messages.ts'

const AUDIENCE = 'https://varco.example/proxy'
const ISSUER = 'https://login.aurora.example'
const INVOICES = 100_000
const OF_ONE_PRODUCER = 1_000
const WARM_UP_SECONDS = 3
const VARCO_COLUMNS = 'id,number,amount,status,iban'

export default async function proxy(args: readonly string[]): Promise<unknown> {
  const seconds = args.includes('--quick') ? 4 : 10
  const workers = args.includes('--workers') ? Number(args[args.indexOf('--workers') + 1]) : 1
  const overloadSeconds = args.includes('--quick') ? 5 : 30
  const scratch = await mkdtemp(path.join(tmpdir(), 'varco-bench-'))
  const dir = path.join(scratch, 'pg')
  const policyFile = path.join(scratch, 'policy.json')
  const keys = path.join(scratch, 'keys')
  await writeLogKeys(keys, generateLogKeys('gse.example/bench'))
  await writeFile(policyFile, JSON.stringify(withoutBudgets(fixtureDocument())))
  await using server = await startEmbeddedServer({ dir, ephemeral: true })
  await using database = openDatabase({ url: server.url })
  await fill(database)
  const issuer = await startIssuer()
  const headers = {
    authorization: `Bearer ${issuer.token}`,
    'varco-purpose': 'invoice-enquiry',
    'varco-ticket': 'T-bench',
  }
  const ids = Array.from({ length: 200 }, (_, number) => number * 3 + 1)
  const plainPaths = { one: ids.map((id) => `/one?value=${id}`), list: ['/list?value=P1'] }
  const varcoPaths = {
    one: ids.map((id) => `/records/invoice?id=eq.${id}&select=${VARCO_COLUMNS}`),
    list: [`/records/invoice?producer_id=eq.P1&select=${VARCO_COLUMNS}&limit=100`],
  }

  const measured: Record<string, Measured> = {}
  const beside = args.includes('--floor') ? (['raw', 'naive', 'bare'] as const) : (['raw', 'naive'] as const)
  for (const kind of args.includes('--profile') ? (['varco'] as const) : ([...beside, 'varco'] as const)) {
    const order: ServerOrder = {
      kind,
      databaseUrl: server.url,
      policyFile,
      audience: AUDIENCE,
      issuer: ISSUER,
      issuerAddress: issuer.url,
      ...{ keys, workers },
    }
    await using running = await startServer(order, args.includes('--profile') && kind === 'varco')
    const paths = kind === 'varco' ? varcoPaths : plainPaths
    const load = (part: 'one' | 'list', connections: number, time = seconds): Promise<LoadResult> =>
      runLoad({ url: running.url, paths: paths[part], headers, connections, seconds: time })
    await load('one', 32, WARM_UP_SECONDS)
    await load('list', 8, 1)
    measured[kind] = { c1: await load('one', 1), c32: await load('one', 32), list: await load('list', 32) }
    if (kind === 'varco' && !args.includes('--profile'))
      measured['overload'] = { c32: await load('one', 500, overloadSeconds), rss: await running.rss() }
    print(kind, measured[kind])
  }
  issuer.server.close()
  const { raw, naive, bare, varco, overload } = measured
  const floor =
    bare === undefined
      ? {}
      : {
          floor_vs_raw_c32: ratio(bare.c32, raw?.c32),
          floor_list100_vs_raw: ratio(bare.list, raw?.list),
        }
  return { ...result(workers, raw, naive, varco, overload), ...floor }
}

interface Measured {
  readonly c32: LoadResult
  readonly c1?: LoadResult
  readonly list?: LoadResult
  readonly rss?: number
}

function result(
  workers: number,
  raw?: Measured,
  naive?: Measured,
  varco?: Measured,
  overload?: Measured,
): Readonly<Record<string, unknown>> {
  const rate = (of?: LoadResult): number => Math.round(of?.perSecond ?? 0)
  const failed = Object.entries(overload?.c32.statuses ?? {}).filter(
    ([status]) => status.startsWith('5') && status !== '503',
  )
  return {
    bench: 'proxy',
    ...(workers === 1 ? {} : { workers }),
    raw_c32: rate(raw?.c32),
    naive_c32: rate(naive?.c32),
    varco_c32: rate(varco?.c32),
    vs_raw_c32: ratio(varco?.c32, raw?.c32),
    vs_naive_c32: ratio(varco?.c32, naive?.c32),
    added_p50_ms_c1: round((varco?.c1?.p50Ms ?? 0) - (raw?.c1?.p50Ms ?? 0)),
    list100_vs_raw: ratio(varco?.list, raw?.list),
    overload_rss_mb: Math.round((overload?.rss ?? 0) / 1_048_576),
    overload_5xx_not_503: failed.reduce((sum, [, count]) => sum + count, 0),
  }
}

function ratio(a?: LoadResult, b?: LoadResult): number {
  return round((a?.perSecond ?? 0) / (b?.perSecond ?? 1))
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}

function print(kind: string, { c1, c32, list }: Measured): void {
  const row = [c1, c32, list].map(
    (each) =>
      `${Math.round(each?.perSecond ?? 0)}/s p50 ${each?.p50Ms.toFixed(2)} p99 ${each?.p99Ms.toFixed(2)} ms`,
  )
  console.log(
    `${kind.padEnd(6)} 1: ${row[0]}   32: ${row[1]}   list of 100, 32: ${row[2]}   ${JSON.stringify(c32.statuses)}`,
  )
}

async function fill(database: Database): Promise<void> {
  await migrate(database)
  await database.pool.query(`
    CREATE TABLE audit (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, who text, what text, at timestamptz);
    CREATE SCHEMA gse;
    CREATE TABLE gse.invoice (
      id bigint PRIMARY KEY, producer_id text NOT NULL, number text NOT NULL, period text NOT NULL, amount numeric(12, 2) NOT NULL,
      status text NOT NULL, issued_on date, iban text, tax_code text NOT NULL
    );
    INSERT INTO gse.invoice
      SELECT n, 'P' || (1 + n / ${OF_ONE_PRODUCER}), '2026/' || n, '2026-01', n * 1.5, 'issued', '2026-02-01',
        'IT60X0542811101' || lpad(n::text, 12, '0'), 'RSSMRA80A01H501U'
      FROM generate_series(0, ${INVOICES - 1}) AS n;
    CREATE INDEX ON gse.invoice (producer_id);
    ANALYZE gse.invoice`)
  const store = openEngagementStore(database, identityHash(BENCH_SECRET))
  await store.putMany(fixtureEngagement())
  await store.putTicket(ticketFact({ id: 'T-bench' as never, openedAt: systemClock.now() - 60_000_000n }))
}

interface BenchIssuer {
  readonly server: Server
  readonly url: string
  readonly token: string
}

async function startIssuer(): Promise<BenchIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' }]
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify(request.url === '/jwks' ? { keys } : { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: 'bench', typ: 'at+jwt' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject('anna')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey)
  return {
    server,
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    token,
  }
}

interface RunningServer extends AsyncDisposable {
  readonly url: string
  /** Most memory it held, in bytes. */
  rss(): Promise<number>
}

/** @param profiled writes a CPU profile into the working directory when it ends */
async function startServer(order: ServerOrder, profiled: boolean): Promise<RunningServer> {
  // What is built is what runs in earnest: the servers do not follow the condition that leads to the sources.
  const child = fork(path.join(import.meta.dirname, 'proxy', 'server.ts'), [JSON.stringify(order)], {
    execArgv: profiled ? ['--cpu-prof'] : [],
  })
  const first = await answer(child)
  if (first.type !== 'listening') throw new Error('the server did not start')
  return {
    url: first.url,
    rss: async () => {
      child.send('rss')
      const told = await answer(child)
      return told.type === 'rss' ? told.bytes : 0
    },
    [Symbol.asyncDispose]: async () => {
      child.send('end')
      await once(child, 'exit')
    },
  }
}

function answer(child: ChildProcess): Promise<FromServer> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: FromServer) => {
      resolve(message)
    })
    child.once('exit', () => {
      reject(new Error('a server of the benchmark ended early'))
    })
  })
}

async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const file = path.join(import.meta.dirname, 'proxy', 'load.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(order)], {
    maxBuffer: 10_000_000,
  })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as LoadResult
}
