// Requests that are no proper HTTP, written byte by byte to a socket: what the proxy makes of them, and what an upstream
// behind it gets to see.
import { connect } from 'node:net'
import { silentDiagnostics } from '@varco/core'
import { serveProxy, type RunningProxy } from '@varco/proxy'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { tokenOf } from '../../packages/proxy/tests/gatehouse.ts'
import {
  invoice,
  upstreamGate,
  type UpstreamGate,
} from '../../packages/proxy/tests/upstream/upstream-gate.ts'

let gate: UpstreamGate
let proxy: RunningProxy
let token: string

beforeAll(async () => {
  gate = await upstreamGate((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify([invoice(1)]))
  })
  proxy = await serveProxy(gate.app, { host: '127.0.0.1', port: 0, diagnostics: silentDiagnostics })
  token = await tokenOf('anna')
})

beforeEach(() => {
  gate.calls.length = 0
})

afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await gate[Symbol.asyncDispose]()
})

/** What comes back until the proxy closes, or goes quiet. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(proxy.port, '127.0.0.1')
    let text = ''
    socket.setTimeout(1_000, () => socket.destroy())
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('error', () => {})
    socket.on('close', () => {
      resolve(text)
    })
    socket.write(bytes, 'latin1')
  })
}

const headers = (): string =>
  `Host: x\r\nAuthorization: Bearer ${token}\r\nVarco-Purpose: invoice-enquiry\r\nVarco-Ticket: T-1\r\n`
const request = (line: string, more = '', body = ''): string => `${line}\r\n${headers()}${more}\r\n${body}`
const statuses = (text: string): readonly string[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => match[1] ?? '')

test('a proper request passes, so that what follows means something', async () => {
  const text = await raw(request('GET /upstream/crm/invoices HTTP/1.1', 'Connection: close\r\n'))
  expect(statuses(text)).toEqual(['200'])
  expect(text).toContain('***3456')
})

describe('a request within a request', () => {
  const HIDDEN = 'GET /upstream/crm/invoices HTTP/1.1\r\nHost: x\r\n\r\n'

  test.each([
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n'],
    ['a length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n'],
    ['chunks that are not last', 'Transfer-Encoding: chunked, identity\r\n'],
    ['a space before the colon', 'Content-Length : 4\r\n'],
    ['a length that is no number', 'Content-Length: +4\r\n'],
    [
      'a folded header',
      'X-Fold: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n',
    ],
    ['a NUL in a header', 'X-Nul: a\0b\r\n'],
  ])('by %s reaches nobody', async (_, more) => {
    const text = await raw(
      request(
        'PATCH /upstream/crm/invoices/1 HTTP/1.1',
        `Content-Type: application/json\r\n${more}`,
        `0\r\n\r\n${HIDDEN}`,
      ),
    )
    expect(statuses(text).filter((status) => status === '200')).toEqual([])
    expect(text).not.toContain('3456')
    expect(gate.calls.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('a second one on the connection is asked for its own token', async () => {
    const text = await raw(`${request('GET /upstream/crm/invoices HTTP/1.1')}${HIDDEN}`)
    expect(statuses(text)).toEqual(['200', '401'])
  })
})

describe('an address', () => {
  test.each([
    '/upstream/crm/../../etc/passwd',
    '/upstream/crm/%2e%2e/%2e%2e/admin',
    '/upstream/crm/..;/admin',
    '/upstream/crm/invoices/..%00/',
    '/upstream/crm\\..\\admin',
    '/upstream//evil.example/invoices',
    '/upstream/crm@evil.example/invoices',
    '/upstream/%63rm/invoices/%2e',
    '/upstream/__proto__/invoices',
    '/upstream/constructor/x',
    'http://evil.example/upstream/crm/customers',
    '//evil.example/upstream/crm/customers',
  ])('%s leads nowhere', async (address) => {
    const text = await raw(request(`GET ${address} HTTP/1.1`, 'Connection: close\r\n'))
    expect(statuses(text)).not.toContain('200')
    expect(gate.calls).toEqual([])
  })

  test('a host of the caller’s choosing changes nothing of where it goes', async () => {
    const text = await raw(
      request(
        'GET http://169.254.169.254/upstream/crm/invoices HTTP/1.1',
        'X-Forwarded-Host: evil.example\r\nConnection: close\r\n',
      ),
    )
    expect(gate.calls.every(({ headers: { host } }) => host?.startsWith('127.0.0.1:') === true)).toBe(true)
    expect(text).not.toContain('evil.example')
  })
})

describe('too much', () => {
  test.each([
    ['headers', `X-Long: ${'x'.repeat(20_000)}\r\n`],
    ['a purpose', `Varco-Purpose: ${'x'.repeat(5_000)}\r\n`],
  ])('of %s is turned away', async (_, more) => {
    expect(statuses(await raw(request('GET /upstream/crm/invoices HTTP/1.1', more)))).not.toContain('200')
    expect(gate.calls).toEqual([])
  })

  test('of a body is turned away before it is read', async () => {
    const text = await raw(
      request(
        'PATCH /upstream/crm/invoices/1 HTTP/1.1',
        'Content-Type: application/json\r\nContent-Length: 300000\r\nConnection: close\r\n',
        `{"status":"${'x'.repeat(299_986)}"}`,
      ),
    )
    expect(statuses(text)).toEqual(['413'])
    expect(gate.calls).toEqual([])
  })

  test('of a body that never comes holds nobody else up', async () => {
    const slow = raw(
      request(
        'PATCH /upstream/crm/invoices/1 HTTP/1.1',
        'Content-Type: application/json\r\nContent-Length: 100\r\n',
        '{',
      ),
    )
    const text = await raw(request('GET /upstream/crm/invoices HTTP/1.1', 'Connection: close\r\n'))
    expect(statuses(text)).toEqual(['200'])
    expect(statuses(await slow)).not.toContain('200')
    expect(gate.calls.filter(({ method }) => method === 'PATCH')).toEqual([])
  })
})
