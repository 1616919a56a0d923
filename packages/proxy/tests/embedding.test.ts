import { UnavailableError } from '@varco/core'
import { compileBundle, type Bundle, type BundleDocument, type FetchedRecord } from '@varco/policy'
import { fixtureDocument, memoryRecordSource } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import { gatehouse, INVOICES, type Gatehouse, type GatehouseOptions } from './gatehouse.ts'

type Rule = BundleDocument['access'][number]

const PRODUCERS: readonly FetchedRecord[] = [producer('P1', 'Anna Rossi'), producer('P2', 'Bruno Bianchi')]

function producer(id: string, name: string): FetchedRecord {
  return {
    ...{ id, name, tax_code: 'RSSMRA80A01H501U', birth_date: '1980-01-01' },
    ...{ email: 'a@b.example', iban: 'IT60X0542811101000000123456', region: 'Lazio' },
  }
}

/** The fixture, with the way back from a producer to the invoices, and with rules changed as a test wants. */
function bundleWith(change: (rules: readonly Rule[]) => readonly Rule[] = (rules) => rules): Bundle {
  const document = fixtureDocument()
  const catalogue = document.catalogue.map((file) =>
    file.resource === 'producer'
      ? {
          ...file,
          relations: { invoices: { resource: 'invoice', field: 'id', to: 'producer_id', many: true } },
        }
      : file,
  )
  return compileBundle({ ...document, catalogue, access: [...change(document.access)] })
}

async function gate(bundle = bundleWith(), options: GatehouseOptions = {}): Promise<Gatehouse> {
  const source = memoryRecordSource({ invoice: INVOICES, producer: PRODUCERS })
  return gatehouse({ bundleInForce: bundle, source, ...options })
}

function changing(id: string, change: (rule: Rule) => Rule): (rules: readonly Rule[]) => readonly Rule[] {
  return (rules) => rules.map((rule) => (rule.id === id ? change(rule) : rule))
}

const WITH_PRODUCER = '/records/invoice?id=eq.1&select=number,producer(name,tax_code)'

describe('one record within each', () => {
  test('is shown as its own rules say', async () => {
    const { get } = await gate()
    const response = await get(WITH_PRODUCER)
    expect([response.status, await response.json()]).toEqual([
      200,
      [{ number: '2026/1', producer: { name: 'Anna Rossi', tax_code: 'R***U' } }],
    ])
    expect(response.headers.get('varco-masked')).toBe('producer.tax_code')
  })

  test('is an access of its own in the log, under the same request', async () => {
    const { get, log } = await gate()
    const response = await get('/records/invoice?select=number,producer(name,tax_code)')
    expect(response.headers.get('varco-event')).toBe('proxy-1.1.1')
    expect(log.drafts).toHaveLength(2)
    expect(log.drafts[0]).toMatchObject({
      resource: 'invoice',
      requestId: 'req-1',
      plain: ['number'],
      masked: [],
      detail: null,
    })
    expect(log.drafts[0]?.disclosures).toHaveLength(2)
    expect(log.drafts[1]).toMatchObject({
      ...{
        resource: 'producer',
        requestId: 'req-1',
        action: 'read',
        decision: 'permit',
        operator: 'AUR-7F3A',
      },
      ...{ plain: ['name'], masked: ['tax_code'], detail: { embedded_in: 'invoice' }, filters: [] },
      rules: expect.arrayContaining(['cc-producer-enquiry']) as unknown,
      // Both invoices are the one producer's, who is disclosed once.
      disclosures: [{ resource: 'producer', recordKey: 'P1', dataSubject: { kind: 'producer', id: 'P1' } }],
    })
  })

  test('under another name, with everything visible', async () => {
    const { json } = await gate()
    expect(await json('/records/invoice?id=eq.1&select=id,who:producer(*)')).toEqual([
      {
        id: 1,
        who: expect.objectContaining({
          id: 'P1',
          name: 'Anna Rossi',
          email: '***',
          birth_date: '1980',
        }) as unknown,
      },
    ])
  })

  test('alone, without any field of its owner', async () => {
    const { json, log } = await gate()
    expect(await json('/records/invoice?id=eq.1&select=producer(id)')).toEqual([{ producer: { id: 'P1' } }])
    expect(log.drafts[0]).toMatchObject({ plain: [], masked: [] })
    expect(log.drafts[0]?.disclosures).toHaveLength(1)
  })

  test('that its own rules keep out is null', async () => {
    const { json, log } = await gate(
      bundleWith(changing('cc-producer-enquiry', (rule) => ({ ...rule, where: { id: { eq: 'P9' } } }))),
    )
    expect(await json(WITH_PRODUCER)).toEqual([{ number: '2026/1', producer: null }])
    expect(log.drafts[1]).toMatchObject({ resource: 'producer', disclosures: [], plain: [], masked: [] })
  })

  test('waits for every event: one that cannot be written shows nothing', async () => {
    const { get, log } = await gate()
    let events = 0
    log.beforeCommit = async () => {
      if (++events === 2) throw new UnavailableError('access-log')
    }
    const response = await get(WITH_PRODUCER)
    expect(response.status).toBe(503)
    expect(await response.text()).not.toMatch(/2026|Rossi/)
  })
})

