import type { FetchedRecord } from '@varco/policy'
import { compileBundle, type BundleDocument, type RecordWriter } from '@varco/policy'
import { fixtureDocument, memoryRecordSource, memoryRecordWriter } from '@varco/policy/testing'
import { UnavailableError } from '@varco/core'
import { describe, expect, test } from 'vitest'
import type { CanaryWatch } from '../src/dependencies.ts'
import { gatehouse, INVOICES, type Gatehouse } from './gatehouse.ts'

type RuleInput = Partial<BundleDocument['access'][number]> & { readonly id: string }

const UPDATE: RuleInput = {
  id: 'cc-invoice-note',
  effect: 'permit',
  role: ['contact-centre.operator'],
  actions: ['update'],
  resource: 'invoice',
  purposes: ['invoice-enquiry'],
  where: { producer_id: { eq: '$ticket.data_subject' }, status: { in: ['issued', 'disputed'] } },
  fields: { plain: ['status', 'amount', 'issued_on'], masked: {}, hidden: [] },
  require: { ticket: 'open', grant: false },
  because: 'Allegato A.3: correzione della fattura',
}

interface Desk extends Gatehouse {
  readonly records: Record<string, FetchedRecord[]>
  readonly patch: (
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string | null>>,
  ) => Promise<Response>
}

interface DeskOptions {
  readonly rules?: readonly RuleInput[]
  readonly document?: (document: BundleDocument) => BundleDocument
  readonly writer?: (records: Record<string, FetchedRecord[]>) => RecordWriter
  readonly reject?: (record: FetchedRecord) => boolean
  readonly canaryWatch?: CanaryWatch
}

