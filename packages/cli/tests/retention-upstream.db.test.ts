import { once } from 'node:events'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { runVarco } from '@varco/cli'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openCommandLine, POLICIES, type CommandLine } from './command-line.ts'

const PASS = `resource: visitor_pass
title: { it: Tesserino, en: Pass }
source: { upstream: badges, delete: { method: POST, path: "/passes/{key}/destroy" } }
key: pass_id
fields:
  pass_id: { type: text, category: administrative, title: { it: Numero, en: Number } }
  visitor_id: { type: text, category: administrative, title: { it: Visitatore, en: Visitor } }
relations:
  visitor: { resource: visitor, field: visitor_id, to: visitor_id }
`
const BADGES = `upstream: badges
title: { it: Tesserini, en: Badges }
base: https://badges.gse.example
routes:
  - method: GET
    path: /visitors/{visitor_id}/passes
    answer: [{ at: /items, resource: visitor_pass, keys: { no: pass_id, visitor: visitor_id } }]
`

let terminal: CommandLine
let settings: Readonly<Record<string, string>>
let server: Server
let address: AddressInfo
const passes = new Map([
  ['T1', 'V1'],
  ['T2', 'V1'],
  ['T9', 'V9'],
])
const strangers: string[] = []

beforeAll(async () => {
  terminal = await openCommandLine()
  const policies = path.join(terminal.dir, 'policies')
  await cp(POLICIES, policies, { recursive: true })
  await mkdir(path.join(policies, 'upstreams'), { recursive: true })
  await writeFile(path.join(policies, 'catalogue', 'visitor-pass.yaml'), PASS)
  await writeFile(path.join(policies, 'upstreams', 'badges.yaml'), BADGES)
  server = createServer((request, response) => {
    if (request.headers.authorization !== 'Bearer of-varco') strangers.push(request.url ?? '')
    const [, visitor] = /^\/api\/visitors\/([^/]+)\/passes$/.exec(request.url ?? '') ?? []
    const [, pass] = /^\/api\/passes\/([^/]+)\/destroy$/.exec(request.url ?? '') ?? []
    const items = [...passes].flatMap(([no, of]) => (of === visitor ? [{ no, visitor: of }] : []))
    const isGone = request.method === 'POST' && passes.delete(pass ?? '')
    response
      .writeHead(visitor !== undefined || isGone ? 200 : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify({ items }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  address = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  const file = path.join(terminal.dir, 'upstreams.json')
  const access = {
    badges: { base: `http://127.0.0.1:${address.port}/api`, authorization: 'Bearer of-varco' },
  }
  await writeFile(file, JSON.stringify(access))
  settings = { VARCO_POLICIES: policies, VARCO_UPSTREAMS: file }
  const migrated = await terminal.varcoWith(settings, 'migrate', '--author', 'ADM-1', '--approver', 'DPO-1')
  if (migrated.exitCode !== 0) throw new Error(migrated.stderr)
  await terminal.database.pool.query(`
    CREATE SCHEMA gse;
    CREATE TABLE gse.visitor (visitor_id text PRIMARY KEY, arrived_at timestamptz);
    INSERT INTO gse.visitor VALUES ('V1', '2020-01-01'), ('V2', '2020-01-02'), ('V9', '2999-01-01')`)
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await terminal[Symbol.asyncDispose]()
})

const varco = (...argv: readonly string[]) => terminal.varcoWith(settings, ...argv)

async function visitors(): Promise<readonly string[]> {
  const { rows } = await terminal.database.pool.query<{ visitor_id: string }>(
    'SELECT visitor_id FROM gse.visitor ORDER BY 1',
  )
  return rows.map((row) => row.visitor_id)
}

test('a plan that waits for an upstream says so, and the scheduler goes on with it once it answers', async () => {
  expect(await varco('policy', 'check', settings['VARCO_POLICIES'] ?? '')).toMatchObject({ exitCode: 0 })
  const made = await varco('--json', 'retention', 'plan', '--rule', 'visitor-erase', '--by', 'ADM-1')
  const { id } = JSON.parse(made.stdout) as { id: string }
  await varco('retention', 'approve', id, '--as', 'owner', '--by', 'OWN-1')
  const approved = await varco('retention', 'approve', id, '--as', 'dpo', '--by', 'DPO-1')
  expect(approved.stdout).toContain('from the upstream badges: every visitor_pass found by its visitor_id')
  const ran = await varco('retention', 'run', id, '--execute', '--by', 'ADM-1')
  expect(ran).toMatchObject({ exitCode: 1 })
  expect(ran.stderr).toContain('waits for an upstream')
  expect(await visitors()).toEqual(['V1', 'V2', 'V9'])
  const shown = await varco('retention', 'run', id, '--by', 'ADM-1')
  expect(shown.stdout).toContain('2 records, for an upstream to let go of every visitor_pass of theirs')

  await once(server.listen(address.port, '127.0.0.1'), 'listening')
  await terminal.database.pool.query(
    'UPDATE varco.upstream_outbox SET not_before_us = 0, since_us = since_us - 7200000000',
  )
  const stop = new AbortController()
  const out = new PassThrough()
  const ended = runVarco(['--json', 'serve', '--only', 'scheduler'], {
    ...{ out, err: new PassThrough(), stop: stop.signal },
    env: {
      ...{ VARCO_HOME: path.join(terminal.dir, 'home'), VARCO_LOG_LEVEL: 'silent', ...settings },
      ...{ DATABASE_URL: terminal.database.url, VARCO_WRITER: 'scheduler-1', VARCO_PROXY_PORT: '0' },
    },
  })
  const [first] = (await once(out, 'data')) as [Buffer]
  const { operationsUrl } = JSON.parse(String(first)) as { operationsUrl: string }
  await vi.waitFor(async () => expect(await visitors()).toEqual(['V9']), { timeout: 30_000, interval: 100 })
  const metrics = await (await fetch(`${operationsUrl}/metrics`)).text()
  expect(metrics).toContain('varco_retention_upstream_waiting{resource="visitor_pass"} 2')
  expect(metrics).toContain('varco_retention_overdue{why="upstream"} 1')
  await vi.waitFor(
    async () => expect(await varco('retention', 'certificate', id)).toMatchObject({ exitCode: 0 }),
    { timeout: 30_000, interval: 200 },
  )
  stop.abort()
  expect(await ended).toBe(0)
  expect([...passes.keys()]).toEqual(['T9'])
  expect(strangers).toEqual([])
  const again = await varco('retention', 'run', id, '--execute', '--by', 'ADM-1')
  expect(again.stdout).toContain('before them, from the upstream badges: 2 of visitor_pass')
  expect(await varco('retention', 'certificate', id, '--pdf')).toMatchObject({ exitCode: 0 })
  const { rows } = await terminal.database.pool.query<{ body: string }>(
    'SELECT body::text AS body FROM varco.events',
  )
  expect(rows.map(({ body }) => body).join()).not.toMatch(/"V[129]"|"T[129]"/)
})
