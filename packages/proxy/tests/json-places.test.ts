import { compileBundle, type Bundle, type BundleDocument, type FetchedRecord } from '@varco/policy'
import { fixtureDocument, memoryRecordSource } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import { gatehouse, INVOICES, type Gatehouse } from './gatehouse.ts'

type Fields = NonNullable<BundleDocument['access'][number]['fields']>

const MESSAGES: Readonly<Record<string, string | null>> = {
  '1': '{"kind": "gain", "value": 12345678901234567890.10, "who": {"name": "hidden-inside"}, "list": [1, "two"]}',
  '2': '{"kind": "loss", "value": 9.5, "who": null}',
  '4': null,
}
const SOURCE = memoryRecordSource({
  invoice: INVOICES.map((record): FetchedRecord => ({
    ...record,
    message: MESSAGES[String(record['id'])] ?? null,
    tags: record['id'] === '4' ? null : ['a', `b${String(record['id'])}`],
  })),
})

/** The fixture with a JSON value and a list of texts in each invoice, shown as a test wants. */
function bundleWith(change: (fields: Fields) => Fields): Bundle {
  const document = fixtureDocument()
  const title = { it: 'x', en: 'x' }
  const catalogue = document.catalogue.map((file) =>
    file.resource === 'invoice'
      ? {
          ...file,
          fields: {
            ...file.fields,
            message: { type: 'json' as const, category: 'economic', title, nullable: true },
            tags: { type: 'text[]' as const, category: 'economic', title, nullable: true },
          },
        }
      : file,
  )
  const access = document.access.map((rule) =>
    rule.id === 'cc-invoice-enquiry' && rule.fields !== undefined
      ? { ...rule, fields: change(rule.fields) }
      : rule,
  )
  return compileBundle({ ...document, catalogue, access })
}

const gate = (change: (fields: Fields) => Fields): Promise<Gatehouse> =>
  gatehouse({ bundleInForce: bundleWith(change), source: SOURCE })
const plain = (fields: Fields): Fields => ({ ...fields, plain: [...fields.plain, 'message', 'tags'] })

describe('what stands within a plain field', () => {
  test('is shown, with every digit, under the last name on the way to it', async () => {
    const { json, log } = await gate(plain)
    expect(
      await json(
        '/records/invoice?id=eq.1&select=message->>kind,message->list->1,n:message->list->-2,t:tags->>1',
      ),
    ).toEqual([{ kind: 'gain', list: 'two', n: 1, t: 'b1' }])
    const { get } = await gate(plain)
    const text = await (await get('/records/invoice?id=eq.1&select=message->value,v:message->>value')).text()
    expect(text).toBe('[{"value":12345678901234567890.10,"v":"12345678901234567890.10"}]')
    // The log says which field it was: what stands within it has no name in the catalogue.
    expect(log.last).toMatchObject({ plain: ['message', 'tags'], masked: [] })
  })

  test('is null where there is nothing, and no name leads out of the value', async () => {
    const { json } = await gate(plain)
    expect(
      await json(
        '/records/invoice?id=eq.2&select=a:message->ghost,b:message->>who,c:message->constructor,d:message->__proto__,e:tags->9,f:message->kind->length',
      ),
    ).toEqual([{ a: null, b: null, c: null, d: null, e: null, f: null }])
  })

  test('is filtered and ordered by, which is a search that the log tells', async () => {
    const { json, log } = await gate(plain)
    const ids = async (query: string): Promise<unknown> =>
      ((await json(`/records/invoice?select=id&${query}`)) as readonly { id: number }[]).map(({ id }) => id)
    expect(await ids('message->>kind=eq.gain')).toEqual([1])
    expect(log.last).toMatchObject({ action: 'search', filters: [{ field: 'message', op: 'eq' }] })
    expect(await ids('message->value=lt.10')).toEqual([2])
    expect(await ids('message=cs.{"kind":"loss"}')).toEqual([2])
    expect(await ids('message=cd.{"kind":"loss","value":9.50,"who":null,"x":1}')).toEqual([2])
    expect(await ids('message->who=is.null')).toEqual([])
    expect(await ids('message->>who=is.null')).toEqual([2])
    expect(await ids('message->list=eq.[1.0,"two"]')).toEqual([1])
    expect(await ids('message->kind=in.("\\"gain\\"","\\"none\\"")')).toEqual([1])
    expect(await ids('tags=eq.{a,b2}')).toEqual([2])
    expect(await ids('tags=neq.{a,b2}')).toEqual([1])
    expect(await ids('or=(tags.eq.{a,b2},message->>kind.like.g*)&order=message->>kind.desc')).toEqual([2, 1])
    expect(await ids('order=message->value.desc')).toEqual([1, 2])
    expect(await ids('order=message.nullsfirst')).toEqual([1, 2])
    expect(await ids('order=tags.desc')).toEqual([2, 1])
  })

  test.each([
    ['message->>kind=gt(any).{}', 'invalid-query'],
    ['message->kind=eq.gain', 'invalid-value'],
    ['message->value=gt.ten', 'invalid-value'],
    ['message=eq."%5Cu0000"', 'invalid-value'],
    ['message=eq."%5Cud800"', 'invalid-value'],
    ['message=eq.1e99999', 'invalid-value'],
    [`message=cs.${'['.repeat(40)}${']'.repeat(40)}`, 'invalid-value'],
    ['message->kind=like.g*', 'invalid-query'],
    ['message=ov.{a}', 'invalid-query'],
    ['tags=eq.a', 'invalid-value'],
    ['tags=eq.{a,NULL}', 'invalid-value'],
    ['tags=cs.{}', 'invalid-value'],
    ['tags=gt.{a}', 'invalid-query'],
    ['number->>x=eq.1', 'invalid-query'],
    ['select=number->x', 'invalid-query'],
    ['order=amount->x', 'invalid-query'],
    ['ghost->>x=eq.1', 'field-not-available'],
    ['select=ghost->x', 'field-not-available'],
  ])('%s is refused as %s', async (query, code) => {
    const { get } = await gate(plain)
    const response = await get(`/records/invoice?${query}`)
    expect([response.status, await response.json()]).toMatchObject([400, { code }])
  })
})

