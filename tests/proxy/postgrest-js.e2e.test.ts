// The dialect's features through PostgREST's own client, unmodified: what it sends, and what it makes of our answers.
import { PostgrestClient } from '@supabase/postgrest-js'
import { compileBundle, type Bundle } from '@varco/policy'
import { fixtureDocument, memoryRecordSource } from '@varco/policy/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { gatehouse, GSE, INVOICES, tokenOf, type Gatehouse } from '../../packages/proxy/tests/gatehouse.ts'

type Invoice = Readonly<Record<string, string | null>>

/** All but the sealed one, which no rule lets anybody see. */
const VISIBLE = (INVOICES as readonly Invoice[]).filter(({ status }) => status !== 'sealed')
const PRODUCERS = [
  {
    id: 'P1',
    name: 'Anna Rossi',
    tax_code: 'RSSMRA80A01H501U',
    birth_date: null,
    email: null,
    iban: null,
    region: 'Lazio',
  },
]

/** The fixture, with a JSON value and a list of texts in each invoice, and the way back from a producer. */
function bundle(): Bundle {
  const document = fixtureDocument()
  const title = { it: 'x', en: 'x' }
  const catalogue = document.catalogue.map((file) => {
    if (file.resource === 'producer')
      return {
        ...file,
        relations: { invoices: { resource: 'invoice', field: 'id', to: 'producer_id', many: true } },
      }
    if (file.resource !== 'invoice') return file
    const message = { type: 'json' as const, category: 'economic', title, nullable: true }
    const fields = {
      ...{ ...file.fields, message, tags: { ...message, type: 'text[]' as const } },
      ...{
        covers: { ...message, type: 'daterange' as const },
        shift: { ...message, type: 'tstzrange' as const },
      },
    }
    return { ...file, fields }
  })
  const access = document.access.map((rule) =>
    rule.id === 'dpo-invoice' && rule.fields !== undefined
      ? {
          ...rule,
          fields: { ...rule.fields, plain: [...rule.fields.plain, 'message', 'tags', 'covers', 'shift'] },
        }
      : rule,
  )
  return compileBundle({ ...document, catalogue, access })
}

const MESSAGES: Readonly<Record<string, string>> = {
  '1': '{"kind": "gain", "value": 10, "list": ["x", {"deep": true}]}',
  '2': '{"kind": "loss", "value": 9.50}',
}
const COVERS: Readonly<Record<string, string>> = {
  '1': '[2026-01-01,2026-02-01)',
  '2': '[2026-02-01,2026-03-01)',
  '4': '[2026-01-15,)',
}
const SHIFTS: Readonly<Record<string, string>> = {
  '1': '["2026-03-29 01:30:00+00","2026-03-29 02:30:00+00")',
  '2': 'empty',
}
const WITH_MESSAGES = (INVOICES as readonly Invoice[]).map((invoice) => ({
  ...invoice,
  message: MESSAGES[String(invoice['id'])] ?? null,
  tags: ['a', `n${String(invoice['id'])}`],
  covers: COVERS[String(invoice['id'])] ?? null,
  shift: SHIFTS[String(invoice['id'])] ?? null,
}))

let gate: Gatehouse
let client: PostgrestClient
/** Every question that the client asked. */
const calls: string[] = []
let headers: Readonly<Record<string, string>>

beforeAll(async () => {
  gate = await gatehouse({
    bundleInForce: bundle(),
    source: memoryRecordSource({ invoice: WITH_MESSAGES, producer: PRODUCERS }),
  })
  headers = {
    authorization: `Bearer ${await tokenOf('dora', { iss: GSE })}`,
    'varco-purpose': 'data-protection',
  }
  client = new PostgrestClient('http://varco.example/records', {
    headers: { ...headers },
    fetch: async (input, init) => {
      const { pathname, search } = new URL(input instanceof Request ? input.url : input)
      calls.push(search)
      const sent = { 'varco-ticket': null, ...Object.fromEntries(new Headers(init?.headers)) }
      return gate.get(`${pathname}${search}`, sent, init?.method)
    },
  })
})

interface Answer {
  readonly data: unknown
  readonly error: { readonly code: string } | null
  readonly status: number
  readonly count: number | null
}

async function idsOf(answer: PromiseLike<Answer>): Promise<readonly number[]> {
  const { data, error } = await answer
  expect(error).toBeNull()
  return (data as readonly { readonly id: number }[]).map(({ id }) => id).sort((a, b) => a - b)
}

