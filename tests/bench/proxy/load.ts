// The load, in a process of its own: its order comes on the command line, its result goes out as one JSON line.
import { Agent, get } from 'node:http'
import { createRequire } from 'node:module'

export interface LoadOrder {
  readonly url: string
  readonly paths: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  readonly seconds: number
}

export interface LoadResult {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>
  readonly errors: number
}

/** The part of autocannon, which has no types, that is used here. */
type Autocannon = (options: Readonly<Record<string, unknown>>) => Promise<{
  readonly requests: { readonly total: number }
  readonly latency: { readonly p50: number; readonly p99: number }
  readonly duration: number
  readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>
  readonly errors: number
}>

if (import.meta.main) {
  const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder
  const result = order.connections === 1 ? await oneAfterTheOther(order) : await manyAtOnce(order)
  process.stdout.write(`${JSON.stringify(result)}\n`)
}

async function manyAtOnce({ url, connections, seconds, headers, paths }: LoadOrder): Promise<LoadResult> {
  const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon
  const requests = paths.map((path) => ({ method: 'GET', path }))
  const run = await autocannon({ url, connections, duration: seconds, headers, requests, timeout: 30 })
  return {
    perSecond: run.requests.total / run.duration,
    p50Ms: run.latency.p50,
    p99Ms: run.latency.p99,
    statuses: Object.fromEntries(
      Object.entries(run.statusCodeStats).map(([status, { count }]) => [status, count]),
    ),
    errors: run.errors,
  }
}

/** A lone client's wait is below the millisecond that autocannon counts in. */
async function oneAfterTheOther({ url, seconds, headers, paths }: LoadOrder): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const waits: number[] = []
  const statuses: Record<string, number> = {}
  const end = performance.now() + seconds * 1_000
  for (let at = 0; performance.now() < end; at++) {
    const started = performance.now()
    const status = await ask(`${url}${paths[at % paths.length] ?? ''}`, headers, agent)
    waits.push(performance.now() - started)
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  agent.destroy()
  waits.sort((a, b) => a - b)
  const quantile = (part: number): number => waits[Math.floor(waits.length * part)] ?? Number.NaN
  return {
    perSecond: waits.length / seconds,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    statuses,
    errors: 0,
  }
}

function ask(url: string, headers: LoadOrder['headers'], agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { ...headers }, agent }, (response) => {
      response.resume()
      response.on('end', () => {
        resolve(response.statusCode ?? 0)
      })
    }).on('error', reject)
  })
}