describe('what stands within a masked field', () => {
  test.each(['redact', 'hmac'] as const)(
    'under %s is the whole field’s mask, wherever a path leads',
    async (mask) => {
      const { json, get, log } = await gate((fields) => ({
        ...fields,
        masked: { ...fields.masked, message: mask },
      }))
      const [whole] = (await json('/records/invoice?id=eq.1&select=message')) as readonly {
        message: string
      }[]
      const paths = [
        'message->kind',
        'message->>kind',
        'message->ghost',
        'message->who->>name',
        'message->value::text',
      ]
      for (const path of paths) {
        const [record] = (await json(`/records/invoice?id=eq.1&select=x:${path}`)) as readonly { x: string }[]
        expect(record?.x, path).toBe(whole?.message)
      }
      expect(log.last).toMatchObject({ plain: [], masked: ['message'] })
      for (const query of [
        'message->>kind=eq.gain',
        'message=cs.{"kind":"gain"}',
        'order=message->value',
        'message->x=is.null',
      ])
        expect(await (await get(`/records/invoice?${query}`)).json(), query).toMatchObject({
          code: 'field-not-plain',
        })
    },
  )
})

describe('what stands within a hidden field', () => {
  test('is as unknown as within one that nobody declared', async () => {
    const { get } = await gate((fields) => fields)
    for (const query of [
      'select=message->kind',
      'message->>kind=eq.gain',
      'message=cs.{"a":1}',
      'order=message->kind',
    ]) {
      const answers = await Promise.all(
        [query, query.replace('message', 'ghost')].map(async (each) => {
          const response = await get(`/records/invoice?${each}`)
          const problem = (await response.json()) as Record<string, unknown>
          return [response.status, problem['code'], problem['hint'] ?? null]
        }),
      )
      expect(answers[0], query).toEqual(answers[1])
      expect(answers[0]).toEqual([400, 'field-not-available', null])
    }
  })

  test('nor is a row on which it is hidden found by it', async () => {
    const document = fixtureDocument()
    const rules: BundleDocument['access'] = [
      {
        ...(document.access.find(
          ({ id }) => id === 'cc-invoice-enquiry',
        ) as BundleDocument['access'][number]),
        id: 'cc-paid-message',
        where: { producer_id: { eq: '$ticket.data_subject' }, status: { eq: 'paid' } },
        fields: { plain: ['id', 'message'], masked: {}, hidden: [] },
      },
    ]
    const bundle = bundleWith((fields) => fields)
    const both = compileBundle({ ...bundle.document, access: [...bundle.document.access, ...rules] })
    const { json } = await gatehouse({ bundleInForce: both, source: SOURCE })
    expect(await json('/records/invoice?select=id,message->kind')).toEqual([
      { id: 1 },
      { id: 2, kind: 'loss' },
    ])
    expect(await json('/records/invoice?select=id&message->>kind=neq.x')).toEqual([{ id: 2 }])
    expect(await json('/records/invoice?select=id&message->>kind=not.eq.loss')).toEqual([])
    expect(await json('/records/invoice?select=id&order=message->value')).toEqual([{ id: 2 }])
  })
})
