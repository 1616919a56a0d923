import type { RequestListener, ServerResponse } from 'node:http'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { asId, UnavailableError } from '@varco/core'
import { memoryBudgets, ticketFact } from '@varco/engagement/testing'
import { fixtureDocument } from '@varco/policy/testing'
import type { ProxyDependencies } from '@varco/proxy'
import { describe, expect, test } from 'vitest'
import { GSE, tokenOf } from '../gatehouse.ts'
import { invoice, upstreamGate, type UpstreamGateOptions } from './upstream-gate.ts'

const json =
  (value: unknown, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_, response) => {
    send(response, typeof value === 'string' ? value : JSON.stringify(value), headers)
  }

function send(response: ServerResponse, text: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers })
  response.end(text)
}

const compressed =
  (encoding: string, bytes: Buffer): RequestListener =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding })
    response.end(bytes)
  }

const secondInvoice: ProxyDependencies['restricted'] = async () => () => (record) => record['id'] === '2'

const asDpo = async (): Promise<Readonly<Record<string, string | null>>> => ({
  ...{ authorization: `Bearer ${await tokenOf('dora', { iss: GSE })}`, 'varco-ticket': null },
  'varco-purpose': 'data-protection',
})

const codeOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { readonly code: unknown }).code

describe('a reading', () => {
  test('shows each record as the caller may see it, under the upstream’s keys, and records it', async () => {
    await using gate = await upstreamGate(
      json([invoice(1), invoice(2, { status: 'sealed' }), invoice(3, { producerId: 'P2' }), invoice(4)]),
    )
    const response = await gate.get('/upstream/crm/invoices')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual(
      [1, 4].map((id) => ({
        ...{ id, producerId: 'P1', number: `2026/${id}`, amount: 120.5, status: 'issued', iban: '***3456' },
      })),
    )
    expect(response.headers.get('varco-masked')).toBe('iban')
    expect(gate.log.last).toMatchObject({
      ...{ action: 'read', resource: 'invoice', decision: 'permit', masked: ['iban'] },
      disclosures: [
        { recordKey: '1', dataSubject: { kind: 'producer', id: 'P1' } },
        { recordKey: '4', dataSubject: { kind: 'producer', id: 'P1' } },
      ],
      detail: { upstream: 'crm', route: 'GET /invoices', part: 1 },
    })
    expect(response.headers.get('varco-event')).toBe('proxy-1.1.1')
  })

  test('shows nothing of a record that is restricted, and nothing at all where that cannot be said', async () => {
    const listener = json([invoice(1), invoice(2)])
    await using gate = await upstreamGate(listener, { restricted: secondInvoice })
    expect(await (await gate.get('/upstream/crm/invoices')).json()).toMatchObject([{ id: 1 }])
    expect(gate.log.last.disclosures).toMatchObject([{ recordKey: '1' }])
    await using one = await upstreamGate(json(invoice(2)), { restricted: secondInvoice })
    expect((await one.get('/upstream/crm/invoices/2')).status).toBe(404)
    await using unknown = await upstreamGate(listener, {
      restricted: () => Promise.reject(new UnavailableError('retention')),
    })
    expect((await unknown.get('/upstream/crm/invoices')).status).toBe(503)
  })

  test('leaves nothing before it is recorded', async () => {
    await using gate = await upstreamGate(json([invoice(1)]))
    gate.log.failing = true
    const response = await gate.get('/upstream/crm/invoices')
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('2026/1')
  })

  test('that leaves part by part is under way until all of it has left, or the caller has', async () => {
    const first = Array.from({ length: 250 }, (_, index) => JSON.stringify(invoice(index + 1)))
    await using gate = await upstreamGate(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write(`[${first.join(',')}`)
      },
      { limits: { inFlight: 2 } },
    )
    const who = await asDpo()
    const get = (): Promise<Response> => gate.get('/upstream/crm/invoices', who)
    const [one, two] = [await get(), await get()]
    expect([one.status, two.status]).toEqual([200, 200])
    const refused = await get()
    expect([refused.status, await codeOf(refused)]).toEqual([503, 'busy'])
    await one.body?.cancel()
    const again = await get()
    expect(again.status).toBe(200)
    expect((await get()).status).toBe(503)
    await Promise.all([two.body?.cancel(), again.body?.cancel()])
  })

  test('keeps every digit, and what stands around the list', async () => {
    await using gate = await upstreamGate(
      json(
        `{"total":2,"data":{"x":{"iban":"IT0"},"items":[${JSON.stringify(invoice(1)).replace('120.5', '9007199254740993.1234567890123456789')}]}}`,
      ),
    )
    const text = await (await gate.get('/upstream/crm/wrapped')).text()
    expect(text).toContain('"amount":9007199254740993.1234567890123456789')
    expect(text).toMatch(/^\{"data":\{"items":\[\{/)
    expect(text).not.toMatch(/total|IT0/)
  })

  test('passes on only what is declared, made anew: no header, no credential, no encoding', async () => {
    await using gate = await upstreamGate(
      json([], { 'set-cookie': 'a=b', etag: '"x"', 'x-total-count': '9' }),
    )
    const response = await gate.get('/upstream/crm/invoices?status=paid&_page=2', {
      ...{
        cookie: 'session=1',
        'if-none-match': '"x"',
        'x-forwarded-for': '1.2.3.4',
        'accept-encoding': 'br',
      },
    })
    const [call] = gate.calls
    expect(call?.url).toBe('/api/invoices?status=paid&_page=2')
    expect(call?.headers['accept-encoding']).toBe('br, gzip')
    for (const name of ['authorization', 'cookie', 'if-none-match', 'x-forwarded-for', 'varco-purpose'])
      expect(call?.headers[name]).toBeUndefined()
    for (const name of ['set-cookie', 'etag', 'x-total-count']) expect(response.headers.get(name)).toBeNull()
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(gate.log.last).toMatchObject({
      action: 'search',
      filters: [{ field: 'status', op: 'eq', value: 'paid' }],
    })
  })

  test('of one record: hidden and absent answer alike', async () => {
    await using gate = await upstreamGate((request, response) => {
      if (request.url === '/api/invoices/1') send(response, JSON.stringify(invoice(1)))
      else if (request.url === '/api/invoices/2')
        send(response, JSON.stringify(invoice(2, { producerId: 'P2' })))
      else response.writeHead(404, { 'content-type': 'application/json' }).end('{}')
    })
    expect(await (await gate.get('/upstream/crm/invoices/1')).json()).toMatchObject({
      id: 1,
      iban: '***3456',
    })
    const answers = await Promise.all(
      [2, 3].map(async (id) => {
        const response = await gate.get(`/upstream/crm/invoices/${id}`)
        const body = (await response.json()) as Record<string, unknown>
        return { status: response.status, ...body, request: null, event: null }
      }),
    )
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]).toMatchObject({ status: 404, code: 'not-found' })
  })

  test('of one record, or some, however long: hidden and absent answer alike', async () => {
    const long = { internalNote: 'x'.repeat(300_000) }
    const hidden = (id: number): unknown => invoice(id, { ...long, producerId: 'P2' })
    const answers: Readonly<Record<string, unknown>> = {
      1: { one: invoice(1, long), two: hidden(11), list: [] },
      2: { one: hidden(2), two: hidden(12) },
      3: { list: [hidden(3), hidden(13)], one: hidden(23) },
      4: { list: [hidden(4), hidden(14)] },
      5: { list: [hidden(5), hidden(15), invoice(25)], two: hidden(35) },
      7: { one: hidden(7) },
    }
    const change: UpstreamGateOptions['change'] = (upstream) => ({
      ...upstream,
      routes: upstream.routes.map((route) =>
        'answer' in route && route.path === '/wrapped'
          ? {
              ...route,
              answer: route.answer.flatMap((each) =>
                ['/one', '/two', '/list'].map((at) => ({ ...each, at })),
              ),
            }
          : route,
      ),
    })
    let which = 0
    await using gate = await upstreamGate(
      (_, response) => {
        const answer = answers[which]
        if (answer !== undefined) send(response, JSON.stringify(answer))
        else response.writeHead(404, { 'content-type': 'application/json' }).end('{}')
      },
      { change },
    )
    const answerOf = async (id: number): Promise<Readonly<Record<string, unknown>>> => {
      which = id
      const response = await gate.get('/upstream/crm/wrapped')
      const body = (await response.json()) as Record<string, unknown>
      return { status: response.status, ...body, request: null, event: null }
    }
    const absent = await answerOf(6)
    expect(absent).toMatchObject({ status: 404, code: 'not-found' })
    expect([await answerOf(2), await answerOf(3), await answerOf(7)]).toEqual([absent, absent, absent])
    expect(await answerOf(1)).toMatchObject({ status: 200, one: { id: 1 }, two: null, list: [] })
    expect(await answerOf(4)).toMatchObject({ status: 200, list: [] })
    expect(await answerOf(5)).toMatchObject({ status: 200, list: [{ id: 25 }], two: null })
  })

  test('that is one long record: hidden and absent answer alike', async () => {
    await using gate = await upstreamGate((request, response) => {
      const [id, internalNote] = [Number(request.url?.split('/').at(-1)), 'x'.repeat(300_000)]
      if (id === 3) response.writeHead(404, { 'content-type': 'application/json' }).end('{}')
      else send(response, JSON.stringify(invoice(id, { producerId: `P${id}`, internalNote })))
    })
    const statusOf = async (id: number): Promise<number> =>
      (await gate.get(`/upstream/crm/invoices/${id}`)).status
    expect([await statusOf(1), await statusOf(2), await statusOf(3)]).toEqual([200, 404, 404])
  })

  test('with the budget of data subjects spent is refused before the upstream is asked, a change too', async () => {
    const document = fixtureDocument()
    const budgets = { operator: { data_subjects_per_hour: 1 }, because: 'no task needs more' }
    const processors = document.processors.map((processor) => ({
      ...processor,
      contracts: processor.contracts.map((contract) => ({ ...contract, budgets })),
    }))
    await using gate = await upstreamGate(json(invoice(1)), {
      document: { ...document, processors },
      budgets: memoryBudgets(),
    })
    await gate.engagement.putTicket(ticketFact({ id: asId('T-2'), dataSubject: 'P2' }))
    expect((await gate.get('/upstream/crm/invoices/1')).status).toBe(200)
    const headers = { 'varco-ticket': 'T-2', 'content-type': 'application/json' }
    const change = { method: 'PATCH', headers, body: '{"status":"disputed"}' }
    expect([
      (await gate.get('/upstream/crm/invoices/4', headers)).status,
      (await gate.send('/upstream/crm/invoices/4', change)).status,
      gate.calls.length,
    ]).toEqual([429, 429, 1])
  })

  test('of one record under a key: hidden and absent answer alike, however the upstream says that it is absent', async () => {
    const answers: Readonly<Record<string, unknown>> = {
      1: { data: invoice(1), total: 1 },
      2: { data: invoice(2, { producerId: 'P2' }), total: 1 },
      4: { data: null },
      5: {},
    }
    const change: UpstreamGateOptions['change'] = (upstream) => ({
      ...upstream,
      routes: upstream.routes.map((route) =>
        'answer' in route
          ? { ...route, answer: route.answer.map((each) => ({ ...each, at: '/data' })) }
          : route,
      ),
    })
    await using gate = await upstreamGate(
      (request, response) => {
        const answer = answers[request.url?.split('/').at(-1) ?? '']
        if (answer !== undefined) send(response, JSON.stringify(answer))
        else response.writeHead(404, { 'content-type': 'application/json' }).end('{}')
      },
      { change },
    )
    expect(await gate.json('/upstream/crm/invoices/1')).toMatchObject({ data: { id: 1, iban: '***3456' } })
    const told = await Promise.all(
      [2, 3, 4, 5].map(async (id) => {
        const response = await gate.get(`/upstream/crm/invoices/${id}`)
        const body = (await response.json()) as Record<string, unknown>
        return { status: response.status, ...body, request: null, event: null }
      }),
    )
    expect(told[0]).toMatchObject({ status: 404, code: 'not-found' })
    expect(told).toEqual(told.map(() => told[0]))
  })

  test('by a field that is masked is refused before the upstream is asked', async () => {
    await using gate = await upstreamGate(json([]))
    const response = await gate.get('/upstream/crm/invoices?iban=IT60X0542811101000000123456')
    expect(await codeOf(response)).toBe('field-not-plain')
    expect(gate.calls).toEqual([])
  })

  test('is refused as the policy refuses, before the upstream is asked', async () => {
    await using gate = await upstreamGate(json([]))
    expect(await codeOf(await gate.get('/upstream/crm/invoices', { 'varco-ticket': null }))).toBe('no-ticket')
    expect((await gate.get('/upstream/crm/invoices', { authorization: null })).status).toBe(401)
    expect(gate.calls).toEqual([])
  })
})

describe('an answer that is compressed', () => {
  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('%s: is shown as it would be without', async (encoding, compress) => {
    const text = JSON.stringify([invoice(1), invoice(2, { producerId: 'P2' })])
    await using gate = await upstreamGate(compressed(encoding, compress(text)))
    const response = await gate.get('/upstream/crm/invoices', { 'accept-encoding': 'gzip, br' })
    expect(await response.json()).toMatchObject([{ id: 1, iban: '***3456' }])
    // Ours tells nothing by its length of what stands beside what a caller placed there.
    expect(response.headers.get('content-encoding')).toBeNull()
    expect(gate.log.last.disclosures).toHaveLength(1)
  })

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('%s: a few bytes that stand for many are cut at the bound', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(50_000_000, ' '))
    expect(bomb.length).toBeLessThan(100_000)
    await using gate = await upstreamGate(compressed(encoding, bomb), {
      change: (upstream) => ({ ...upstream, max_bytes: 100_000 }),
    })
    const response = await gate.get('/upstream/crm/invoices')
    expect(response.status).toBe(502)
    expect(gate.log.last.reasons).toEqual(['upstream-too-large'])
  })

  test('many bytes that stand for none are cut at the bound', async () => {
    const empty = gzipSync('')
    const members = Buffer.concat(Array.from({ length: 10_000 }, () => empty))
    const bytes = Buffer.concat([members, gzipSync(JSON.stringify([invoice(1)]))])
    await using gate = await upstreamGate(compressed('gzip', bytes), {
      change: (upstream) => ({ ...upstream, max_bytes: 100_000 }),
    })
    expect((await gate.get('/upstream/crm/invoices')).status).toBe(502)
    expect(gate.log.last.reasons).toEqual(['upstream-too-large'])
  })

  test('breaking off within is an upstream that stopped', async () => {
    const bytes = gzipSync(JSON.stringify([invoice(1)]))
    await using gate = await upstreamGate((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      response.write(bytes.subarray(0, 60))
      setTimeout(() => response.destroy(), 20)
    })
    expect((await gate.get('/upstream/crm/invoices')).status).toBe(503)
  })
})

