import type { RequestListener, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { UnavailableError } from '@varco/core'
import { fixtureDocument } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import { invoice, UPDATE_RULE, upstreamGate, type UpstreamGate } from './upstream-gate.ts'

const json =
  (value: unknown): RequestListener =>
  (_, response) => {
    send(response, JSON.stringify(value))
  }

function send(response: ServerResponse, text: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers })
  response.end(text)
}

const codeOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { readonly code: unknown }).code

interface Sent {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly ifMatch: string | undefined
  readonly body: string
}

/** An upstream that holds one invoice: PATCH and POST change what they are sent, PUT puts it in the place of what was there. */
function store(headers: Readonly<Record<string, string>> = {}): {
  readonly listener: RequestListener
  readonly sent: Sent[]
  readonly bodies: string[]
} {
  const sent: Sent[] = []
  const bodies: string[] = []
  let current = invoice(1)
  return {
    ...{ sent, bodies },
    listener: (request, response) => {
      if (request.method === 'GET') {
        send(response, JSON.stringify(current), headers)
        return
      }
      let body = ''
      request.on('data', (chunk) => (body += String(chunk)))
      request.on('end', () => {
        const { method, url, headers: told } = request
        sent.push({ method, url, ifMatch: told['if-match'], body })
        bodies.push(body)
        const said = JSON.parse(body) as Readonly<Record<string, unknown>>
        current = method === 'PUT' ? said : { ...current, ...said }
        send(response, JSON.stringify(current))
      })
    },
  }
}

const sending = (method: string, body: string, headers = {}) => ({
  ...{ method, body },
  headers: { 'content-type': 'application/json', ...headers },
})
const patch = (body: string, headers = {}) => sending('PATCH', body, headers)

