// What a hand-made connection can send that no client would: two requests in one, paths that climb, headers that never end.
import { connect } from 'node:net'
import { silentDiagnostics } from '@varco/core'
import { serveProxy, type RunningProxy } from '@varco/proxy'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gatehouse, tokenOf, type Gatehouse } from '../../packages/proxy/tests/gatehouse.ts'

let gate: Gatehouse
let proxy: RunningProxy
let authorization: string

beforeAll(async () => {
  gate = await gatehouse({ trustedFronts: ['10.0.0.1'] })
  proxy = await serveProxy(gate.app, { host: '127.0.0.1', port: 0, diagnostics: silentDiagnostics })
  authorization = `Authorization: Bearer ${await tokenOf('anna')}`
})

afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
})

/** Everything the server says to these bytes until it closes, or falls silent. */
function exchange(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(proxy.port, '127.0.0.1')
    let said = ''
    const end = (): void => {
      socket.destroy()
      resolve(said)
    }
    socket.setTimeout(700, end)
    socket.on('data', (chunk) => (said += chunk.toString('latin1')))
    socket.on('close', end)
    socket.on('error', end)
    socket.write(bytes)
  })
}

const statusesOf = (said: string): readonly number[] =>
  [...said.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))

const lines = (...all: readonly string[]): string => all.join('\r\n')

/** A whole request, as it would stand inside another. */
function inner(): string {
  return lines(
    'GET /records/invoice?id=eq.1&select=number HTTP/1.1',
    ...['Host: x', authorization, 'Varco-Purpose: invoice-enquiry', 'Varco-Ticket: T-1', '', ''],
  )
}

test('the request that the attacks hide is one that would be answered', async () => {
  expect(await exchange(inner())).toContain('2026/1')
})

describe('a request within another is never answered', () => {
  const head = ['POST /access/v1/evaluation HTTP/1.1', 'Host: x', 'Content-Type: application/json']
  test.each<[string, () => string]>([
    [
      'two lengths',
      () => lines(...head, 'Content-Length: 0', `Content-Length: ${inner().length}`, '', inner()),
    ],
    [
      'a length and chunks',
      () =>
        lines(
          ...head,
          `Content-Length: ${inner().length + 5}`,
          'Transfer-Encoding: chunked',
          '',
          '0',
          '',
          inner(),
        ),
    ],
    ['chunks, written oddly', () => lines(...head, 'Transfer-Encoding: xchunked', '', '0', '', inner())],
    [
      'chunks twice',
      () => lines(...head, 'Transfer-Encoding: chunked', 'Transfer-Encoding: identity', '', '0', '', inner()),
    ],
    ['a space before the colon', () => lines(...head, `Content-Length : 0`, '', inner())],
    ['a length with a sign', () => lines(...head, 'Content-Length: +0', '', inner())],
    ['a length that is negative', () => lines(...head, 'Content-Length: -1', '', inner())],
    [
      'a folded header',
      () => lines(...head, 'X-A: 1', ` ${authorization}`, 'Content-Length: 0', '', inner()),
    ],
    [
      'lines without carriage return',
      () => lines(...head).replaceAll('\r\n', '\n') + '\nContent-Length: 0\n\n' + inner(),
    ],
    ['a chunk of no length', () => lines(...head, 'Transfer-Encoding: chunked', '', 'zz', inner())],
    [
      'a chunk length that overflows',
      () => lines(...head, 'Transfer-Encoding: chunked', '', 'fffffffffffffffff', inner()),
    ],
    ['NUL in a header', () => lines(...head, 'X-A: a\0b', 'Content-Length: 0', '', inner())],
  ])('%s', async (_, attack) => {
    const said = await exchange(attack())
    expect(said).not.toContain('2026/1')
    expect(statusesOf(said).filter((status) => status < 400)).toEqual([])
  })

  test('the body of one that is refused is not the next one', async () => {
    const hidden = inner()
    const outer = lines(
      ...['POST /access/v1/evaluation HTTP/1.1', 'Host: x', `Content-Length: ${hidden.length}`, '', hidden],
    )
    const said = await exchange(outer)
    expect(statusesOf(said)).toEqual([401])
    expect(said).not.toContain('2026/1')
  })
})

describe('headers', () => {
  test('sent twice are no second chance', async () => {
    const twice = async (...extra: readonly string[]): Promise<readonly number[]> =>
      statusesOf(
        await exchange(
          lines(
            ...[
              'GET /records/invoice?id=eq.1&select=number HTTP/1.1',
              'Host: x',
              'Connection: close',
              ...extra,
            ],
            ...['Varco-Purpose: invoice-enquiry', 'Varco-Ticket: T-1', '', ''],
          ),
        ),
      )
    expect(await twice(authorization)).toEqual([200])
    expect(await twice(authorization, 'Varco-Purpose: curiosity')).toEqual([400])
    expect(await twice(authorization, 'Varco-Ticket: T-closed')).toEqual([400])
    expect(await twice('Authorization: Bearer x.y.z', authorization)).toEqual([401])
  })

  test.each([
    'Client-Cert: :AAAA:',
    'X-Forwarded-For: 10.0.0.1',
    'X-Real-IP: 10.0.0.1',
    'Forwarded: for=10.0.0.1',
    'X-Original-URL: /records/producer',
    'X-Rewrite-URL: /records/producer',
    'X-HTTP-Method-Override: DELETE',
  ])('that speak for a front are nobody’s word: %s', async (header) => {
    const said = await exchange(
      lines(
        ...[
          'GET /records/invoice?id=eq.1&select=number HTTP/1.1',
          'Host: evil.example',
          'Connection: close',
          header,
        ],
        ...[authorization, 'Varco-Purpose: invoice-enquiry', 'Varco-Ticket: T-1', '', ''],
      ),
    )
    expect(said).toContain('[{"number":"2026/1"}]')
  })

  test('that never end are cut', async () => {
    const said = await exchange(lines('GET / HTTP/1.1', 'Host: x', `X-A: ${'a'.repeat(100_000)}`, '', ''))
    expect(statusesOf(said)).toEqual([431])
    const many = Array.from({ length: 3_000 }, (_, index) => `X-${index}: y`)
    const answered = statusesOf(
      await exchange(lines('GET / HTTP/1.1', 'Host: x', 'Connection: close', ...many, '', '')),
    )
    expect(answered.every((status) => status >= 400)).toBe(true)
  })
})

describe('paths that climb or hide', () => {
  test.each([
    ...[
      '/records/../records/ghost',
      '/records/%2e%2e/secrets',
      '/records/..%2f..%2fetc%2fpasswd',
      '/records/%252e%252e',
    ],
    ...[
      '//records//producer',
      '/records/producer%00',
      '/records/producer;x',
      '/records/producer/',
      '/RECORDS/producer',
    ],
    ...[
      '/records/producer%2f',
      '/records/%c0%ae%c0%ae',
      '/records/%ff',
      '/%72ecords/ghost',
      '/records/producer\\..\\invoice',
      '/records/.',
    ],
  ])('%s reaches nothing', async (path) => {
    gate.log.drafts.length = 0
    const said = await exchange(
      lines(
        `GET ${path} HTTP/1.1`,
        ...[
          'Host: x',
          'Connection: close',
          authorization,
          'Varco-Purpose: invoice-enquiry',
          'Varco-Ticket: T-1',
          '',
          '',
        ],
      ),
    )
    expect(statusesOf(said).every((status) => status >= 400)).toBe(true)
    expect(said).not.toMatch(/Anna Rossi|root:/)
    expect(gate.log.drafts.flatMap(({ disclosures }) => disclosures)).toEqual([])
  })
})
