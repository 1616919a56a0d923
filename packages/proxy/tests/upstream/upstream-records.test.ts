import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { compileBundle, hangingOn, type BundleDocument } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { UpstreamPools, upstreamDisposal, type ProxyDependencies } from '@varco/proxy'
import { expect, onTestFinished, test } from 'vitest'
import { crm, invoice, KEYS, upstreamGate } from './upstream-gate.ts'

/** Invoices are the upstream's alone. */
function documentOf(): BundleDocument {
  const document = fixtureDocument()
  return {
    ...document,
    catalogue: document.catalogue.map((file) =>
      file.resource === 'invoice'
        ? { ...file, source: { upstream: 'crm', delete: { method: 'DELETE', path: '/invoices/{key}' } } }
        : file,
    ),
    retention: [],
  }
}

const listener: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify([invoice(1)]))
}

/** A database that is asked for what it has not answers with a fault. */
const untouched: Partial<ProxyDependencies> = {
  records: {
    fetch: () => Promise.reject(new Error('the database has no invoices')),
    count: () => Promise.reject(new Error('the database has no invoices')),
  },
  writer: { update: () => Promise.reject(new Error('the database has no invoices')) },
}

test('what an upstream alone has is shown through it, and is none of the records’ own', async () => {
  await using gate = await upstreamGate(listener, { document: documentOf(), ...untouched })
  const through = await gate.get('/upstream/crm/invoices')
  expect(through.status).toBe(200)
  expect(await through.json()).toHaveLength(1)
  for (const path of ['/records/invoice', '/records/invoice?id=eq.1', '/records/invoice?select=id&limit=0']) {
    const response = await gate.get(path)
    expect(response.status, path).toBe(404)
    expect(await response.json(), path).toMatchObject({ code: 'unknown-resource' })
    expect(gate.log.last).toMatchObject({ decision: 'deny', resource: 'invoice', disclosures: [] })
  }
  const changed = await gate.send('/records/invoice?id=eq.1', {
    ...{ method: 'PATCH', body: '{"status":"paid"}' },
    headers: { 'content-type': 'application/json' },
  })
  expect(changed.status).toBe(404)
  const search = { subject: { type: 'operator', id: 'anna' }, action: { name: 'read' } }
  const found = await gate.send('/access/v1/search/resource', {
    ...{ method: 'POST', body: JSON.stringify({ ...search, resource: { type: 'invoice' } }) },
    headers: { 'content-type': 'application/json' },
  })
  expect(await found.json()).toMatchObject({ results: [] })
})

test('what an upstream alone has is permitted by its id alone only where no rule looks at more of it', async () => {
  const document = documentOf()
  const access = document.access
    .filter(({ effect }) => effect === 'permit')
    .map((rule) => (rule.id === 'cc-invoice-enquiry' ? { ...rule, where: { id: { in: [1, 2] } } } : rule))
  const evaluation = async (inForce: BundleDocument, id: string): Promise<unknown> => {
    await using gate = await upstreamGate(listener, { document: inForce, ...untouched })
    const question = { subject: { type: 'operator', id: 'anna' }, action: { name: 'read' } }
    const answer = await gate.send('/access/v1/evaluation', {
      ...{ method: 'POST', body: JSON.stringify({ ...question, resource: { type: 'invoice', id } }) },
      headers: { 'content-type': 'application/json' },
    })
    const { decision } = (await answer.json()) as { readonly decision: boolean }
    return [decision, gate.log.last.disclosures.map(({ recordKey }) => recordKey)]
  }
  expect(await evaluation(document, '1')).toEqual([false, []])
  expect(await evaluation({ ...document, access }, '1')).toEqual([true, ['1']])
  expect(await evaluation({ ...document, access }, '3')).toEqual([false, []])
})

/** Answers as the test says to whoever takes invoices away that hang on producers. */
async function disposalAt(answer: RequestListener) {
  const calls: string[] = []
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url} ${request.headers.authorization ?? '-'}`)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
  const pools = new UpstreamPools({ crm: { base, authorization: 'Bearer of-varco' } })
  onTestFinished(async () => {
    await pools[Symbol.asyncDispose]()
    server.closeAllConnections()
    server.close()
  })
  const bundle = compileBundle({ ...documentOf(), upstreams: [crm('http://elsewhere.example')] })
  const producer = bundle.resources.get('producer' as never)
  const [hanging] = producer === undefined ? [] : hangingOn(bundle, producer)
  if (hanging === undefined) throw new Error('no invoice hangs on a producer')
  return { calls, hanging, disposal: upstreamDisposal(async () => pools) }
}

test('records are found and taken away where the installation says, as Varco, and under their own names', async () => {
  const { calls, hanging, disposal } = await disposalAt((request, response) => {
    const body = request.method === 'GET' ? JSON.stringify([invoice(1), invoice(2)]) : ''
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
  const found = await disposal.find(hanging, 'P1 & co')
  expect(found.ok && found.records.map((record) => record['id'])).toEqual(['1', '2'])
  expect(found.ok && Object.keys(found.records[0] ?? {}).toSorted()).toEqual(Object.values(KEYS).toSorted())
  expect(await disposal.remove(hanging, '1')).toEqual({ ok: true, was: 'there' })
  expect(calls).toEqual([
    'GET /api/invoices?producerId=P1%20%26%20co Bearer of-varco',
    'DELETE /api/invoices/1 Bearer of-varco',
  ])
})

test.each([
  [200, { ok: true, was: 'there' }],
  [204, { ok: true, was: 'there' }],
  [404, { ok: true, was: 'absent' }],
  [410, { ok: true, was: 'absent' }],
  [202, { ok: false, refused: false, outcome: 'status-202' }],
  [207, { ok: false, refused: false, outcome: 'status-207' }],
  [302, { ok: false, refused: false, outcome: 'redirect' }],
  [403, { ok: false, refused: true, outcome: 'status-403' }],
  [409, { ok: false, refused: true, outcome: 'status-409' }],
  [429, { ok: false, refused: false, outcome: 'status-429' }],
  [503, { ok: false, refused: false, outcome: 'status-503' }],
])('of an answer %i to a removal it is told %o', async (status, expected) => {
  const { hanging, disposal } = await disposalAt((_, response) => {
    // What it says besides is of no interest, however much it is.
    response
      .writeHead(status, { location: 'http://127.0.0.1:1/' })
      .end(status === 204 ? '' : 'x'.repeat(100_000))
  })
  expect(await disposal.remove(hanging, '1')).toEqual(expected)
})

test('an upstream that says what a secret is tells nobody: outcomes are words of ours', async () => {
  const { hanging, disposal } = await disposalAt((_, response) => {
    response.writeHead(500, 'secret', { 'content-type': 'application/json' }).end('{"error":"secret"}')
  })
  expect(JSON.stringify(await disposal.remove(hanging, '1'))).not.toContain('secret')
  expect(JSON.stringify(await disposal.find(hanging, 'P1'))).not.toContain('secret')
})