describe('a change', () => {
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

describe('what an upstream answers to a change that it made', () => {
  const answering =
    (after: unknown): RequestListener =>
    (request, response) => {
      send(response, JSON.stringify(request.method === 'GET' ? invoice(1) : after))
    }

  test.each([
    ['another record of the same person', invoice(2)],
    ['a record of another person', invoice(1, { producerId: 'P2' })],
  ])('%s is not shown: none but the one was counted', async (_, after) => {
    await using gate = await upstreamGate(answering(after))
    const response = await gate.send('/upstream/crm/invoices/1', patch('{"status":"disputed"}'))
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(gate.log.last).toMatchObject({ detail: { stage: 'done' }, plain: [], masked: [] })
  })

  test('is recorded though what is restricted can be asked no more', async () => {
    let asked = 0
    await using gate = await upstreamGate(answering(invoice(1, { status: 'disputed' })), {
      restricted: async () => {
        if (++asked > 1) throw new UnavailableError('retention')
        return () => () => false
      },
    })
    const response = await gate.send('/upstream/crm/invoices/1', patch('{"status":"disputed"}'))
    expect([response.status, await response.json()]).toMatchObject([200, { status: 'disputed' }])
    expect(gate.log.last.detail).toMatchObject({ stage: 'done' })
  })
})

describe('a change by PUT', () => {
  /** What the caller is shown of the invoice, as they would send it back. */
  const SHOWN = {
    ...{ id: 1, producerId: 'P1', number: '2026/1', amount: 120.5, status: 'issued' },
    iban: '***3456',
  }
  const put = (value: unknown, headers = {}) => sending('PUT', JSON.stringify(value), headers)

  test('keeps what the caller cannot see, and the value behind a mask that comes back', async () => {
    const { listener, sent } = store({ etag: '"v1"' })
    await using gate = await upstreamGate(listener)
    const response = await gate.send('/upstream/crm/invoices/1', put({ ...SHOWN, status: 'disputed' }))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ ...SHOWN, status: 'disputed' })
    expect(sent).toMatchObject([{ method: 'PUT', url: '/api/invoices/1', ifMatch: '"v1"' }])
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual(invoice(1, { status: 'disputed' }))
    expect(gate.log.drafts[0]).toMatchObject({
      detail: { stage: 'intended' },
      changes: [{ field: 'status', before: '"issued"', after: '"disputed"' }],
    })
  })

  test('of less than all is a change of that alone: nothing is erased', async () => {
    const { listener, bodies } = store()
    await using gate = await upstreamGate(listener)
    expect((await gate.send('/upstream/crm/invoices/1', put({ amount: 3 }))).status).toBe(200)
    expect(JSON.parse(bodies[0] ?? '')).toEqual(invoice(1, { amount: 3 }))
  })

  test('keeps every digit of what it does not change', async () => {
    const bodies: string[] = []
    const text = JSON.stringify(invoice(1)).replace('120.5', '9007199254740993.10')
    await using gate = await upstreamGate((request, response) => {
      if (request.method === 'GET') send(response, text)
      else request.on('data', (chunk) => bodies.push(String(chunk))).on('end', () => send(response, text))
    })
    await gate.send('/upstream/crm/invoices/1', put({ status: 'disputed' }))
    expect(bodies).toEqual([text.replace('"issued"', '"disputed"')])
  })

  test.each([
    ['a field that may not be written', { ...SHOWN, number: 'x' }, 403, 'field-not-writable'],
    ['another mask than the one shown', { ...SHOWN, iban: '***9999' }, 403, 'field-not-writable'],
    [
      'the value behind the mask',
      { ...SHOWN, iban: 'IT60X0542811101000000123456' },
      403,
      'field-not-writable',
    ],
    ['another key', { ...SHOWN, id: 2 }, 403, 'field-not-writable'],
    ['a key that nobody mapped', { ...SHOWN, internalNote: '' }, 400, 'field-not-available'],
    ['a field that is hidden', { ...SHOWN, issuedOn: '2026-02-01' }, 400, 'field-not-available'],
    ['nothing new', SHOWN, 400, 'invalid-query'],
    ['nothing', {}, 400, 'invalid-query'],
  ])('with %s reaches nobody', async (_, value, status, code) => {
    const { listener, sent } = store()
    await using gate = await upstreamGate(listener)
    const response = await gate.send('/upstream/crm/invoices/1', put(value))
    expect([response.status, await codeOf(response)]).toEqual([status, code])
    expect(sent).toEqual([])
    expect(gate.log.last.decision).toBe('deny')
  })

  test('refused for what it says of the record counts as the record shown: values cannot be tried out', async () => {
    const { listener, bodies } = store()
    await using gate = await upstreamGate(listener)
    const tried = async (body: object): Promise<number> =>
      (await gate.send('/upstream/crm/invoices/1', put(body))).status
    // What is right is nothing new, what is wrong may not be written.
    expect([await tried({ number: '2026/1' }), await tried({ number: '2026/2' })]).toEqual([400, 403])
    expect(gate.log.drafts).toMatchObject(
      ['invalid-query', 'field-not-writable'].map((reason) => ({
        ...{ decision: 'deny', action: 'update', resource: 'invoice', reasons: [reason], plain: [] },
        disclosures: [{ recordKey: '1', dataSubject: { id: 'P1' } }],
      })),
    )
    expect(bodies).toEqual([])
  })

  test('of another person’s record answers as of one that does not exist', async () => {
    await using gate = await upstreamGate(json(invoice(1, { producerId: 'P2' })))
    expect((await gate.send('/upstream/crm/invoices/1', put({ ...SHOWN, status: 'x' }))).status).toBe(404)
    expect(gate.calls.map(({ method }) => method)).toEqual(['GET'])
  })

  test('that meets a record changed meanwhile says so, and the log that it was not done', async () => {
    await using gate = await upstreamGate((request, response) => {
      if (request.method === 'GET') send(response, JSON.stringify(invoice(1)), { etag: '"v1"' })
      else response.writeHead(412).end()
    })
    const response = await gate.send('/upstream/crm/invoices/1', put({ ...SHOWN, status: 'disputed' }))
    expect([response.status, await codeOf(response)]).toEqual([412, 'changed-meanwhile'])
    expect(gate.log.last.detail).toMatchObject({ stage: 'not-done' })
  })

  test('is held by the tag of the record, not of a compressed form of it', async () => {
    const sent: unknown[] = []
    await using gate = await upstreamGate((request, response) => {
      const accepted = request.headers['accept-encoding'] ?? ''
      const etag = accepted.includes('gzip') ? '"v1-gzip"' : '"v1"'
      if (request.method !== 'GET') sent.push(request.headers['if-match'])
      send(response, JSON.stringify(invoice(1)), { etag })
    })
    await gate.send('/upstream/crm/invoices/1', put({ status: 'disputed' }))
    expect(sent).toEqual(['"v1"'])
  })

  test('is held by no tag of what came compressed all the same', async () => {
    const sent: unknown[] = []
    await using gate = await upstreamGate((request, response) => {
      if (request.method !== 'GET') {
        sent.push(request.headers['if-match'])
        send(response, JSON.stringify(invoice(1)))
        return
      }
      const headers = { 'content-encoding': 'gzip', etag: '"v1-gzip"' }
      response.writeHead(200, { 'content-type': 'application/json', ...headers })
      response.end(gzipSync(JSON.stringify(invoice(1))))
    })
    await gate.send('/upstream/crm/invoices/1', put({ status: 'disputed' }))
    expect(sent).toEqual([undefined])
  })

  describe('where a field may be written and is masked', () => {
    const RULE = {
      ...UPDATE_RULE,
      fields: { ...UPDATE_RULE.fields, plain: ['status', 'amount', 'issued_on'] },
    }
    const withMask = async (listener: RequestListener): Promise<UpstreamGate> => {
      const document = fixtureDocument()
      const access = document.access.map((rule) =>
        rule.id === 'cc-invoice-enquiry'
          ? {
              ...rule,
              fields: {
                plain: rule.fields?.plain ?? [],
                masked: { ...rule.fields?.masked, issued_on: 'redact' as const },
                hidden: [],
              },
            }
          : rule,
      )
      return upstreamGate(listener, { document: { ...document, access }, rule: RULE as typeof UPDATE_RULE })
    }

    test('what was shown may be sent back with a change, and the mask is no value', async () => {
      const { listener, bodies } = store()
      await using gate = await withMask(listener)
      const shown = (await gate.json('/upstream/crm/invoices/1')) as object
      expect(shown).toMatchObject({ issuedOn: '***' })
      const response = await gate.send('/upstream/crm/invoices/1', put({ ...shown, status: 'disputed' }))
      expect(response.status).toBe(200)
      expect(JSON.parse(bodies[0] ?? '')).toEqual(invoice(1, { status: 'disputed' }))
    })

    test('what is neither a value nor the mask reaches nobody', async () => {
      const { listener, bodies } = store()
      await using gate = await withMask(listener)
      const response = await gate.send('/upstream/crm/invoices/1', put({ issuedOn: 'soon' }))
      expect([response.status, await codeOf(response)]).toEqual([400, 'invalid-value'])
      expect(bodies).toEqual([])
    })
  })

  test('is held by no weak entity tag, which would never match', async () => {
    const { listener, sent } = store({ etag: 'W/"v1"' })
    await using gate = await upstreamGate(listener)
    await gate.send('/upstream/crm/invoices/1', put({ status: 'disputed' }))
    expect(sent).toMatchObject([{ ifMatch: undefined }])
  })
})

