// A JSON API that others wrote, json-server from npm, unmodified, behind `/upstream`, over real HTTP on both sides.
import { createRequire } from 'node:module'
import type { RequestListener } from 'node:http'
import { silentDiagnostics } from '@varco/core'
import { serveProxy, type RunningProxy } from '@varco/proxy'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GSE, tokenOf } from '../../packages/proxy/tests/gatehouse.ts'
import {
  invoice,
  upstreamGate,
  type UpstreamGate,
} from '../../packages/proxy/tests/upstream/upstream-gate.ts'

/** What is used of json-server, which brings no types. */
interface JsonServer {
  create(): RequestListener & { use(...handlers: unknown[]): void }
  defaults(options: { readonly logger: boolean }): unknown
  router(data: Readonly<Record<string, readonly unknown[]>>): unknown
}

const COUNT = 1_000

let gate: UpstreamGate
let proxy: RunningProxy
let operator: Readonly<Record<string, string>>

beforeAll(async () => {
  const jsonServer = createRequire(import.meta.url)('json-server') as JsonServer
  const server = jsonServer.create()
  server.use(jsonServer.defaults({ logger: false }))
  const invoices = Array.from({ length: COUNT }, (_, at) =>
    invoice(at + 1, { producerId: at < 3 ? 'P1' : 'P2', status: at === 2 ? 'sealed' : 'issued' }),
  )
  server.use('/api', jsonServer.router({ invoices, customers: [{ id: 1, name: 'Anna' }] }))
  gate = await upstreamGate(server)
  proxy = await serveProxy(gate.app, { host: '127.0.0.1', port: 0, diagnostics: silentDiagnostics })
  operator = {
    ...{ authorization: `Bearer ${await tokenOf('anna')}`, 'varco-purpose': 'invoice-enquiry' },
    'varco-ticket': 'T-1',
  }
})

afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await gate[Symbol.asyncDispose]()
})

const get = (path: string, headers = operator): Promise<Response> =>
  fetch(`${proxy.url}/upstream/crm${path}`, { headers })

test('of a thousand invoices an operator sees those of the person who calls, masked', async () => {
  const response = await get('/invoices')
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual(
    [1, 2].map((id) => ({
      ...{ id, producerId: 'P1', number: `2026/${id}`, amount: 120.5, status: 'issued', iban: '***3456' },
    })),
  )
  for (const header of ['x-powered-by', 'access-control-allow-origin', 'etag', 'x-total-count'])
    expect(response.headers.get(header)).toBeNull()
})

test('pages and filters are the upstream’s, and what comes of them is decided', async () => {
  expect(await (await get('/invoices?producerId=P1&_page=1&_limit=1')).json()).toHaveLength(1)
  expect(await (await get('/invoices?producerId=P2&_page=1&_limit=9')).json()).toEqual([])
  expect((await get('/invoices?_sort=iban')).status).toBe(400)
})

test('one invoice, one that is somebody else’s, and one that is not there', async () => {
  expect(await (await get('/invoices/1')).json()).toMatchObject({ id: 1, iban: '***3456' })
  for (const id of [3, 4, 5_000]) expect((await get(`/invoices/${id}`)).status).toBe(404)
  expect((await get('/customers')).status).toBe(404)
})

test('the data protection officer gets all of them but the sealed one, streamed and recorded part by part', async () => {
  const before = gate.log.drafts.length
  const authorization = `Bearer ${await tokenOf('dora', { iss: GSE })}`
  const response = await get('/invoices', { authorization, 'varco-purpose': 'data-protection' })
  expect(await response.json()).toHaveLength(COUNT - 1)
  const events = gate.log.drafts.slice(before)
  expect(events.length).toBeGreaterThanOrEqual(COUNT / 200)
  expect(events.reduce((sum, { disclosures }) => sum + disclosures.length, 0)).toBe(COUNT - 1)
})

test('a correction goes through, recorded before it is sent', async () => {
  const send = (body: string): Promise<Response> =>
    fetch(`${proxy.url}/upstream/crm/invoices/2`, {
      ...{ method: 'PATCH', body },
      headers: { ...operator, 'content-type': 'application/json' },
    })
  const response = await send('{"status":"disputed"}')
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ id: 2, status: 'disputed', iban: '***3456' })
  expect(await (await get('/invoices/2')).json()).toMatchObject({ status: 'disputed' })
  expect((await send('{"iban":"IT00X0000000000000000000000"}')).status).toBe(403)
  expect((await send('{"id":1}')).status).toBe(403)
})
