// Several proxies on one database, each a process of its own as an administrator starts it.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { asId } from '@varco/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must, sampleDesk, type SampleDesk } from '../support/sample-desk.ts'
import { startSampleStack, type SampleStack } from '../support/sample-stack.ts'

const root = path.join(import.meta.dirname, '..', '..')
const MAIN = path.join(root, 'packages/cli/dist/main.js')
const PURPOSE = 'invoice-enquiry'

interface Node {
  readonly process: ChildProcess
  readonly url: string
  /** The processes it works by, where it is several. */
  readonly workers: readonly number[]
}

let sample: SampleStack
let desk: SampleDesk
let nodes: readonly Node[] = []
/** Whatever was started, ready or not. */
const started: ChildProcess[] = []

beforeAll(async () => {
  sample = await startSampleStack({ producers: 200 })
  desk = await sampleDesk(sample, PURPOSE)
  nodes = await Promise.all([
    startNode('proxy-2'),
    startNode('proxy-3'),
    startNode('proxy-4', ['--workers', '2']),
  ])
})

afterAll(async () => {
  for (const node of started) node.kill('SIGKILL')
  await sample[Symbol.asyncDispose]()
})

async function startNode(writer: string, args: readonly string[] = []): Promise<Node> {
  const { databases } = sample.stack.services
  const addresses = Object.entries(sample.stack.identityProvider.addresses)
  const node = spawn(process.execPath, [MAIN, 'serve', '--only', 'proxy', '--json', ...args], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      ...sample.home.env,
      DATABASE_URL: must(databases.server).url,
      VARCO_WRITER: writer,
      VARCO_ISSUER_ADDRESSES: addresses.map(([issuer, address]) => `${issuer}=${address}`).join(','),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(node)
  const ended = once(node, 'exit').then(([code]: unknown[]): never => {
    throw new Error(`${writer} ended with ${String(code)} before it served`)
  })
  const [line] = (await Promise.race([once(createInterface(node.stdout), 'line'), ended])) as [string]
  const { proxyUrl, workers = [] } = JSON.parse(line) as { proxyUrl: string; workers?: readonly number[] }
  return { process: node, url: proxyUrl, workers }
}

function read({ url }: Node): Promise<Response> {
  return fetch(`${url}/records/invoice?select=number,iban&producer_id=eq.${must(desk.ticket.dataSubject)}`, {
    headers: {
      Authorization: `Bearer ${desk.token}`,
      'Varco-Purpose': PURPOSE,
      'Varco-Ticket': desk.ticket.id,
    },
  })
}

/** The first answer that shows nothing; `askedAt` as `performance.now()` has it. */
async function untilRefused(node: Node): Promise<{ askedAt: number; status: number; problem: unknown }> {
  for (;;) {
    const askedAt = performance.now()
    const response = await read(node)
    if (response.status !== 200) return { askedAt, status: response.status, problem: await response.json() }
    await sleep(20)
  }
}

/** In which tree of the log a refusal is, asked for over a connection of its own; `null`: there was no answer. */
function writerOf({ url }: Node): Promise<string | null> {
  return new Promise((resolve) => {
    get(
      `${url}/records/invoice`,
      { agent: false, headers: { authorization: `Bearer ${desk.token}` } },
      (response) => {
        response.resume()
        resolve(String(response.headers['varco-event']).split('.', 1).join())
      },
    ).on('error', () => {
      resolve(null)
    })
  })
}

/** In which trees two workers write, once both have answered. */
async function writersOf(node: Node): Promise<readonly string[]> {
  const seen = new Set<string>()
  while (seen.size < 2) {
    const writer = await writerOf(node)
    if (writer !== null) seen.add(writer)
    await sleep(20)
  }
  return [...seen].sort()
}

test('workers share one port, each with a tree of its own, and one that is killed comes back', async () => {
  const node = must(nodes[2])
  expect(await writersOf(node)).toEqual(['proxy-4', 'proxy-4-2'])
  const [, second] = node.workers
  process.kill(must(second), 'SIGKILL')
  while (isAlive(must(second))) await sleep(20)
  // Until it is back the other one alone answers.
  expect(await writersOf(node)).toEqual(['proxy-4', 'proxy-4-2'])
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('a contract that is terminated is refused on every node within two seconds', async () => {
  for (const node of nodes) expect((await read(node)).status).toBe(200)
  const { clock, engagementWriter, policy } = sample.stack.services
  const contract = must(policy.current().contracts.get(asId(must(desk.operator.contract))))
  const terminated = { contract: contract.id, processor: contract.processor, state: 'terminated' as const }
  await engagementWriter.putContractState({ ...terminated, since: clock.now() })
  const committed = performance.now()
  const refused = await Promise.all(nodes.map((node) => untilRefused(node)))
  for (const { status, problem } of refused) {
    expect(status).toBe(403)
    expect(problem).toMatchObject({ code: 'contract-ended' })
  }
  const refusedAfter = refused.map(({ askedAt }) => askedAt - committed)
  expect(Math.max(...refusedAfter)).toBeLessThan(2_000)
})

test('each node writes a tree of its own, and everything it did is in the one log', async () => {
  const { events } = await sample.stack.services.reader.search({ kind: 'access', limit: 100 })
  for (const writer of ['proxy-2', 'proxy-3']) {
    const own = events.filter((event) => event.writer === writer)
    expect(own.map(({ decision }) => decision)).toEqual(expect.arrayContaining(['permit', 'deny']))
  }
})

test('a second process under the same name is turned away', async () => {
  const { databases } = sample.stack.services
  const again = spawn(process.execPath, [MAIN, 'serve', '--only', 'proxy'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      ...sample.home.env,
      DATABASE_URL: must(databases.server).url,
      VARCO_WRITER: 'proxy-2',
    },
    stdio: 'ignore',
  })
  expect(await once(again, 'exit')).toEqual([2, null])
})

test('a node that is told to stop answers what is under way, then ends with 0', async () => {
  const [node] = nodes
  const { process: child } = must(node)
  const underWay = Array.from({ length: 20 }, () =>
    read(must(node)).then(
      ({ status }) => status,
      () => 'refused',
    ),
  )
  await sleep(20)
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  for (const status of await Promise.all(underWay)) expect([403, 'refused']).toContain(status)
})

test('workers end with the process that started them, a signal to all of them counting once', async () => {
  const { process: primary, workers } = must(nodes[2])
  const ended = once(primary, 'exit')
  // As a terminal does at Ctrl-C; one of them is no more.
  for (const pid of [must(workers[0]), must(primary.pid)]) process.kill(pid, 'SIGINT')
  expect(await ended).toEqual([0, null])
  expect(workers.filter(isAlive)).toEqual([])
})

test('workers do not outlive a process that is killed', async () => {
  const { process: primary, workers } = await startNode('proxy-5', ['--workers', '2'])
  primary.kill('SIGKILL')
  while (workers.some(isAlive)) await sleep(20)
  expect(workers).toHaveLength(2)
})