describe('many records within each', () => {
  const PATH = '/records/producer?id=eq.P1&select=name,invoices(id,status)'

  test('are those the rules permit, filtered, ordered and limited by their own parameters', async () => {
    const { json, log } = await gate()
    expect(await json(PATH)).toEqual([
      {
        name: 'Anna Rossi',
        invoices: [
          { id: 1, status: 'issued' },
          { id: 2, status: 'paid' },
        ],
      },
    ])
    expect(await json(`${PATH}&invoices.status=eq.paid`)).toEqual([
      { name: 'Anna Rossi', invoices: [{ id: 2, status: 'paid' }] },
    ])
    expect(log.last).toMatchObject({
      resource: 'invoice',
      action: 'search',
      filters: [{ field: 'status', op: 'eq', value: 'paid' }],
    })
    expect(await json(`${PATH}&invoices.order=id.desc&invoices.limit=1`)).toEqual([
      { name: 'Anna Rossi', invoices: [{ id: 2, status: 'paid' }] },
    ])
    // What was skipped was not shown.
    expect(log.last.disclosures.map(({ recordKey }) => recordKey)).toEqual(['2'])
    expect(await json(`${PATH}&invoices.or=(id.eq.9,status.eq.sealed)`)).toEqual([
      { name: 'Anna Rossi', invoices: [] },
    ])
  })

  test('make their owner drop out when they are required and there are none', async () => {
    const { json } = await gate()
    const inner = '/records/producer?select=name,invoices!inner(id)'
    expect(await json(`${inner}&invoices.status=eq.paid`)).toEqual([
      { name: 'Anna Rossi', invoices: [{ id: 2 }] },
    ])
    // The sealed invoice is there, and out of reach.
    expect(await json(`${inner}&invoices.status=eq.sealed`)).toEqual([])
    expect(await json(`${inner.replace('!inner', '')}&invoices.status=eq.sealed`)).toEqual([
      { name: 'Anna Rossi', invoices: [] },
    ])
  })

  test('beyond the bound are refused, for a part would be taken for all', async () => {
    const { get, log } = await gate(bundleWith(), { limits: { records: 1 } })
    const response = await get('/records/producer?select=name,invoices(id)')
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'too-many-records' }])
    expect(log.drafts).toMatchObject([
      { decision: 'deny', resource: 'producer', plain: [], disclosures: [{ recordKey: 'P1' }] },
      {
        ...{ decision: 'deny', resource: 'invoice', plain: [], detail: { embedded_in: 'producer' } },
        disclosures: [{ recordKey: '1' }, { recordKey: '2' }],
      },
    ])
  })

  test('and one of each within those', async () => {
    const { json, log } = await gate()
    expect(await json('/records/producer?select=id,invoices(id,producer(name))&invoices.id=eq.1')).toEqual([
      { id: 'P1', invoices: [{ id: 1, producer: { name: 'Anna Rossi' } }] },
    ])
    expect(log.drafts.map(({ resource }) => resource)).toEqual(['producer', 'invoice', 'producer'])
  })
})