describe('what the bundle does not name is refused', () => {
  test.each([
    ['another route', '/upstream/crm/customers', 'unmapped-route'],
    ['another upstream', '/upstream/erp/invoices', 'unmapped-route'],
    ['a longer path', '/upstream/crm/invoices/1/lines', 'unmapped-route'],
    ['an empty step', '/upstream/crm//invoices', 'unmapped-route'],
    ['a step back, encoded twice', '/upstream/crm/invoices/%252e%252e', 'unmapped-route'],
    ['a slash, encoded', '/upstream/crm/invoices/..%2f..%2fadmin', 'unmapped-route'],
    ['a backslash', '/upstream/crm/invoices/..%5cadmin', 'unmapped-route'],
    ['a NUL', '/upstream/crm/invoices/1%00', 'unmapped-route'],
    ['a line break', '/upstream/crm/invoices/1%0d%0aHost:%20evil', 'unmapped-route'],
    ['bytes that are no UTF-8', '/upstream/crm/invoices/%ff%fe', 'unmapped-route'],
    ['an overlong slash', '/upstream/crm/invoices/%c0%af', 'unmapped-route'],
    ['another address', '/upstream/crm/http:%2f%2fevil.example', 'unmapped-route'],
    ['a host by its credentials', '/upstream/crm/invoices/@evil.example%23', 'unmapped-route'],
    ['a parameter', '/upstream/crm/invoices?_sort=iban', 'not-supported'],
    ['a parameter twice', '/upstream/crm/invoices?status=a&status=b', 'invalid-query'],
    ['a page that is none', '/upstream/crm/invoices?_page=1%26iban=x', 'not-supported'],
    ['a parameter that is no UTF-8', '/upstream/crm/invoices?status=%ff', 'invalid-query'],
    ['a value of another type', '/upstream/crm/invoices/abc', 'invalid-value'],
  ])('%s', async (_, path, code) => {
    await using gate = await upstreamGate(json([invoice(1)]))
    const response = await gate.get(path)
    expect(await codeOf(response)).toBe(code)
    expect(gate.calls).toEqual([])
    expect(gate.log.last.decision).toBe('deny')
  })

  test.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])('%s', async (method) => {
    await using gate = await upstreamGate(json([invoice(1)]))
    expect((await gate.get('/upstream/crm/invoices', {}, method)).status).toBe(404)
    expect(gate.calls).toEqual([])
  })

  test('a value that could be syntax reaches the upstream as a value', async () => {
    await using gate = await upstreamGate(json([]))
    await gate.get('/upstream/crm/invoices?status=a%26iban%3Dx%23%20%2f')
    expect(gate.calls[0]?.url).toBe('/api/invoices?status=a%26iban%3Dx%23%20%2F')
  })
})

