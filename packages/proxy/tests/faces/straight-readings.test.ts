import { connect } from 'node:net'
import { asId, silentDiagnostics, UnavailableError, type RequestId } from '@varco/core'
import { serveProxy, type RunningProxy } from '@varco/proxy'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gatehouse, tokenOf, type Gatehouse, type GatehouseOptions } from '../gatehouse.ts'

/** The same gate served twice: as it is, and by the framework alone. */
interface Pair extends AsyncDisposable {
  readonly straight: Served
  readonly framed: Served
}

interface Served {
  readonly gate: Gatehouse
  readonly proxy: RunningProxy
}

async function pair(options: GatehouseOptions = {}): Promise<Pair> {
  const serve = async (isStraight: boolean): Promise<Served> => {
    let requests = 0
    const newRequestId = (): RequestId => asId<RequestId>(`req-${++requests}`)
    const gate = await gatehouse({ ...options, newRequestId })
    const { app } = gate
    const loopback = { host: '127.0.0.1', port: 0, diagnostics: silentDiagnostics }
    return { gate, proxy: await serveProxy(isStraight ? app : { fetch: app.fetch }, loopback) }
  }
  const straight = await serve(true)
  const framed = await serve(false)
  return {
    straight,
    framed,
    [Symbol.asyncDispose]: async () => {
      await straight.proxy[Symbol.asyncDispose]()
      await framed.proxy[Symbol.asyncDispose]()
    },
  }
}

/** Everything the server says to these bytes. */
function exchange({ proxy }: Served, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(proxy.port, '127.0.0.1')
    let said = ''
    socket.on('data', (chunk) => (said += chunk.toString('latin1')))
    socket.on('close', () => {
      resolve(said)
    })
    socket.on('error', () => {})
    socket.write(bytes, 'latin1')
  })
}

/** Each part of what was said, without the moment; headers in whatever order. */
function comparable(said: string): readonly (readonly string[])[] {
  return said.split('\r\n\r\n').map((part) =>
    part
      .split('\r\n')
      .filter((line) => !/^date:/i.test(line))
      .map((line) => line.replace(/^[\w-]+:/, (name) => name.toLowerCase()))
      .toSorted(),
  )
}

async function expectAlike({ straight, framed }: Pair, bytes: string): Promise<string> {
  const said = await exchange(straight, bytes)
  expect(comparable(said)).toEqual(comparable(await exchange(framed, bytes)))
  expect(straight.gate.log.drafts.at(-1)).toEqual(framed.gate.log.drafts.at(-1))
  expect(straight.gate.log.drafts).toHaveLength(framed.gate.log.drafts.length)
  return said
}

const authorization = `Authorization: Bearer ${await tokenOf('anna')}`

function asked(target: string, headers: readonly string[] = ['Host: varco']): string {
  const varco = [authorization, 'Varco-Purpose: invoice-enquiry', 'Varco-Ticket: T-1', 'Connection: close']
  return [`GET ${target} HTTP/1.1`, ...headers, ...varco, '', ''].join('\r\n')
}

const ANSWER = /^HTTP\/1\.1 \d{3} /
const ONE = '/records/invoice?id=eq.1&select=number,iban'

test('a reading is answered and recorded as by the framework, byte by byte', async () => {
  await using both = await pair()
  expect(await expectAlike(both, asked(ONE))).toContain('[{"number":"2026/1","iban":"***3456"}]')
  const targets = [
    ...['/records/invoice', '/records/invoice?', '/records/ghost?id=eq.1', '/records/invoice?id=eq.3'],
    ...['/records/invoice?iban=eq.1', '/records/invoice?id=eq.%FF', '/records/invoice?select=number%2Ciban'],
    ...['/records/invoice?limit=1&offset=9', '/records/invoice?select=number,producer(name)&id=eq.1'],
  ]
  for (const target of targets) await expectAlike(both, asked(target))
  for (const header of [
    ...['Accept: text/csv', 'Accept: application/xml', 'Accept-Language: it', 'Range: 0-1', 'Range: 5-1'],
    ...['Prefer: count=exact', 'Varco-Purpose: antimafia', 'Accept: application/vnd.pgrst.object+json'],
    ...[authorization, 'Content-Length: 0', 'Host: other', 'X-Request-ID: theirs'],
  ])
    await expectAlike(both, asked(ONE, ['Host: varco', header]))
  await expectAlike(both, `GET ${ONE} HTTP/1.1\r\nHost: varco\r\nConnection: close\r\n\r\n`)
})

test('what comes with a reading as its body, or behind it, is treated as by the framework', async () => {
  await using both = await pair()
  const hidden = asked('/records/invoice?id=eq.2')
  const kept = (text: string): string => text.replace('Connection: close\r\n', '')
  const length = `Content-Length: ${hidden.length}`
  for (const bytes of [
    `${asked(ONE, ['Host: varco', 'Content-Length: 5'])}hello`,
    `${kept(asked(ONE, ['Host: varco', length]))}${hidden}${hidden}`,
    `${kept(asked(ONE, ['Host: varco', 'Transfer-Encoding: chunked']))}5\r\nhello\r\n0\r\n\r\n${hidden}`,
    `${kept(asked(ONE))}${kept(asked(ONE))}${hidden}`,
  ])
    expect(await expectAlike(both, bytes)).toMatch(ANSWER)
  expect(both.straight.gate.log.drafts).toHaveLength(1 + 2 + 2 + 3)
})

test.each([
  ...[
    'Host: VARCO',
    'Host: varco:80',
    'Host: varco:99999',
    'Host: a/b',
    'Host: [::1]:4400',
    'Host:',
    'Host: a@b',
  ],
  ...['X-Host: varco', 'Host: user:secret@varco', 'Host: varco?x', 'Host: varco#x', 'Host: varco\\x'],
])('with %j it is answered as the framework does', async (header) => {
  await using both = await pair()
  expect(await expectAlike(both, asked(ONE, [header]))).toMatch(ANSWER)
})