describe('one record’s fields among the owner’s own', () => {
  test('as its own rules say, and null where there is none', async () => {
    const { json, log } = await gate(
      bundleWith(changing('cc-invoice-enquiry', (rule) => ({ ...rule, where: { id: { exists: true } } }))),
      { source: memoryRecordSource({ invoice: INVOICES, producer: PRODUCERS.slice(0, 1) }) },
    )
    const path = '/records/invoice?select=id,...producer(name,code:tax_code)&id=in.(1,4)'
    expect(await json(path)).toEqual([
      { id: 1, name: 'Anna Rossi', code: 'R***U' },
      { id: 4, name: null, code: null },
    ])
    expect(log.last).toMatchObject({ resource: 'producer', plain: ['name'], masked: ['tax_code'] })
    expect(await json(path, { accept: 'application/vnd.pgrst.array+json;nulls=stripped' })).toEqual([
      { id: 1, name: 'Anna Rossi', code: 'R***U' },
      { id: 4 },
    ])
  })

  test('of many: a list for each field, in one order, each record decided and recorded', async () => {
    const { json, log } = await gate()
    const path = '/records/producer?id=eq.P1&select=name,...invoices(id,was:status,account:iban)'
    expect(await json(`${path}&invoices.order=id.desc`)).toEqual([
      ...[{ name: 'Anna Rossi', id: [2, 1], was: ['paid', 'issued'], account: ['***3456', '***3456'] }],
    ])
    expect(log.last).toMatchObject({
      ...{ resource: 'invoice', plain: ['id', 'status'], masked: ['iban'] },
      disclosures: [{ recordKey: '2' }, { recordKey: '1' }],
    })
    expect(await json(`${path}&invoices.status=eq.sealed`)).toEqual([
      { name: 'Anna Rossi', id: [], was: [], account: [] },
    ])
  })

  test('of many, with one of each within', async () => {
    const { get, json } = await gate()
    const path = '/records/producer?id=eq.P1&select=...invoices(number,producer(name))&invoices.id=eq.1'
    expect(await json(path)).toEqual([{ number: ['2026/1'], producer: [{ name: 'Anna Rossi' }] }])
    const response = await get(path.replace('producer(name)', '...producer(name)'))
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'not-supported' }])
  })

  test('of many: nothing stands in the list where a record does not show the field', async () => {
    const { json } = await gate(
      bundleWith((rules) =>
        rules.flatMap((rule) =>
          rule.id === 'cc-invoice-enquiry'
            ? [
                { ...rule, fields: { plain: ['id', 'producer_id'], masked: {}, hidden: [] } },
                { ...rule, id: 'cc-paid-invoices', where: { status: { eq: 'paid' } } },
              ]
            : [rule],
        ),
      ),
    )
    expect(await json('/records/producer?id=eq.P1&select=...invoices(id,status)')).toEqual([
      { id: [1, 2], status: [null, 'paid'] },
    ])
  })
})

describe('whether there is any', () => {
  test('is asked without showing it, and recorded all the same', async () => {
    const { json, log } = await gate()
    const path = '/records/producer?select=id,invoices()&invoices.status=eq.paid'
    expect(await json(`${path}&invoices=not.is.null`)).toEqual([{ id: 'P1' }])
    expect(log.last).toMatchObject({ resource: 'invoice', plain: [], disclosures: [{ recordKey: '2' }] })
    expect(await json(`${path}&invoices=is.null`)).toEqual([])
    expect(await json(`${path}&or=(id.eq.P9,invoices.is.null)`)).toEqual([])
  })

  test.each(['invoices!inner()', '...invoices!inner()'])('told by %s is recorded', async (embed) => {
    const { json, log } = await gate()
    expect(await json(`/records/producer?select=id,${embed}&invoices.status=eq.paid`)).toEqual([{ id: 'P1' }])
    expect(log.last).toMatchObject({ resource: 'invoice', plain: [], disclosures: [{ recordKey: '2' }] })
  })

  test.each([
    'select=id,invoices!inner(id)&invoices.limit=0',
    'select=id,invoices!inner(id)&invoices.offset=9',
    'select=id,...invoices!inner()&invoices.limit=0',
    'select=id,invoices()&invoices=not.is.null&invoices.limit=0',
    'select=id,invoices(id)&or=(id.eq.P9,invoices.is.null)&invoices.offset=1',
  ])('is not told past what is recorded: %s', async (query) => {
    const { get, log } = await gate()
    const response = await get(`/records/producer?${query}`)
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'not-supported' }])
    expect(log.last).toMatchObject({ decision: 'deny', disclosures: [] })
  })

  test('knows nothing of records that the rules keep out', async () => {
    const { json } = await gate()
    const path = '/records/producer?select=id,invoices()&invoices.status=eq.sealed'
    expect(await json(`${path}&invoices=is.null`)).toEqual([{ id: 'P1' }])
    expect(await json(`${path}&invoices=not.is.null`)).toEqual([])
  })
})