describe('an upstream that does not keep its word', () => {
  test.each<readonly [string, RequestListener]>([
    [
      'another content type',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('[]'),
    ],
    ['no content type', (_, response) => response.writeHead(200).end('[]')],
    ['a page of HTML that calls itself JSON', json('<html>IT60X</html>')],
    ['compressed as nobody asked', compressed('deflate', deflateSync('[]'))],
    ['compressed twice', compressed('gzip, gzip', gzipSync(gzipSync('[]')))],
    ['not compressed as it says', compressed('gzip', Buffer.from(JSON.stringify([invoice(1)])))],
    ['nor so', compressed('br', gzipSync(JSON.stringify([invoice(1)])))],
    [
      'half of what was compressed',
      compressed('gzip', gzipSync(JSON.stringify([invoice(1)])).subarray(0, 80)),
    ],
    [
      'bytes that are no UTF-8',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(
          Buffer.concat([
            Buffer.from('[{"id":1,"producerId":"P1","number":"'),
            Buffer.from([0xff]),
            Buffer.from('"}]'),
          ]),
        )
      },
    ],
    ['a redirect', (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end()],
    [
      'an error with somebody’s data in it',
      (_, response) =>
        response.writeHead(500, { 'content-type': 'application/json' }).end('{"iban":"IT60X"}'),
    ],
    [
      'half an answer',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
        response.write(JSON.stringify([invoice(1)]).slice(0, -1))
        setTimeout(() => response.destroy(), 20)
      },
    ],
    ['a record without an owner', json([{ ...invoice(1), producerId: undefined }])],
    ['a record without a key', json([{ ...invoice(1), id: null }])],
    ['an object where a text should be', json([invoice(1, { number: { iban: 'IT60X' } })])],
    ['a list of something else', json([['IT60X']])],
    ['a bare text', json('"IT60X"')],
  ])('%s: nothing is shown, and it is recorded', async (_, listener) => {
    await using gate = await upstreamGate(listener)
    const response = await gate.get('/upstream/crm/invoices')
    expect([502, 503]).toContain(response.status)
    expect(await response.text()).not.toMatch(/IT60X|2026\/1/)
    expect(gate.log.last).toMatchObject({ decision: 'deny', disclosures: [] })
  })

  test('longer than it may be, said and unsaid', async () => {
    const long = JSON.stringify(Array.from({ length: 100 }, (_, id) => invoice(id)))
    for (const chunked of [false, true]) {
      await using gate = await upstreamGate(
        (_, response) => {
          response.writeHead(200, { 'content-type': 'application/json' })
          if (chunked) response.write(' ')
          response.end(long)
        },
        { change: (upstream) => ({ ...upstream, max_bytes: 5_000 }) },
      )
      const response = await gate.get('/upstream/crm/invoices')
      expect(response.status).toBe(502)
      expect(gate.log.last.reasons).toEqual(['upstream-too-large'])
    }
  })

  test('hanging before its headers, and within its body', async () => {
    const listeners: RequestListener[] = [
      () => {},
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write('[')
      },
    ]
    for (const listener of listeners) {
      await using gate = await upstreamGate(listener, {
        change: (upstream) => ({ ...upstream, timeout_seconds: 1 }),
      })
      const response = await gate.get('/upstream/crm/invoices')
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).toBe('1')
    }
  })

  test('not there at all', async () => {
    await using gate = await upstreamGate(() => {}, {
      change: (upstream) => ({ ...upstream, base: 'http://127.0.0.1:9' }),
    })
    expect((await gate.get('/upstream/crm/invoices')).status).toBe(503)
  })
})

