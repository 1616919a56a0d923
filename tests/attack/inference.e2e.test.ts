// Nothing that may not be seen can be worked out: not by filtering, ordering, counting, embedding or reading refusals.
import { compileBundle } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { postgresRecordSource } from '@varco/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gatehouse, GSE, tokenOf } from '../../packages/proxy/tests/gatehouse.ts'
import { openAttackedGate, type AttackedGate } from './attacked-gate.ts'

let attacked: AttackedGate

beforeAll(async () => {
  attacked = await openAttackedGate()
})

afterAll(async () => {
  await attacked[Symbol.asyncDispose]()
})

/** All that an answer says, but for what tells requests apart. */
async function told(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<string> {
  const response = await attacked.gate.get(path, headers, method)
  const text = await response.text()
  const kept = [...response.headers].filter(([name]) => name !== 'varco-event' && name !== 'x-request-id')
  const body = text.replaceAll(/"(?:event|request)":"[^"]*"/g, '')
  return JSON.stringify([response.status, kept, body])
}

function statusOf(answer: string): unknown {
  return (JSON.parse(answer) as readonly unknown[])[0]
}

/** Each asks something of a field, here by its name. */
const QUESTIONS: Readonly<Record<string, (field: string) => string>> = {
  'to show it': (field) => `/records/invoice?select=id,${field}`,
  'to show it under another name': (field) => `/records/invoice?select=x:${field}`,
  'to show it as text': (field) => `/records/invoice?select=${field}::text`,
  'to compare it': (field) => `/records/invoice?${field}=eq.x`,
  'to compare it with what is of no type': (field) => `/records/invoice?${field}=lt.%00`,
  'to match it': (field) => `/records/invoice?${field}=like.*x*`,
  'whether it is null': (field) => `/records/invoice?${field}=is.null`,
  'whether it is not': (field) => `/records/invoice?${field}=not.is.null`,
  'in a tree': (field) => `/records/invoice?or=(id.eq.1,${field}.eq.x)`,
  'deep in a tree': (field) => `/records/invoice?and=(id.eq.1,not.or(id.eq.9,${field}.gt.x))`,
  'to order by it': (field) => `/records/invoice?order=${field}`,
  'to order by it after another': (field) => `/records/invoice?order=id,${field}.desc.nullsfirst`,
  'to order by what stands within it': (field) => `/records/invoice?order=${field}->>x`,
  'to compare what stands within it': (field) => `/records/invoice?${field}->>x=eq.x`,
  'to show what stands within it': (field) => `/records/invoice?select=id,x:${field}->x`,
  'whether it holds something': (field) => `/records/invoice?${field}=cs.{"x":1}`,
  'of its owner, to order by': (field) => `/records/invoice?select=id,producer(id)&order=producer(${field})`,
  'of its owner, spread': (field) => `/records/invoice?select=id,...producer(x:${field})`,
  'of its owner': (field) => `/records/invoice?select=id,producer(${field})`,
  'of its owner, compared': (field) => `/records/invoice?select=id,producer!inner(id)&producer.${field}=eq.x`,
  'of its owner, ordered': (field) => `/records/invoice?select=id,producer(id)&producer.order=${field}`,
  'as a relation': (field) => `/records/invoice?select=id,${field}(id)`,
  'by an operator that does not exist': (field) => `/records/invoice?${field}=almost.x`,
  'by an array': (field) => `/records/invoice?${field}=cs.{x}`,
}

describe('a field that is hidden answers in every byte as one that does not exist', () => {
  test.each(Object.entries(QUESTIONS))('asked %s', async (_, question) => {
    // Of invoices `issued_on` is hidden, of producers `region`; `undeclared` is a column that no catalogue names.
    const absent = await told(question('gone_field'))
    for (const field of ['issued_on', 'region', 'undeclared', 'ctid']) {
      expect((await told(question(field))).replaceAll(field, 'gone_field')).toBe(absent)
    }
  })
})

describe('a field that is masked can be shown masked, and nothing else', () => {
  test.each(Object.entries(QUESTIONS).slice(3, 14))('asked %s', async (_, question) => {
    const right = await told(question('iban'))
    expect(statusOf(right)).toBe(400)
    // The same whether the guess is right or wrong, and whatever it is.
    expect(await told(question('iban').replaceAll('x', 'IT60X0542811101000000123456'))).toBe(right)
  })
})

describe('records beyond the rules', () => {
  test.each([
    ['under seal', 3, 'SEALED-3'],
    ['of somebody else', 4, 'OTHERS-4'],
  ])('%s answer as records that do not exist', async (_, id, number) => {
    for (const question of [
      (key: number | string) => `/records/invoice?id=eq.${key}`,
      (key: number | string) => `/records/invoice?id=in.(${key})`,
      (key: number | string) => `/records/invoice?id=eq.${key}&select=id,producer(name)`,
      (key: number | string) => `/records/invoice?id=eq.${key}&select=id,producer!inner(name)`,
      (key: number | string) => `/records/invoice?not.or=(id.neq.${key})`,
      (key: number | string) => `/records/invoice?id=gte.${key}&id=lte.${key}`,
    ]) {
      expect(await told(question(id))).toBe(await told(question(77)))
      const one = { accept: 'application/vnd.pgrst.object+json' }
      expect(await told(question(id), one)).toBe(await told(question(77), one))
    }
    const named = (text: string): string => `/records/invoice?number=eq.${encodeURIComponent(text)}`
    expect(await told(named(number))).toBe(await told(named('nothing')))
  })

  test('are not in an order’s gaps, a window’s end or a Content-Range', async () => {
    const ids: unknown[] = []
    for (let offset = 0; offset < 6; offset++) {
      const response = await attacked.gate.get(
        `/records/invoice?select=id&order=amount&limit=1&offset=${offset}`,
      )
      ids.push(((await response.json()) as readonly { id: number }[])[0]?.id)
      expect(response.headers.get('content-range')).toMatch(/\/\*$/)
    }
    expect(ids).toEqual([2, 1, undefined, undefined, undefined, undefined])
  })

  test('cannot be counted by who may not count, whatever kind of count', async () => {
    for (const count of ['exact', 'planned', 'estimated'])
      for (const method of ['GET', 'HEAD']) {
        const answer = JSON.parse(await told('/records/invoice', { prefer: `count=${count}` }, method)) as [
          number,
        ]
        expect(answer[0]).toBe(403)
      }
  })

  test('are not in the count of who may', async () => {
    const dora = {
      authorization: `Bearer ${await tokenOf('dora', { iss: GSE })}`,
      ...{ 'varco-purpose': 'data-protection', prefer: 'count=exact' },
    }
    const response = await attacked.gate.get('/records/invoice?select=id', { ...dora, 'varco-ticket': '' })
    // Three of the four: one is under seal, for her too.
    expect(response.headers.get('content-range')).toBe('0-2/3')
  })
})

describe('a refusal that tells of records', () => {
  const single = { accept: 'application/vnd.pgrst.object+json' }
  const named = (name: string): string =>
    `/records/invoice?status=in.(issued,paid)&select=id,producer!inner(id)&producer.name=eq.${encodeURIComponent(name)}`

  test('leaves whose they are in the log, level by level, with what was compared', async () => {
    const { log, get } = attacked.gate
    log.drafts.length = 0
    expect((await get(named('Anna Rossi'), single)).status).toBe(406)
    expect(log.drafts).toMatchObject([
      { resource: 'invoice', decision: 'deny', disclosures: [{ recordKey: '1' }, { recordKey: '2' }] },
      {
        resource: 'producer',
        decision: 'deny',
        filters: [{ field: 'name' }],
        disclosures: [{ recordKey: 'P1' }],
      },
    ])
    log.drafts.length = 0
    // Of a name that is somebody else’s, as of one that is nobody’s: the question is there, and no record.
    for (const name of ['OTHERS-4', 'Nobody']) {
      expect(await told(named(name), single)).toBe(await told(named('Zoe'), single))
      expect(log.drafts.flatMap(({ disclosures }) => disclosures)).toEqual([])
      expect(log.drafts.filter(({ resource }) => resource === 'producer')).not.toEqual([])
    }
  })

  test('spends the hour’s budget like an answer; once it is spent, every guess is answered alike', async () => {
    const source = postgresRecordSource(attacked.database)
    const gate = await gatehouse({ source })
    const codes: unknown[] = []
    for (let count = 0; count < 31; count++) {
      const response = await gate.get(named('Anna Rossi'), single)
      codes.push(((await response.json()) as { readonly code: unknown }).code)
    }
    expect(codes).toEqual([...Array.from({ length: 30 }, () => 'PGRST116'), 'budget-spent'])
    gate.log.drafts.length = 0
    for (const name of ['Anna Rossi', 'Zoe']) expect((await gate.get(named(name), single)).status).toBe(429)
    expect(gate.log.drafts.flatMap(({ disclosures }) => disclosures)).toEqual([])
  })

  test.each([
    ['of producers through their invoices', '/records/invoice?select=id,producer!inner()&producer.name=eq.'],
    [
      'of producers through whether there is one',
      '/records/invoice?producer=not.is.null&select=id,producer()&producer.name=eq.',
    ],
  ])('to count is the same for right and wrong: %s', async (_, path) => {
    const who = {
      authorization: `Bearer ${await tokenOf('dora', { iss: GSE })}`,
      ...{ 'varco-purpose': 'data-protection', 'varco-ticket': null, prefer: 'count=exact' },
    }
    const document = fixtureDocument()
    const access = document.access.map((rule) =>
      rule.id === 'dpo-producer' ? { ...rule, actions: ['read' as const, 'search' as const] } : rule,
    )
    const bundleInForce = compileBundle({ ...document, access })
    const gate = await gatehouse({ bundleInForce, source: postgresRecordSource(attacked.database) })
    for (const method of ['GET', 'HEAD'])
      for (const name of ['Anna%20Rossi', 'Zoe']) {
        const response = await gate.get(`${path}${name}&limit=0`, who, method)
        expect([response.status, response.headers.get('content-range')]).toEqual([403, null])
      }
  })
})

test('a failing cast tells of no row: values are read before any row is', async () => {
  const wrong = await told('/records/invoice?id=eq.abc')
  for (const id of [1, 3, 4, 77]) {
    const asked = await told(`/records/invoice?and=(id.eq.${id},amount.gt.abc)`)
    expect(asked).toBe(await told('/records/invoice?and=(id.eq.99,amount.gt.abc)'))
    expect(statusOf(asked)).toBe(400)
  }
  expect(statusOf(wrong)).toBe(400)
})

test('no answer can be kept by anyone between, or told from another by a validator', async () => {
  for (const path of ['/records/invoice?id=eq.1', '/records/invoice?id=eq.3', '/records/ghost']) {
    const response = await attacked.gate.get(path, {
      'if-none-match': '*',
      'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT',
    })
    expect(response.status).not.toBe(304)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('etag')).toBeNull()
    expect(response.headers.get('last-modified')).toBeNull()
  }
})