function visibleIds(condition: (invoice: Invoice) => boolean): readonly number[] {
  return VISIBLE.filter(condition).map(({ id }) => Number(id))
}

/** Text by code point, numbers by size; NULL compares with nothing. */
function sign(field: string, value: string | null | undefined, other: string): number | null {
  if (value === null || value === undefined) return null
  if (field === 'id' || field === 'amount') return Math.sign(Number(value) - Number(other))
  return value === other ? 0 : value < other ? -1 : 1
}

const COMPARISONS = {
  eq: (result: number) => result === 0,
  neq: (result: number) => result !== 0,
  gt: (result: number) => result > 0,
  gte: (result: number) => result >= 0,
  lt: (result: number) => result < 0,
  lte: (result: number) => result <= 0,
} as const
const VALUES = { id: '2', amount: '9', number: '2026/2', status: 'issued', issued_on: '2026-02-01' } as const

describe.each(Object.keys(COMPARISONS) as (keyof typeof COMPARISONS)[])('%s', (operator) => {
  test.each(Object.entries(VALUES))('on %s', async (field, value) => {
    const holds = (invoice: Invoice): boolean | null => {
      const result = sign(field, invoice[field], value)
      return result === null ? null : COMPARISONS[operator](result)
    }
    const select = () => client.from('invoice').select('id')
    expect(await idsOf(select().filter(field, operator, value))).toEqual(
      visibleIds((each) => holds(each) === true),
    )
    expect(await idsOf(select().not(field, operator, value))).toEqual(
      visibleIds((each) => holds(each) === false),
    )
  })
})

describe('other filters', () => {
  test('in, with values that hold commas, quotes and parentheses', async () => {
    expect(await idsOf(client.from('invoice').select('id').in('id', [1, 4, 99]))).toEqual([1, 4])
    expect(
      await idsOf(client.from('invoice').select('id').in('number', ['2026/1', 'a,b', 'c"d', '(e)'])),
    ).toEqual([1])
    expect(await idsOf(client.from('invoice').select('id').not('id', 'in', '(1,4)'))).toEqual([2])
  })

  test('is, and its opposite', async () => {
    expect(await idsOf(client.from('invoice').select('id').is('issued_on', null))).toEqual([2])
    expect(await idsOf(client.from('invoice').select('id').not('issued_on', 'is', null))).toEqual([1, 4])
  })

  test('match and imatch', async () => {
    expect(await idsOf(client.from('invoice').select('id').filter('number', 'match', '/[14]$'))).toEqual([
      1, 4,
    ])
    expect(await idsOf(client.from('invoice').select('id').filter('status', 'imatch', '^ISS'))).toEqual([
      1, 4,
    ])
    const { error } = await client.from('invoice').select('id').filter('number', 'match', '(a')
    expect(error?.code).toBe('invalid-value')
  })

  test('like and ilike, of any and of all', async () => {
    expect(await idsOf(client.from('invoice').select('id').like('number', '%/1'))).toEqual([1])
    expect(await idsOf(client.from('invoice').select('id').ilike('status', 'ISS%'))).toEqual([1, 4])
    expect(await idsOf(client.from('invoice').select('id').likeAnyOf('number', ['%/1', '%/4']))).toEqual([
      1, 4,
    ])
    expect(await idsOf(client.from('invoice').select('id').ilikeAllOf('number', ['2026%', '%/2']))).toEqual([
      2,
    ])
  })

  test('words, in each of the four forms', async () => {
    const search = (text: string, type?: 'plain' | 'phrase' | 'websearch') =>
      client
        .from('invoice')
        .select('id')
        .textSearch('status', text, type === undefined ? {} : { type })
    expect(await idsOf(search('issued | paid'))).toEqual([1, 2, 4])
    expect(await idsOf(search('iss:* & !paid'))).toEqual([1, 4])
    expect(await idsOf(search('Issued', 'plain'))).toEqual([1, 4])
    expect(await idsOf(search('paid', 'phrase'))).toEqual([2])
    expect(await idsOf(search('-issued', 'websearch'))).toEqual([2])
    const italian = client.from('invoice').select('id').textSearch('status', 'paid', { config: 'italian' })
    expect(await idsOf(italian)).toEqual([2])
    expect(await idsOf(client.from('invoice').select('id').not('status', 'fts', 'issued'))).toEqual([2])
    expect((await search('issued &')).error?.code).toBe('invalid-value')
    expect(
      (await client.from('invoice').select('id').textSearch('status', 'x', { config: 'klingon' })).error
        ?.code,
    ).toBe('not-supported')
  })

  test('match, filter, or, and trees', async () => {
    expect(
      await idsOf(client.from('invoice').select('id').match({ status: 'issued', producer_id: 'P1' })),
    ).toEqual([1])
    expect(await idsOf(client.from('invoice').select('id').filter('id', 'gt', 1))).toEqual([2, 4])
    expect(await idsOf(client.from('invoice').select('id').or('id.eq.1,status.eq.paid'))).toEqual([1, 2])
    expect(
      await idsOf(client.from('invoice').select('id').or('and(id.gt.1,status.eq.issued),number.eq."2026/2"')),
    ).toEqual([2, 4])
    expect(
      await idsOf(client.from('invoice').select('id').eq('status', 'issued').or('id.lt.2,id.gt.3')),
    ).toEqual([1, 4])
  })
})