describe('a long list', () => {
  const MANY = 5_000
  const list = (count: number): string =>
    `[${Array.from({ length: count }, (_, id) => JSON.stringify(invoice(id, { filler: 'x'.repeat(2_000) }))).join(',')}]`

  test('of ten megabytes leaves part by part, each recorded before', async () => {
    const whole = list(MANY)
    expect(whole.length).toBeGreaterThan(10_000_000)
    await using gate = await upstreamGate(json(whole))
    const response = await gate.get('/upstream/crm/invoices', await asDpo())
    const reader = response.body?.getReader()
    const decoder = new TextDecoder()
    let text = ''
    for (;;) {
      const { value, done = true } = (await reader?.read()) ?? {}
      if (done) break
      text += decoder.decode(value, { stream: true })
      const recorded = gate.log.drafts.reduce((sum, { disclosures }) => sum + disclosures.length, 0)
      expect(text.split('"number"').length - 1).toBeLessThanOrEqual(recorded)
    }
    expect(JSON.parse(text)).toHaveLength(MANY)
    expect(text).not.toContain('filler')
    expect(gate.log.drafts.length).toBeGreaterThan(10)
    expect(gate.log.drafts.every(({ disclosures }) => disclosures.length <= 200)).toBe(true)
  })

  test('is not read further than it is taken', async () => {
    let written = 0
    await using gate = await upstreamGate((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('[')
      const more = (): void => {
        while (
          written < 200_000 &&
          response.write(`${written++ === 0 ? '' : ','}${JSON.stringify(invoice(written))}`)
        );
        if (written < 200_000) response.once('drain', more)
        else response.end(']')
      }
      more()
    })
    const response = await gate.get('/upstream/crm/invoices', await asDpo())
    const reader = response.body?.getReader()
    await reader?.read()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(gate.log.drafts.length).toBeLessThan(5)
    expect(written).toBeLessThan(200_000)
    await reader?.cancel()
  })

  test('over the rule’s bound an hour: none of it', async () => {
    await using gate = await upstreamGate(json(list(100)))
    expect((await gate.get('/upstream/crm/invoices')).status).toBe(429)
  })

  test('stops where the log stops', async () => {
    await using gate = await upstreamGate(json(list(1_000)))
    let appends = 0
    gate.log.beforeCommit = async () => {
      if (++appends === 3) gate.log.failing = true
    }
    const response = await gate.get('/upstream/crm/invoices', await asDpo())
    await expect(response.text()).rejects.toThrow(/not available|not passed on/)
    expect(gate.log.drafts).toHaveLength(2)
  })

  test('that breaks off ends as an error, never as a shorter list', async () => {
    const text = list(1_000)
    await using gate = await upstreamGate((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write(text.slice(0, text.length / 2))
      setTimeout(() => response.destroy(), 50)
    })
    const response = await gate.get('/upstream/crm/invoices', await asDpo())
    await expect(response.text()).rejects.toThrow(/not available|not passed on/)
    expect(gate.log.last).toMatchObject({ decision: 'deny', reasons: ['unavailable'] })
  })
})