describe('a change by POST', () => {
  const dispute = '/upstream/crm/invoices/1/dispute'

  test('reads the record where the bundle says, and sends what changes where it was sent', async () => {
    const { listener, sent } = store({ etag: '"v1"' })
    await using gate = await upstreamGate(listener)
    const response = await gate.send(dispute, sending('POST', '{"status":"disputed"}'))
    expect(await response.json()).toMatchObject({ id: 1, status: 'disputed', iban: '***3456' })
    expect(gate.calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /api/invoices/1',
      'POST /api/invoices/1/dispute',
    ])
    // What the tag is of stands at another address.
    expect(sent).toMatchObject([{ body: '{"status":"disputed"}', ifMatch: undefined }])
    expect(gate.log.drafts.map(({ detail }) => detail)).toMatchObject([
      { stage: 'intended' },
      { stage: 'done' },
    ])
  })

  test('is decided like any other change', async () => {
    const { listener, sent } = store()
    await using gate = await upstreamGate(listener)
    const send = (path: string, body: string): Promise<Response> => gate.send(path, sending('POST', body))
    expect((await send(dispute, '{"number":"x"}')).status).toBe(403)
    expect((await send(dispute, '{"internalNote":"x"}')).status).toBe(400)
    expect((await send('/upstream/crm/invoices/2/dispute', '{"status":"disputed"}')).status).toBe(404)
    expect((await send('/upstream/crm/invoices', '{"status":"disputed"}')).status).toBe(404)
    gate.log.failing = true
    expect((await send(dispute, '{"status":"disputed"}')).status).toBe(503)
    expect(sent).toEqual([])
  })
})