describe('order and range', () => {
  const order = async (answer: PromiseLike<Answer>): Promise<readonly unknown[]> =>
    ((await answer).data as readonly { readonly id: number }[]).map(({ id }) => id)

  test('ascending, descending, nulls first and last', async () => {
    expect(await order(client.from('invoice').select('id').order('amount'))).toEqual([4, 1, 2])
    expect(await order(client.from('invoice').select('id').order('amount', { ascending: false }))).toEqual([
      2, 1, 4,
    ])
    const byDate = (nullsFirst: boolean) =>
      client.from('invoice').select('id').order('issued_on', { nullsFirst }).order('id', { ascending: false })
    expect(await order(byDate(true))).toEqual([2, 4, 1])
    expect(await order(byDate(false))).toEqual([4, 1, 2])
  })

  test('limit and range', async () => {
    expect(await order(client.from('invoice').select('id').order('id').limit(2))).toEqual([1, 2])
    expect(await order(client.from('invoice').select('id').order('id').range(1, 2))).toEqual([2, 4])
    expect(await order(client.from('invoice').select('id').order('id').range(5, 9))).toEqual([])
  })
})

describe('one record', () => {
  test('single gives it, and an error otherwise', async () => {
    expect(await client.from('invoice').select('id,number').eq('id', 1).single()).toMatchObject({
      ...{ data: { id: 1, number: '2026/1' }, error: null, status: 200 },
    })
    for (const id of [77, 3]) {
      const answer = await client.from('invoice').select('id').eq('id', id).single()
      expect(answer).toMatchObject({
        data: null,
        status: 406,
        error: { code: 'PGRST116', details: 'The result contains 0 rows' },
      })
    }
    expect(await client.from('invoice').select('id').single()).toMatchObject({
      data: null,
      error: { code: 'PGRST116' },
    })
  })

  test('maybeSingle gives it or nothing, and an error for several', async () => {
    expect(await client.from('invoice').select('id').eq('id', 1).maybeSingle()).toMatchObject({
      data: { id: 1 },
      error: null,
    })
    expect(await client.from('invoice').select('id').eq('id', 77).maybeSingle()).toMatchObject({
      data: null,
      error: null,
    })
    expect(await client.from('invoice').select('id').maybeSingle()).toMatchObject({
      data: null,
      error: { code: 'PGRST116' },
    })
  })
})

describe('counting and formats', () => {
  test.each(['exact', 'planned', 'estimated'] as const)(
    'count %s, with the records and alone',
    async (count) => {
      expect(await client.from('invoice').select('id', { count }).limit(1)).toMatchObject({
        count: 3,
        status: 206,
        error: null,
      })
      expect(
        await client.from('invoice').select('*', { count, head: true }).eq('producer_id', 'P1'),
      ).toMatchObject({
        ...{ count: 2, data: null, error: null },
      })
    },
  )

  test('csv, and members stripped of nulls', async () => {
    expect((await client.from('invoice').select('id,issued_on').order('id').csv()).data).toBe(
      'id,issued_on\n1,2026-02-01\n2,\n4,2026-02-01',
    )
    expect((await client.from('invoice').select('id,issued_on').eq('id', 2).stripNulls()).data).toEqual([
      { id: 2 },
    ])
    expect(
      (await client.from('invoice').select('id,issued_on').eq('id', 2).stripNulls().single()).data,
    ).toEqual({ id: 2 })
  })

  test('names and casts', async () => {
    const { data } = await client.from('invoice').select('no:number, amount::text').eq('id', 1).single()
    expect(data).toEqual({ no: '2026/1', amount: '120.50' })
  })
})