describe('a change', () => {
  const store = (): { readonly listener: RequestListener; readonly bodies: string[] } => {
    const bodies: string[] = []
    let current = invoice(1)
    return {
      bodies,
      listener: (request, response) => {
        if (request.method === 'GET') return send(response, JSON.stringify(current))
        let body = ''
        request.on('data', (chunk) => (body += String(chunk)))
        request.on('end', () => {
          bodies.push(body)
          current = { ...current, ...(JSON.parse(body) as object) }
          send(response, JSON.stringify(current))
        })
      },
    }
  }
  const patch = (body: string, headers = {}) => ({
    method: 'PATCH',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })

  test('is decided, recorded, sent, recorded, and shown as the caller may see it', async () => {
    const { listener, bodies } = store()
    await using gate = await upstreamGate(listener)
    const response = await gate.send('/upstream/crm/invoices/1', patch('{"status":"disputed","amount":1.10}'))
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: 'disputed', iban: '***3456' })
    expect(bodies).toEqual(['{"amount":1.10,"status":"disputed"}'])
    expect(gate.log.drafts).toMatchObject([
      {
        ...{ action: 'update', detail: { stage: 'intended' } },
        changes: [
          { field: 'status', before: '"issued"', after: '"disputed"' },
          { field: 'amount', before: '"120.5"', after: '"1.1"' },
        ],
      },
      { action: 'update', detail: { stage: 'done', of: 'proxy-1.1.1' }, disclosures: [{ recordKey: '1' }] },
    ])
  })

  test.each([
    ['a field that may not be written', '{"number":"x"}', 403],
    ['a key that nobody mapped', '{"internalNote":"x"}', 400],
    ['a mapped field’s own name', '{"producer_id":"P2"}', 400],
    ['another person', '{"producerId":"P2"}', 403],
    ['a value of another type', '{"amount":"much"}', 400],
    ['no object', '[]', 400],
  ])('of %s reaches nobody', async (_, body, status) => {
    const { listener, bodies } = store()
    await using gate = await upstreamGate(listener)
    expect((await gate.send('/upstream/crm/invoices/1', patch(body))).status).toBe(status)
    expect(bodies).toEqual([])
  })

  test('smuggles nothing: a name given twice is sent once, as it was decided', async () => {
    const { listener, bodies } = store()
    await using gate = await upstreamGate(listener)
    await gate.send('/upstream/crm/invoices/1', patch('{"status":"sealed","status":"disputed"}'))
    expect(bodies).toEqual(['{"status":"disputed"}'])
  })

  test('of a record that is another person’s answers as of one that does not exist', async () => {
    await using gate = await upstreamGate(json(invoice(1, { producerId: 'P2' })))
    const response = await gate.send('/upstream/crm/invoices/1', patch('{"status":"disputed"}'))
    expect(response.status).toBe(404)
    expect(gate.calls.map(({ method }) => method)).toEqual(['GET'])
  })

  test('of a record that is restricted answers as of one that does not exist', async () => {
    await using gate = await upstreamGate(json(invoice(2)), { restricted: secondInvoice })
    expect((await gate.send('/upstream/crm/invoices/2', patch('{"status":"disputed"}'))).status).toBe(404)
    expect(gate.calls.map(({ method }) => method)).toEqual(['GET'])
  })

  test('is not sent while the log is away, nor when the upstream gives another record', async () => {
    const { listener, bodies } = store()
    await using gate = await upstreamGate(listener)
    expect((await gate.send('/upstream/crm/invoices/2', patch('{"status":"disputed"}'))).status).toBe(404)
    gate.log.failing = true
    expect((await gate.send('/upstream/crm/invoices/1', patch('{"status":"disputed"}'))).status).toBe(503)
    expect(bodies).toEqual([])
  })

  test.each([
    [409, 409, 'not-done'],
    [500, 503, 'unknown'],
  ])('that the upstream answers with %s', async (sent, status, stage) => {
    await using gate = await upstreamGate((request, response) => {
      if (request.method === 'GET') send(response, JSON.stringify(invoice(1)))
      else response.writeHead(sent).end()
    })
    const response = await gate.send('/upstream/crm/invoices/1', patch('{"status":"disputed"}'))
    expect(response.status).toBe(status)
    expect(gate.log.last.detail).toMatchObject({ stage })
  })
})

test('what is public passes to anybody, as what the bundle says it is, and nothing else of it', async () => {
  await using gate = await upstreamGate(json({ up: true }, { 'set-cookie': 'a=b' }))
  const response = await gate.get('/upstream/crm/status', { authorization: null })
  expect(await response.json()).toEqual({ up: true })
  expect(response.headers.get('set-cookie')).toBeNull()
  expect((await gate.get('/upstream/crm/status?x=1', { authorization: null })).status).toBe(400)
  await using other = await upstreamGate((_, answer) =>
    answer.writeHead(200, { 'content-type': 'text/html' }).end('<script>'),
  )
  expect((await other.get('/upstream/crm/status', { authorization: null })).status).toBe(502)
})