async function desk({
  rules = [UPDATE],
  document = (same) => same,
  ...more
}: DeskOptions = {}): Promise<Desk> {
  const records = { invoice: [...INVOICES] }
  const written = fixtureDocument()
  const whole = document({ ...written, access: [...written.access, ...(rules as BundleDocument['access'])] })
  const gate = await gatehouse({
    bundleInForce: compileBundle(whole),
    source: {
      fetch: (query) => memoryRecordSource(records).fetch(query),
      count: (set) => memoryRecordSource(records).count(set),
    },
    writer: more.writer?.(records) ?? memoryRecordWriter(records, more.reject),
    ...(more.canaryWatch === undefined ? {} : { canaryWatch: more.canaryWatch }),
  })
  return {
    ...gate,
    records,
    patch: (path, body, headers = {}) =>
      gate.send(path, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}

const statusOf = ({ records }: Desk, id: string): unknown =>
  records['invoice']?.find((record) => record['id'] === id)?.['status']
const codeOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { readonly code: unknown }).code

describe('an update', () => {
  test('changes the field, and says nothing back unless it is wanted', async () => {
    const gate = await desk()
    const response = await gate.patch('/records/invoice?id=eq.1', { status: 'disputed' })
    expect(response.status).toBe(204)
    expect(await response.text()).toBe('')
    expect(response.headers.get('preference-applied')).toBe('return=minimal')
    expect(statusOf(gate, '1')).toBe('disputed')
    expect(statusOf(gate, '4')).toBe('issued')
  })

  test('is recorded before it is made: whose, which fields, and no value', async () => {
    const gate = await desk()
    const whenRecorded: unknown[] = []
    gate.log.beforeCommit = async () => {
      whenRecorded.push(statusOf(gate, '1'))
    }
    const response = await gate.patch('/records/invoice?id=eq.1', { status: 'disputed', amount: 9.5 })
    expect(whenRecorded).toEqual(['issued', 'disputed'])
    const [intended, done, ...others] = gate.log.drafts
    expect(others).toEqual([])
    expect(intended).toMatchObject({
      ...{ kind: 'access', action: 'update', resource: 'invoice', decision: 'permit', plain: [], masked: [] },
      rules: ['cc-invoice-note', 'cc-invoice-enquiry'],
      filters: [{ field: 'id', op: 'eq', value: '1' }],
      disclosures: [{ resource: 'invoice', recordKey: '1', dataSubject: { kind: 'producer', id: 'P1' } }],
      changes: [
        { field: 'status', record: 0, before: '"issued"', after: '"disputed"' },
        { field: 'amount', record: 0, before: '"120.5"', after: '"9.5"' },
      ],
      detail: { stage: 'intended', records: 1 },
    })
    expect(done).toMatchObject({
      action: 'update',
      disclosures: [],
      detail: { stage: 'done', of: 'proxy-1.1.1' },
    })
    expect(response.headers.get('varco-event')).toBe('proxy-1.1.2')
  })

  test('gives the record back as the caller may read it, and records that', async () => {
    const gate = await desk()
    const response = await gate.patch(
      '/records/invoice?id=eq.1&select=id,status,iban',
      { status: 'disputed' },
      {
        prefer: 'return=representation, count=exact',
      },
    )
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual([{ id: 1, status: 'disputed', iban: '***3456' }])
    expect(response.headers.get('content-range')).toBe('0-0/1')
    expect(response.headers.get('varco-masked')).toBe('iban')
    expect(gate.log.last).toMatchObject({
      plain: ['id', 'status'],
      masked: ['iban'],
      disclosures: [{ recordKey: '1' }],
      detail: { stage: 'done' },
    })
  })

  test('keeps every digit of a number', async () => {
    const gate = await desk()
    await gate.patch('/records/invoice?id=eq.1', '{"amount": 12345678901234567890.123456789}')
    expect(gate.records['invoice']?.[0]).toMatchObject({ amount: '12345678901234567890.123456789' })
  })

  test('that finds nothing changes nothing, and is recorded', async () => {
    const gate = await desk()
    expect((await gate.patch('/records/invoice?id=eq.99', { status: 'disputed' })).status).toBe(204)
    expect(gate.log.last).toMatchObject({ disclosures: [], detail: { stage: 'done', records: 0 } })
  })

  test('leaves out what the change has taken out of sight', async () => {
    const gate = await desk()
    const response = await gate.patch(
      '/records/invoice?id=eq.1',
      { status: 'annulled' },
      {
        prefer: 'return=representation',
      },
    )
    expect(await response.json()).toEqual([])
    expect(statusOf(gate, '1')).toBe('annulled')
  })
})

describe('an update is refused', () => {
  test.each([
    ['a field that no update rule makes plain', 'id=eq.1', { number: 'x' }, 403, 'field-not-writable'],
    ['a field that is hidden', 'id=eq.1', { undeclared: 'x' }, 400, 'field-not-available'],
    ['a value that is not of its field’s type', 'id=eq.1', { amount: 'much' }, 400, 'invalid-value'],
    ['a date that does not exist', 'id=eq.1', { issued_on: '2026-02-30' }, 400, 'invalid-value'],
    ['null where there must be something', 'id=eq.1', { status: null }, 400, 'invalid-value'],
    ['an object for a text', 'id=eq.1', { status: { $ne: 1 } }, 400, 'invalid-value'],
    ['nothing to change', 'id=eq.1', {}, 400, 'invalid-query'],
    ['a list', 'id=eq.1', [{ status: 'disputed' }], 400, 'invalid-query'],
    ['every record there is', '', { status: 'disputed' }, 400, 'invalid-query'],
    ['some of the records found', 'id=gt.0&limit=1', { status: 'disputed' }, 400, 'not-supported'],
    [
      'a filter on a field that is masked',
      'iban=eq.IT60X0542811101000000123456',
      { status: 'disputed' },
      400,
      'field-not-plain',
    ],
    [
      'a filter on a field that is hidden',
      'issued_on=eq.2026-02-01',
      { status: 'disputed' },
      400,
      'field-not-available',
    ],
  ])('for %s', async (_, query, body, status, code) => {
    const gate = await desk()
    const response = await gate.patch(`/records/invoice?${query}`, body)
    expect(response.status).toBe(status)
    expect(await codeOf(response)).toBe(code)
    expect(gate.records['invoice']).toEqual(INVOICES)
    expect(gate.log.last).toMatchObject({ decision: 'deny', action: 'update', reasons: [code] })
  })

  test('for a field, which the log names where the catalogue does', async () => {
    const gate = await desk()
    const fieldOf = async (query: string, body: object): Promise<unknown> => {
      await gate.patch(`/records/invoice?${query}`, body)
      return gate.log.last.detail
    }
    expect(await fieldOf('id=eq.1', { status: 'disputed', number: 'x' })).toEqual({ field: 'number' })
    expect(await fieldOf('iban=is.null', { status: 'disputed' })).toEqual({ field: 'iban' })
    expect(await fieldOf('id=eq.1', { undeclared: 'x' })).toBeNull()
  })

  test('in the same words for a hidden field and for one that does not exist', async () => {
    const gate = await desk({ rules: [{ ...UPDATE, fields: { plain: ['status'], masked: {}, hidden: [] } }] })
    const answers = await Promise.all(
      ['issued_on', 'nonsense'].map(async (field) => {
        const response = await gate.patch('/records/invoice?id=eq.1', { [field]: 'x' })
        const problem = (await response.json()) as Record<string, unknown>
        return { ...problem, request: null, event: null }
      }),
    )
    expect(answers[0]).toEqual(answers[1])
  })

  test('outside the annex, and with nobody’s rule behind it', async () => {
    const gate = await desk()
    const elsewhere = { 'varco-purpose': 'antimafia-assessment' }
    expect(await codeOf(await gate.patch('/records/invoice?id=eq.1', { status: 'x' }, elsewhere))).toBe(
      'outside-annex',
    )
    const without = await desk({ rules: [] })
    expect(await codeOf(await without.patch('/records/invoice?id=eq.1', { status: 'x' }))).toBe('no-rule')
    expect(without.records['invoice']).toEqual(INVOICES)
  })

  test('for a resource that is none of the caller’s business as for one that does not exist', async () => {
    const gate = await desk()
    for (const name of ['antimafia', 'nonsense']) {
      const response = await gate.patch(`/records/${name}?id=eq.1`, { status: 'x' })
      expect(response.status).toBe(404)
    }
  })

  test('without a token, without a ticket, and where nothing can be written', async () => {
    const gate = await desk()
    expect((await gate.patch('/records/invoice?id=eq.1', {}, { authorization: null })).status).toBe(401)
    expect(
      await codeOf(await gate.patch('/records/invoice?id=eq.1', { status: 'x' }, { 'varco-ticket': null })),
    ).toBe('no-ticket')
    const readOnly = await gatehouse()
    const response = await readOnly.send('/records/invoice?id=eq.1', { method: 'PATCH', body: '{}' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, HEAD')
  })

  test('for a body that is no JSON, too long, compressed or not UTF-8', async () => {
    const gate = await desk()
    const path = '/records/invoice?id=eq.1'
    expect(
      (await gate.patch(path, 'status=x', { 'content-type': 'application/x-www-form-urlencoded' })).status,
    ).toBe(415)
    expect((await gate.patch(path, '{}', { 'content-encoding': 'gzip' })).status).toBe(415)
    expect((await gate.patch(path, { status: 'x'.repeat(70_000) })).status).toBe(413)
    expect((await gate.patch(path, '{"status": "x"')).status).toBe(400)
    const bytes = Buffer.concat([Buffer.from('{"status":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])
    const response = await gate.send(path, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: bytes,
    })
    expect(response.status).toBe(400)
    expect((await gate.patch(path, '['.repeat(30_000))).status).toBe(400)
    expect(gate.records['invoice']).toEqual(INVOICES)
  })

  test('by the tables, in words that tell nothing of why', async () => {
    const gate = await desk({ reject: ({ status }) => status === 'disputed' })
    const response = await gate.patch('/records/invoice?id=eq.1', { status: 'disputed' })
    expect(response.status).toBe(409)
    expect(await codeOf(response)).toBe('not-written')
    expect(gate.log.drafts.map(({ detail }) => detail?.['stage'])).toEqual(['intended', 'not-done'])
  })
})

describe('rows', () => {
  test('on which the rule does not hold are out of reach, however they are named', async () => {
    const gate = await desk()
    // 2 is paid, 3 is sealed, 4 is another person's.
    const response = await gate.patch(
      '/records/invoice?id=in.(1,2,3,4)',
      { status: 'disputed' },
      {
        prefer: 'return=representation',
      },
    )
    expect(await response.json()).toMatchObject([{ id: 1 }])
    expect(gate.records['invoice']?.map(({ status }) => status)).toEqual([
      'disputed',
      'paid',
      'sealed',
      'issued',
    ])
  })

  test('on which one of the fields may not be written are not changed at all', async () => {
    const narrower: RuleInput = {
      ...{ id: 'no-amount-of-issued', effect: 'forbid', actions: ['update'], resource: 'invoice' },
      where: { status: { eq: 'issued' } },
      fields: { plain: [], masked: {}, hidden: ['amount'] },
      require: { ticket: 'none', grant: false },
      because: 'Gli importi emessi non si toccano',
    }
    const gate = await desk({ rules: [UPDATE, narrower] })
    await gate.patch('/records/invoice?id=eq.1', { amount: '1', status: 'disputed' })
    expect(gate.records['invoice']?.[0]).toMatchObject({ amount: '120.50', status: 'issued' })
    await gate.patch('/records/invoice?id=eq.1', { status: 'disputed' })
    expect(statusOf(gate, '1')).toBe('disputed')
  })
})

describe('how many', () => {
  test('more than the caller allows, or than one may change at once: none', async () => {
    const gate = await desk()
    const all = '/records/invoice?id=gt.0'
    const refused = await gate.patch(
      all,
      { status: 'disputed' },
      { prefer: 'handling=strict, max-affected=0' },
    )
    expect(refused.status).toBe(400)
    expect(await codeOf(refused)).toBe('PGRST124')
    expect(gate.log.last).toMatchObject({ decision: 'deny', disclosures: [{ recordKey: '1' }] })
    expect(gate.records['invoice']).toEqual(INVOICES)
    expect((await gate.patch(all, { status: 'disputed' }, { prefer: 'max-affected=1' })).status).toBe(204)
  })

  test('one object was asked for and it is not one: none', async () => {
    const gate = await desk()
    const response = await gate.patch(
      '/records/invoice?id=eq.9',
      { status: 'x' },
      {
        ...{ accept: 'application/vnd.pgrst.object+json', prefer: 'return=representation' },
      },
    )
    expect(response.status).toBe(406)
    expect(await codeOf(response)).toBe('PGRST116')
  })

  test('what is refused for their number counts as much as what is done: guesses are not for free', async () => {
    const touches: string[] = []
    const gate = await desk({
      rules: [{ ...UPDATE, require: { ticket: 'open', grant: false, max_records_per_hour: 3 } }],
      document: ({ catalogue, ...document }) => ({
        ...document,
        catalogue: catalogue.map((file) =>
          file.resource === 'invoice' ? { ...file, canaries: ['1'] } : file,
        ),
      }),
      canaryWatch: { touched: ({ resource }) => touches.push(resource) },
    })
    const guess = (prefix: string): Promise<Response> =>
      gate.patch(
        `/records/invoice?number=like.${prefix}*`,
        { status: 'disputed' },
        { prefer: 'handling=strict, max-affected=0' },
      )
    const told: (readonly [number, unknown])[] = []
    for (const prefix of ['2025', '2026', '2026/1', '2026/1', '2026/1', '2025']) {
      const response = await guess(prefix)
      told.push([response.status, response.status === 204 ? null : await codeOf(response)])
    }
    expect(told).toEqual([
      ...[[204, null] as const, [400, 'PGRST124'] as const, [400, 'PGRST124'] as const],
      ...[[400, 'PGRST124'] as const, [429, 'budget-spent'] as const, [429, 'budget-spent'] as const],
    ])
    expect(touches).toHaveLength(3)
    expect(gate.log.drafts.filter(({ reasons }) => reasons.includes('canary-touched'))).toMatchObject(
      [1, 2, 3].map(() => ({
        ...{ decision: 'deny', action: 'update', filters: [{ field: 'number', op: 'like' }] },
        ...{ disclosures: [{ recordKey: '1' }], detail: { canaries: 1 } },
      })),
    )
  })

  test('a rule’s bound on records an hour holds for changes too', async () => {
    const gate = await desk({
      rules: [{ ...UPDATE, require: { ticket: 'open', grant: false, max_records_per_hour: 2 } }],
    })
    const again = (): Promise<Response> => gate.patch('/records/invoice?id=eq.1', { status: 'disputed' })
    expect([(await again()).status, (await again()).status, (await again()).status]).toEqual([204, 204, 429])
  })
})

describe('If-Match', () => {
  const ONE = { accept: 'application/vnd.pgrst.object+json' }

  test('lets the change through while the record is what was shown, and not after', async () => {
    const gate = await desk()
    const path = '/records/invoice?id=eq.1&select=id,status'
    const tag = (await gate.get(path, ONE)).headers.get('etag') ?? ''
    expect(tag).toMatch(/^"[\w-]{22}"$/)
    const first = await gate.patch(
      path,
      { status: 'disputed' },
      { 'if-match': tag, prefer: 'return=representation' },
    )
    expect(first.status).toBe(200)
    const second = await gate.patch(path, { status: 'issued' }, { 'if-match': tag })
    expect(second.status).toBe(412)
    expect(await codeOf(second)).toBe('changed-meanwhile')
    expect(statusOf(gate, '1')).toBe('disputed')
    const third = await gate.patch(
      path,
      { status: 'issued' },
      { 'if-match': first.headers.get('etag') ?? '' },
    )
    expect(third.status).toBe(204)
  })

  test('tells nothing of what the caller does not see', async () => {
    const gate = await desk()
    const path = '/records/invoice?id=eq.1'
    const before = (await gate.get(path, ONE)).headers.get('etag')
    const [first, ...others] = gate.records['invoice'] ?? []
    gate.records['invoice'] = [
      { ...first, issued_on: '2020-01-01', iban: 'IT00X0000000000000000003456' },
      ...others,
    ]
    expect((await gate.get(path, ONE)).headers.get('etag')).toBe(before)
  })

  test.each(['"x"', 'W/"x"', '', '"x", "y"'])('%s matches nothing', async (tag) => {
    const gate = await desk()
    expect((await gate.patch('/records/invoice?id=eq.1', { status: 'x' }, { 'if-match': tag })).status).toBe(
      412,
    )
  })
})

describe('when things fail', () => {
  test('the log is away: nothing is changed', async () => {
    const gate = await desk()
    gate.log.failing = true
    const response = await gate.patch('/records/invoice?id=eq.1', { status: 'disputed' })
    expect(response.status).toBe(503)
    expect(gate.records['invoice']).toEqual(INVOICES)
  })

  test('the log goes away after the change: it stays recorded as intended, and the caller is told to look', async () => {
    const gate = await desk()
    let appends = 0
    gate.log.beforeCommit = async () => {
      if (++appends === 2) throw new UnavailableError('access-log')
    }
    const response = await gate.patch(
      '/records/invoice?id=eq.1',
      { status: 'disputed' },
      {
        prefer: 'return=representation',
      },
    )
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'outcome-unknown', event: 'proxy-1.1.1' })
    expect(statusOf(gate, '1')).toBe('disputed')
    expect(gate.log.drafts).toMatchObject([{ detail: { stage: 'intended' } }])
  })

  test('the records go away after the intention: recorded, not done', async () => {
    const gate = await desk({
      writer: () => ({
        update: async (_, allow) => {
          await allow([INVOICES[0] ?? {}])
          throw new UnavailableError('records')
        },
      }),
    })
    expect((await gate.patch('/records/invoice?id=eq.1', { status: 'disputed' })).status).toBe(503)
    expect(gate.log.drafts.map(({ detail }) => detail?.['stage'])).toEqual(['intended', 'not-done'])
  })

  test('the reply to the commit is lost: nobody says that it was done, nor that it was not', async () => {
    const gate = await desk({
      writer: () => ({
        update: async (_, allow) => {
          await allow([INVOICES[0] ?? {}])
          return { kind: 'unknown' }
        },
      }),
    })
    const response = await gate.patch('/records/invoice?id=eq.1', { status: 'disputed' })
    expect(response.status).toBe(503)
    expect(await codeOf(response)).toBe('outcome-unknown')
    expect(gate.log.last.detail).toMatchObject({ stage: 'unknown' })
  })

  test('a writer that hands over a row that the decision does not permit is not believed', async () => {
    const gate = await desk({
      writer: () => ({
        update: async (_, allow) => {
          await allow([INVOICES[3] ?? {}])
          return { kind: 'done', after: [] }
        },
      }),
    })
    expect((await gate.patch('/records/invoice?id=eq.4', { status: 'disputed' })).status).toBe(500)
    expect(gate.log.drafts).toMatchObject([
      { action: 'update', decision: 'deny', reasons: ['internal'], disclosures: [] },
    ])
  })
})

test('work outside the annex of a contract that is only observed is let through, and evidenced', async () => {
  const observed = (document: BundleDocument): BundleDocument => ({
    ...document,
    access: document.access.map((rule) =>
      rule.id === 'cc-invoice-note' || rule.id === 'cc-invoice-enquiry'
        ? {
            ...rule,
            purposes: ['invoice-enquiry', 'data-protection'],
            require: { ticket: 'none', grant: false },
          }
        : rule,
    ),
    processors: document.processors.map((processor) => ({
      ...processor,
      contracts: processor.contracts.map((contract) => ({ ...contract, mode: 'observe' as const })),
    })),
  })
  const gate = await desk({ document: observed, rules: [{ ...UPDATE, where: { status: { eq: 'issued' } } }] })
  const elsewhere = { 'varco-purpose': 'data-protection' }
  expect((await gate.patch('/records/invoice?id=eq.1', { status: 'disputed' }, elsewhere)).status).toBe(204)
  expect(gate.log.drafts[0]?.reasons).toContain('outside-annex')
})