describe('relations', () => {
  test('within each record, filtered and required', async () => {
    const { data } = await client.from('invoice').select('id, producer(name)').eq('id', 1)
    expect(data).toEqual([{ id: 1, producer: { name: 'Anna Rossi' } }])
    expect((await client.from('invoice').select('id, producer(name)').eq('id', 4)).data).toEqual([
      { id: 4, producer: null },
    ])
    expect(await idsOf(client.from('invoice').select('id, producer!inner(name)'))).toEqual([1, 2])
    expect(
      await idsOf(client.from('invoice').select('id, who:producer!inner(name)').eq('who.region', 'Lazio')),
    ).toEqual([1, 2])
    expect(
      await idsOf(client.from('invoice').select('id, producer!inner(name)').eq('producer.region', 'Puglia')),
    ).toEqual([])
  })
})

describe('what stands within a value', () => {
  const ids = (filter: (query: ReturnType<typeof select>) => PromiseLike<Answer>) => idsOf(filter(select()))
  const select = () => client.from('invoice').select('id')

  test('shown, as JSON and as text', async () => {
    const columns = 'message->kind, size:message->>value, message->list->1->deep, tags->>0, tag:tags->>-1'
    expect((await client.from('invoice').select(columns).eq('id', 1).single()).data).toEqual({
      ...{ kind: 'gain', size: '10', deep: true, tags: 'a', tag: 'n1' },
    })
  })

  test('compared', async () => {
    expect(await ids((query) => query.eq('message->>kind', 'gain'))).toEqual([1])
    expect(await ids((query) => query.like('message->>kind', '%s%'))).toEqual([2])
    expect(await ids((query) => query.in('message->>kind', ['gain', 'none']))).toEqual([1])
    expect(await ids((query) => query.gt('message->value', 9.6))).toEqual([1])
    expect(await ids((query) => query.eq('message->value', 9.5))).toEqual([2])
    expect(await ids((query) => query.is('message->list', null))).toEqual([2, 4])
    expect(await ids((query) => query.not('message->>kind', 'is', null))).toEqual([1, 2])
    expect(await ids((query) => query.or('message->>kind.eq.loss,id.eq.4'))).toEqual([2, 4])
  })

  test('contained and containing, in JSON and in lists', async () => {
    expect(await ids((query) => query.contains('message', { kind: 'gain' }))).toEqual([1])
    expect(await ids((query) => query.contains('message->list', '["x"]'))).toEqual([1])
    expect(
      await ids((query) => query.containedBy('message', { kind: 'loss', value: 9.5, more: [] })),
    ).toEqual([2])
    expect(await ids((query) => query.contains('tags', ['a', 'n2']))).toEqual([2])
    expect(await ids((query) => query.containedBy('tags', ['a', 'n2', 'n4']))).toEqual([2, 4])
    expect(await ids((query) => query.overlaps('tags', ['n1', 'n4']))).toEqual([1, 4])
  })

  test('ranges: before, after, touching, in part, containing and contained', async () => {
    const january = '[2026-01-01,2026-02-01)'
    expect(await ids((query) => query.rangeGt('covers', january))).toEqual([2])
    expect(await ids((query) => query.rangeGte('covers', '[2026-01-15,2026-01-16)'))).toEqual([2, 4])
    expect(await ids((query) => query.rangeLt('covers', '[2026-02-01, 2026-02-10)'))).toEqual([1])
    expect(await ids((query) => query.rangeLte('covers', '[2026-01-10,2026-03-01)'))).toEqual([1, 2])
    expect(await ids((query) => query.rangeAdjacent('covers', '[2026-03-01,)'))).toEqual([2])
    expect(await ids((query) => query.overlaps('covers', '[2026-01-20,2026-01-21]'))).toEqual([1, 4])
    expect(await ids((query) => query.contains('covers', '[2026-02-10,2026-02-11]'))).toEqual([2, 4])
    expect(await ids((query) => query.containedBy('covers', '[2026-01-01,2026-02-28]'))).toEqual([1, 2])
    expect(await ids((query) => query.overlaps('shift', '[2026-03-29 01:45, 2026-03-29 02:00]'))).toEqual([1])
    expect(
      await ids((query) => query.containedBy('shift', '[2026-03-29T03:30+02,2026-03-29T05:00+02)')),
    ).toEqual([1, 2])
    expect(await ids((query) => query.not('covers', 'ov', january))).toEqual([2])
    expect(await ids((query) => query.in('covers', ['[2026-01-01,2026-01-31]', 'empty']))).toEqual([1])
    expect(await ids((query) => query.eq('shift', 'empty'))).toEqual([2])
    expect((await client.from('invoice').select('id').rangeGt('covers', 'January')).error?.code).toBe(
      'invalid-value',
    )
  })

  test('whole lists', async () => {
    expect(await ids((query) => query.eq('tags', '{a,n2}'))).toEqual([2])
    expect(await ids((query) => query.neq('tags', '{a,n2}'))).toEqual([1, 4])
    expect((await select().eq('tags', '{a,NULL}')).error?.code).toBe('invalid-value')
  })

  test('ordered by', async () => {
    const ordered = async (column: string, ascending: boolean) => {
      const { data } = await select().order(column, { ascending, nullsFirst: false })
      return (data as readonly { readonly id: number }[]).map(({ id }) => id)
    }
    expect(await ordered('message->value', true)).toEqual([2, 1, 4])
    expect(await ordered('message->>kind', false)).toEqual([2, 1, 4])
    expect(await ordered('tags->>1', false)).toEqual([4, 2, 1])
  })
})