test('however an address is spelt, it means what it means to the framework', async () => {
  await using both = await pair()
  const piece = fc.constantFrom(
    ...[
      '/',
      '//',
      '.',
      '..',
      '/records',
      '/records/',
      'invoice',
      'Invoice',
      '%69nvoice',
      'inv%6Fice',
      'producer',
    ],
    ...[
      '?',
      '??',
      '#',
      '&',
      '=',
      ';',
      '%',
      '%2F',
      '%2e',
      '%00',
      '%3F',
      '\\',
      '|',
      '^',
      '{',
      '}',
      '"',
      "'",
      '`',
    ],
    ...[
      'id=eq.1',
      'id=in.(1,2)',
      'select=number',
      'select=*',
      'and=(id.eq.1)',
      'http://x',
      '@',
      ':',
      '\u00e9',
    ],
  )
  const target = fc
    .tuple(
      fc.constantFrom('/records/', '/records/invoice', '/records/invoice?', '/', ''),
      fc.array(piece, { maxLength: 6 }),
    )
    .map(([start, rest]) => `${start}${rest.join('')}`)
  await fc.assert(
    fc.asyncProperty(target, async (text) => {
      expect(await expectAlike(both, asked(text))).toMatch(ANSWER)
    }),
    { numRuns: 300 },
  )
})

test('a fault, and a service that is away, are answered and recorded alike', async () => {
  const failing = {
    fetch: async () => {
      throw new Error('broken')
    },
    count: async () => 0,
  }
  await using faulty = await pair({ source: failing })
  expect(await expectAlike(faulty, asked(ONE))).toMatch(/^HTTP\/1\.1 500 /)
  await using unknown = await pair({
    bundle: () => {
      throw new UnavailableError('policy')
    },
  })
  expect(await expectAlike(unknown, asked(ONE))).toMatch(/^HTTP\/1\.1 503 /)
  await using unlogged = await pair()
  unlogged.straight.gate.log.failing = true
  unlogged.framed.gate.log.failing = true
  expect(await expectAlike(unlogged, asked(ONE))).toMatch(/^HTTP\/1\.1 503 /)
})

test('beyond the bound of requests under way it turns callers away, and counts them', async () => {
  const release = Promise.withResolvers<void>()
  await using both = await pair({ limits: { inFlight: 1 } })
  for (const { gate } of [both.straight, both.framed]) gate.log.beforeCommit = () => release.promise
  const first = [exchange(both.straight, asked(ONE)), exchange(both.framed, asked(ONE))]
  const metric = async ({ proxy }: Served, pattern: RegExp): Promise<string | undefined> =>
    pattern.exec(await (await fetch(`${proxy.url}/metrics`)).text())?.[1]
  for (const served of [both.straight, both.framed])
    await expect.poll(() => metric(served, /requests_under_way (\d)/)).toBe('1')
  expect(await expectAlike(both, asked(ONE))).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 1/)
  release.resolve()
  for (const said of await Promise.all(first)) expect(said).toMatch(/^HTTP\/1\.1 200 /)
  for (const served of [both.straight, both.framed]) {
    expect(await metric(served, /answers_total\{status="200"\} (\d)/)).toBe('1')
    expect(await metric(served, /answers_total\{status="503"\} (\d)/)).toBe('1')
  }
})

/** A reading that leaves the connection open for the next. */
function first(version: string, headers: readonly string[] = [], body = ''): string {
  const varco = [authorization, 'Varco-Purpose: invoice-enquiry', 'Varco-Ticket: T-1']
  return [`GET ${ONE} HTTP/${version}`, 'Host: varco', ...varco, ...headers, '', body].join('\r\n')
}

const CHUNKED = '5\r\nhello\r\n0\r\n\r\n'

test.each([
  ['HTTP/1.0', first('1.0'), 1],
  ['HTTP/1.0 that stays', first('1.0', ['Connection: keep-alive']) + first('1.0'), 2],
  ['a body of two lengths', first('1.1', ['Transfer-Encoding: chunked', 'Content-Length: 5'], CHUNKED), 1],
  ['what is to be expected', asked(ONE, ['Host: varco', 'Expect: 100-continue']), 2],
  ['an upgrade', asked(ONE, ['Host: varco', 'Upgrade: websocket']), 1],
  ['HEAD', asked(ONE).replace('GET', 'HEAD'), 1],
  ['a whole address', asked(`http://other${ONE}`), 1],
])('%s is answered as by the framework, each request once', async (_, bytes, answers) => {
  await using both = await pair()
  const said = await expectAlike(both, bytes)
  expect(said.match(/HTTP\/1\.1 /g)).toHaveLength(answers)
})

test('whoever has gone leaves no place taken, and has an event', async () => {
  await using both = await pair()
  const { gate, proxy } = both.straight
  const release = Promise.withResolvers<void>()
  gate.log.beforeCommit = () => release.promise
  const metrics = async (): Promise<string> => (await fetch(`${proxy.url}/metrics`)).text()
  const sockets = Array.from({ length: 5 }, () => connect(proxy.port, '127.0.0.1'))
  for (const socket of sockets) {
    socket.on('error', () => {})
    socket.write(asked(ONE))
  }
  await expect.poll(metrics).toContain('requests_under_way 5')
  for (const socket of sockets) socket.resetAndDestroy()
  release.resolve()
  await expect.poll(metrics).toContain('requests_under_way 0')
  expect(gate.log.drafts).toHaveLength(5)
  expect(await exchange(both.straight, asked(ONE))).toMatch(/^HTTP\/1\.1 200 /)
})
