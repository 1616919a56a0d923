import { compileBundle, type Bundle, type BundleDocument, type FetchedRecord } from '@varco/policy'
import { fixtureDocument, memoryRecordSource, memoryRecordWriter } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import { invoice, upstreamGate } from './upstream/upstream-gate.ts'
import { gatehouse, INVOICES, type Gatehouse } from './gatehouse.ts'

type Fields = NonNullable<BundleDocument['access'][number]['fields']>

const COVERS: Readonly<Record<string, string>> = {
  '1': '[2026-01-01,2026-02-01)',
  '2': '[2026-02-01,2026-03-01)',
}
const LIMITS: Readonly<Record<string, string>> = { '1': '[0.50,10]', '2': 'empty' }
const RECORDS: readonly FetchedRecord[] = INVOICES.map((record) => ({
  ...record,
  covers: COVERS[String(record['id'])] ?? null,
  limits: LIMITS[String(record['id'])] ?? null,
}))

/** The fixture with a range of days and one of numbers in each invoice, shown as a test wants. */
function bundleWith(change: (fields: Fields) => Fields, more: BundleDocument['access'] = []): Bundle {
  const document = fixtureDocument()
  const range = { category: 'economic', title: { it: 'x', en: 'x' }, nullable: true }
  const catalogue = document.catalogue.map((file) =>
    file.resource === 'invoice'
      ? {
          ...file,
          fields: {
            ...file.fields,
            covers: { ...range, type: 'daterange' as const },
            limits: { ...range, type: 'numrange' as const },
          },
        }
      : file,
  )
  const access = document.access.map((rule) =>
    rule.id === 'cc-invoice-enquiry' && rule.fields !== undefined
      ? { ...rule, fields: change(rule.fields) }
      : rule,
  )
  return compileBundle({ ...document, catalogue, access: [...access, ...more] })
}

const plain = (fields: Fields): Fields => ({ ...fields, plain: [...fields.plain, 'covers', 'limits'] })
const gate = (change: (fields: Fields) => Fields): Promise<Gatehouse> =>
  gatehouse({ bundleInForce: bundleWith(change), source: memoryRecordSource({ invoice: RECORDS }) })

describe('a range in plain', () => {
  test('is shown as PostgreSQL writes it', async () => {
    const { json } = await gate(plain)
    expect(await json('/records/invoice?select=id,covers,limits::text&order=id')).toEqual([
      { id: 1, covers: '[2026-01-01,2026-02-01)', limits: '[0.50,10]' },
      { id: 2, covers: '[2026-02-01,2026-03-01)', limits: 'empty' },
    ])
  })

  test('is filtered and ordered by, which is a search that the log tells', async () => {
    const { json, log } = await gate(plain)
    const ids = async (query: string): Promise<unknown> =>
      ((await json(`/records/invoice?select=id&${query}`)) as readonly { id: number }[]).map(({ id }) => id)
    expect(await ids('covers=cs.[2026-01-10,2026-01-20]')).toEqual([1])
    expect(log.last).toMatchObject({ action: 'search', filters: [{ field: 'covers', op: 'cs' }] })
    expect(await ids('covers=sl.[2026-02-01,)')).toEqual([1])
    expect(await ids('covers=not.sl.[2026-02-01,)')).toEqual([2])
    expect(await ids('limits=cd.(0,11)&order=id')).toEqual([1, 2])
    expect(await ids('limits=eq.[0.5,10]')).toEqual([1])
    expect(await ids('limits=in.("[0.5,10.0]",empty)&order=limits.desc')).toEqual([1, 2])
    expect(await ids('or=(limits.eq.empty,covers.adj."[2026-02-01,2026-02-02)")&order=id')).toEqual([1, 2])
    expect(await ids('covers=eq(any).{"[2026-01-01,2026-01-31]","empty"}')).toEqual([1])
    expect(await ids('covers=gt.[2026-01-01,2026-02-01)')).toEqual([2])
    expect(await ids('covers=is.null')).toEqual([])
  })

  test.each([
    ['covers=cs.[2026-01-10,2026-01-', 'invalid-value'],
    ['covers=ov.[2026-02-30,)', 'invalid-value'],
    ['covers=eq.[2026-02-01,2026-01-01)', 'invalid-value'],
    ['covers=cs.2026-01-10', 'invalid-value'],
    ['covers=ov.{2026-01-10}', 'invalid-value'],
    ['limits=in.("[1,2)","[NaN,2)")', 'invalid-value'],
    ["limits=sr.[1,2)'::text", 'invalid-value'],
    ['covers=like.*2026*', 'invalid-query'],
    ['covers=is.true', 'invalid-query'],
    ['covers=fts.2026', 'invalid-query'],
    ['covers->lower=eq.1', 'invalid-query'],
    ['number=adj.[1,2)', 'invalid-query'],
    ['amount=cs.[1,2)', 'invalid-query'],
    ['select=lower(covers)', 'field-not-available'],
  ])('%s is refused as %s, and the value is not sent back', async (query, code) => {
    const { get } = await gate(plain)
    const response = await get(`/records/invoice?${query}`)
    const text = await response.text()
    expect([response.status, JSON.parse(text)]).toMatchObject([400, { code }])
    expect(text).not.toContain('2026-01-10')
  })
})