describe('order by a field of what belongs to each', () => {
  const everyInvoice = changing('cc-invoice-enquiry', (rule) => ({
    ...rule,
    where: { id: { exists: true } },
  }))
  const everyProducer = changing('cc-producer-enquiry', (rule) => ({
    ...rule,
    where: { id: { exists: true } },
  }))
  const PATH = '/records/invoice?select=id,producer(name)&id=in.(2,4)'

  test('puts them as that field says', async () => {
    const { json } = await gate(bundleWith((rules) => everyProducer(everyInvoice(rules))))
    const ids = async (order: string): Promise<unknown> =>
      ((await json(`${PATH}&order=${order}`)) as readonly { id: number }[]).map(({ id }) => id)
    expect(await ids('producer(name)')).toEqual([2, 4])
    expect(await ids('producer(name).desc')).toEqual([4, 2])
  })

  test('where the record is out of reach, or the field not plain on it, as if there were none', async () => {
    const hidden = bundleWith((rules) => everyInvoice(rules))
    const ids = async (bundle: Bundle, order: string): Promise<unknown> => {
      const { json } = await gate(bundle)
      return ((await json(`${PATH}&order=${order}`)) as readonly { id: number }[]).map(({ id }) => id)
    }
    // The other producer is not the ticket's: its name, which sorts last, puts nothing in its place.
    expect(await ids(hidden, 'producer(name).desc.nullslast')).toEqual([2, 4])
    expect(await ids(hidden, 'producer(name).desc.nullsfirst')).toEqual([4, 2])
  })
})

describe('what ties records together', () => {
  const masking =
    (field: string): ((rule: Rule) => Rule) =>
    (rule) => ({
      ...rule,
      fields: {
        plain: (rule.fields?.plain ?? []).filter((name) => name !== field),
        masked: { ...rule.fields?.masked, [field]: 'hmac' },
        hidden: [],
      },
    })

  test.each([
    ['of the owner', 'cc-invoice-enquiry', 'producer_id'],
    ['of the embedded', 'cc-producer-enquiry', 'id'],
  ])('must be plain on the side %s, or there is no such relation', async (_, rule, field) => {
    const { get, log } = await gate(bundleWith(changing(rule, masking(field))))
    const response = await get(WITH_PRODUCER)
    const absent = await get('/records/invoice?id=eq.1&select=number,ghost(name)')
    const codeOf = async (each: Response): Promise<unknown> => [
      each.status,
      ((await each.json()) as { code: string }).code,
    ]
    expect(await codeOf(response)).toEqual([400, 'field-not-available'])
    expect(await codeOf(absent)).toEqual([400, 'field-not-available'])
    expect(log.drafts.every(({ decision }) => decision === 'deny')).toBe(true)
  })

  test('not a name that objects happen to have', async () => {
    const { get } = await gate()
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect((await get(`/records/invoice?select=id,${name}(id)`)).status).toBe(400)
    }
  })
})

describe('refuses', () => {
  test('the whole, as if there were no such relation, when no rule opens the embedded one; the log knows better', async () => {
    const bundle = bundleWith((rules) => rules.filter(({ id }) => id !== 'cc-producer-enquiry'))
    const { get, log } = await gate(bundle)
    const response = await get(WITH_PRODUCER)
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'field-not-available' }])
    expect(log.drafts).toHaveLength(1)
    expect(log.last).toMatchObject({
      decision: 'deny',
      resource: 'producer',
      action: 'read',
      reasons: ['no-rule'],
      disclosures: [],
    })
  })

  test.each([
    ['select=id,producer(iban)&producer.iban=like.*3456', 'field-not-plain'],
    ['select=id,producer(region)', 'field-not-available'],
    ['select=id,producer(ghost)', 'field-not-available'],
    ['select=id,producer(name)&producer.ghost=eq.1', 'field-not-available'],
    ['select=id,producer(name)&producer.id=gt.%00', 'invalid-value'],
    ['select=id,producer(name)&other.name=eq.x', 'not-supported'],
    ['select=id,producer(name,invoices(id,producer(id,invoices(id))))', 'not-supported'],
    ['select=id,...producer(id)', 'invalid-query'],
    ['select=*,...producer(name,iban)', 'invalid-query'],
    ['select=id,producer!producer_id_fkey(name)', 'not-supported'],
    ['select=id,producer(name),producer(id)', 'invalid-query'],
    ['select=id,producer(name', 'invalid-query'],
    ['select=id,ghost()', 'field-not-available'],
    ['select=id,producer(name)&order=producer(tax_code)', 'field-not-plain'],
    ['select=id,producer(name)&order=producer(region)', 'field-not-available'],
    ['select=id,producer(name)&order=producer(ghost)', 'field-not-available'],
    ['select=id&order=producer(name)', 'field-not-available'],
    ['select=id,producer(name)&order=producer(name->>x)', 'invalid-query'],
  ])('%s as %s', async (query, code) => {
    const { get, log } = await gate()
    const response = await get(`/records/invoice?${query}`)
    expect([response.status, await response.json()]).toMatchObject([400, { code }])
    expect(log.last).toMatchObject({ decision: 'deny', disclosures: [] })
  })

  test('relations in a table', async () => {
    const { get } = await gate()
    const response = await get(WITH_PRODUCER, { accept: 'text/csv' })
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'not-supported' }])
  })
})