describe('relations, further', () => {
  test('that there is none, or any', async () => {
    const select = () => client.from('invoice').select('id, producer()')
    expect(await idsOf(select().not('producer', 'is', null))).toEqual([1, 2])
    expect(await idsOf(select().is('producer', null))).toEqual([4])
    expect(await idsOf(select().or('producer.is.null,id.eq.1'))).toEqual([1, 4])
    expect((await select().eq('id', 1)).data).toEqual([{ id: 1 }])
  })

  test('spread among the record’s own fields', async () => {
    const { data } = await client
      .from('invoice')
      .select('id, ...producer(name, area:region)')
      .in('id', [1, 4])
      .order('id')
    expect(data).toEqual([
      { id: 1, name: 'Anna Rossi', area: 'Lazio' },
      { id: 4, name: null, area: null },
    ])
  })

  test('ordered by, and ordered within', async () => {
    const { data } = await client
      .from('invoice')
      .select('id, producer(name)')
      .order('producer(name)', { nullsFirst: true })
      .order('id', { ascending: false })
    expect((data as readonly { readonly id: number }[]).map(({ id }) => id)).toEqual([4, 2, 1])
    const within = await client
      .from('producer')
      .select('id, invoices(id)')
      .order('id', { referencedTable: 'invoices', ascending: false })
      .limit(1, { referencedTable: 'invoices' })
    expect(within.data).toEqual([{ id: 'P1', invoices: [{ id: 2 }] }])
  })
})

describe('refusals arrive as the client’s errors', () => {
  test.each([
    ['a field that is not there', () => client.from('invoice').select('ghost'), 400, 'field-not-available'],
    [
      'a value of another type',
      () => client.from('invoice').select('id').eq('id', 'one'),
      400,
      'invalid-value',
    ],
    [
      'an operator that is not for the field’s type',
      () => client.from('invoice').select('id').filter('number', 'sl', '[1,2)'),
      400,
      'invalid-query',
    ],
    ['a resource nobody declared', () => client.from('employee').select(), 404, 'unknown-resource'],
  ])('%s', async (_, ask, status, code) => {
    expect(await ask()).toMatchObject({
      data: null,
      status,
      error: { code, message: expect.any(String) as unknown },
    })
  })

  test('another purpose', async () => {
    const other = new PostgrestClient('http://varco.example/records', {
      headers: { ...headers, 'varco-purpose': 'curiosity' },
      fetch: (_url, init) =>
        gate.get('/records/invoice', Object.fromEntries(new Headers(init?.headers)), init?.method),
    })
    expect(await other.from('invoice').select()).toMatchObject({
      data: null,
      status: 403,
      error: { code: 'unknown-purpose' },
    })
  })

  test('an update, which there is none of', async () => {
    expect(await client.from('invoice').update({ status: 'paid' }).eq('id', 1)).toMatchObject({
      status: 405,
      error: { code: 'method-not-allowed' },
    })
  })
})

test('all of this is more than eighty calls, different ones', () => {
  expect(new Set(calls).size).toBeGreaterThanOrEqual(80)
})