test('a range that is masked or hidden is neither shown nor found by', async () => {
  const masked = await gate((fields) => ({
    ...fields,
    masked: { ...fields.masked, covers: 'redact', limits: 'hmac' },
  }))
  const [first] = (await masked.json('/records/invoice?id=eq.1&select=covers,limits')) as readonly unknown[]
  expect(first).toEqual({ covers: '***', limits: expect.stringMatching(/^[\w-]{22}$/) as unknown })
  const hidden = await gate((fields) => fields)
  for (const filter of [
    'covers=ov.[2026-01-01,)',
    'covers=adj.empty',
    'limits=eq.empty',
    'order=covers',
    'limits=is.null',
  ]) {
    expect(await (await masked.get(`/records/invoice?${filter}`)).json()).toMatchObject({
      code: 'field-not-plain',
    })
    expect(await (await hidden.get(`/records/invoice?${filter}`)).json()).toMatchObject({
      code: 'field-not-available',
    })
  }
})

test('a rule may ask whether there is one, and rows on which it is hidden are not found by it', async () => {
  const rule = fixtureDocument().access.find(
    ({ id }) => id === 'cc-invoice-enquiry',
  ) as BundleDocument['access'][number]
  const bundle = bundleWith(
    (fields) => fields,
    [
      {
        ...rule,
        id: 'cc-covers',
        where: { limits: { exists: true }, status: { eq: 'paid' } },
        fields: { plain: ['id', 'covers'], masked: {}, hidden: [] },
      },
    ],
  )
  const { json } = await gatehouse({
    bundleInForce: bundle,
    source: memoryRecordSource({ invoice: RECORDS }),
  })
  const select = '/records/invoice?select=id,covers'
  expect(await json(select)).toEqual([{ id: 1 }, { id: 2, covers: '[2026-02-01,2026-03-01)' }])
  expect(await json(`${select}&covers=cs.empty`)).toEqual([{ id: 2, covers: '[2026-02-01,2026-03-01)' }])
  expect(await json(`${select}&covers=cs.[2026-01-01,2026-01-02)`)).toEqual([])
})

test('a range is written in its one form, and what is none is not written', async () => {
  const rule = fixtureDocument().access.find(
    ({ id }) => id === 'cc-invoice-enquiry',
  ) as BundleDocument['access'][number]
  const update: BundleDocument['access'][number] = {
    ...{ ...rule, id: 'cc-covers', actions: ['update'] },
    fields: { plain: ['covers'], masked: {}, hidden: [] },
  }
  const records = { invoice: [...RECORDS] }
  const { send } = await gatehouse({
    bundleInForce: bundleWith(plain, [update]),
    source: {
      fetch: (query) => memoryRecordSource(records).fetch(query),
      count: (set) => memoryRecordSource(records).count(set),
    },
    writer: memoryRecordWriter(records),
  })
  const patch = (covers: unknown): Promise<Response> =>
    send('/records/invoice?id=eq.1', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ covers }),
    })
  expect((await patch('[2026-05-01,2026-05-31]')).status).toBe(204)
  expect(records.invoice.find(({ id }) => id === '1')?.['covers']).toBe('[2026-05-01,2026-06-01)')
  for (const wrong of ['[2026-05-31,2026-05-01]', 'May', 5, ['2026-05-01']]) {
    const response = await patch(wrong)
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'invalid-value' }])
  }
  expect(records.invoice.find(({ id }) => id === '1')?.['covers']).toBe('[2026-05-01,2026-06-01)')
})

test.each([
  ['a range', '[2026-01-01,2026-01-31]', 200],
  ['nothing', null, 200],
  ['what is no range', 'January', 502],
  ['a range that ends before it begins', '[2026-02-01,2026-01-01)', 502],
  ['a list', ['2026-01-01', '2026-02-01'], 502],
])(
  'of an upstream that answers with %s, a range is shown as it came or nothing is',
  async (_, covers, status) => {
    await using upstream = await upstreamGate(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify(invoice(1, { covers })))
      },
      {
        document: bundleWith(plain).document,
        change: (same) => ({
          ...same,
          routes: same.routes.map((route) =>
            'answer' in route
              ? {
                  ...route,
                  answer: route.answer.map((each) => ({ ...each, keys: { ...each.keys, covers: 'covers' } })),
                }
              : route,
          ),
        }),
      },
    )
    const response = await upstream.get('/upstream/crm/invoices/1')
    expect(response.status).toBe(status)
    const body = (await response.json()) as Readonly<Record<string, unknown>>
    expect('covers' in body ? body['covers'] : undefined).toEqual(status === 200 ? covers : undefined)
  },
)
