import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { QueryError, type Query } from '../../src/dialect/query.ts'
import { readQuery } from '../../src/dialect/read-query.ts'

const read = (text: string, range: string | null = null): Query => readQuery(text, range)
const failure = (text: string, range: string | null = null): string | null => {
  try {
    read(text, range)
    return null
  } catch (error) {
    if (error instanceof QueryError) return error.code
    throw error
  }
}
const leaf = (field: string, operator: string, values: readonly string[], negated = false): unknown => ({
  kind: 'leaf',
  field,
  operator,
  negated,
  values,
})

test('an empty query asks for everything', () => {
  expect(read('')).toEqual({
    select: null,
    embeds: [],
    filter: null,
    order: [],
    range: { offset: 0, limit: null },
  })
  expect(read('select=*').select).toBeNull()
})

describe('select', () => {
  test('shows a field as text', () => {
    expect(read('select=a::text,b:c::text').select).toEqual([
      { kind: 'field', field: 'a', as: 'a', asText: true },
      { kind: 'field', field: 'c', as: 'b', asText: true },
    ])
  })

  test('names fields, with another name if wanted', () => {
    expect(read('select=number,account:iban, "amount"').select).toEqual([
      { kind: 'field', field: 'number', as: 'number', asText: false },
      { kind: 'field', field: 'iban', as: 'account', asText: false },
      { kind: 'field', field: 'amount', as: 'amount', asText: false },
    ])
    expect(read('select=*,no:number').select).toEqual([
      { kind: 'all', field: '', as: '', asText: false },
      { kind: 'field', field: 'number', as: 'no', asText: false },
    ])
  })

  test.each([
    ['select=', 'invalid-query'],
    ['select=a,,b', 'invalid-query'],
    ['select=a,b:a,b', 'invalid-query'],
    ['select=a:b:c', 'invalid-query'],
    ['select=count()', 'not-supported'],
    ['select=producer!hint(name)', 'not-supported'],
    ['select=a(b(c(d(e))))', 'not-supported'],
    ['select=a(b),a(c)', 'invalid-query'],
    ['select=a(b)&a.select=c', 'invalid-query'],
    ['select=a(b)&c.d=eq.1', 'not-supported'],
    ['select=data->>key->more', 'not-supported'],
    ['select=data->', 'not-supported'],
    ['select=amount.sum()', 'not-supported'],
    ['select=amount::int', 'not-supported'],
    ['select=...name', 'not-supported'],
    ['select=a&select=b', 'invalid-query'],
    ['select="a', 'invalid-query'],
  ])('%s is %s', (text, code) => {
    expect(failure(text)).toBe(code)
  })
})

test('places within a value, wherever a field may be named', () => {
  const at = (as: 'json' | 'text', ...path: readonly string[]): unknown => ({ path, as })
  expect(read('select=data->a->0,no:data->>"x.y->z"::text,data->1').select).toEqual([
    { kind: 'field', field: 'data', at: at('json', 'a', '0'), as: 'a', asText: false },
    { kind: 'field', field: 'data', at: at('text', 'x.y->z'), as: 'no', asText: true },
    { kind: 'field', field: 'data', at: at('json', '1'), as: 'data', asText: false },
  ])
  expect(read('data->>a=eq.x').filter).toEqual({
    ...{ kind: 'leaf', field: 'data', at: at('text', 'a'), operator: 'eq', negated: false, values: ['x'] },
  })
  expect(read('or=(data->a->>"b.c".in.(x,y),id.eq.1)').filter).toMatchObject({
    of: [{ field: 'data', at: at('text', 'a', 'b.c'), operator: 'in', values: ['x', 'y'] }, { field: 'id' }],
  })
  expect(read('order=data->a.desc,producer(data->>b).nullsfirst').order).toEqual([
    { field: 'data', at: at('json', 'a'), direction: 'desc', nulls: null },
    { embed: 'producer', field: 'data', at: at('text', 'b'), direction: 'asc', nulls: 'first' },
  ])
})

test('whether anything is embedded, where a query embeds under that name', () => {
  const { filter, embeds } = read(
    'select=id,who:producer(),...owner(name)&or=(who.not.is.null,id.eq.1)&owner=is.null',
  )
  expect(filter).toMatchObject({
    of: [
      {
        of: [
          { kind: 'embedded', as: 'who', negated: false },
          { kind: 'leaf', field: 'id' },
        ],
      },
      { kind: 'embedded', as: 'owner', negated: true },
    ],
  })
  expect(embeds).toMatchObject([
    { relation: 'producer', as: 'who', spread: false, query: { select: [], embeds: [] } },
    { relation: 'owner', as: 'owner', spread: true, query: { select: [{ field: 'name' }] } },
  ])
  expect(read('producer=is.null').filter).toMatchObject({ kind: 'leaf', field: 'producer' })
})

test('relations, whose own parameters go with them', () => {
  const query = read(
    'select=id,who:producer!inner(name,plants(pod))&who.region=eq.Lazio&who.plants.order=pod&who.plants.limit=2&limit=5',
  )
  expect(query).toMatchObject({
    select: [{ field: 'id' }],
    filter: null,
    range: { offset: 0, limit: 5 },
    embeds: [
      {
        ...{ relation: 'producer', as: 'who', inner: true },
        query: {
          select: [{ field: 'name' }],
          filter: leaf('region', 'eq', ['Lazio']),
          embeds: [
            {
              ...{ relation: 'plants', as: 'plants', inner: false },
              query: { order: [{ field: 'pod' }], range: { offset: 0, limit: 2 } },
            },
          ],
        },
      },
    ],
  })
})

describe('filters', () => {
  test.each([
    ['status=eq.paid', leaf('status', 'eq', ['paid'])],
    ['status=not.eq.paid', leaf('status', 'eq', ['paid'], true)],
    ['status=eq.', leaf('status', 'eq', [''])],
    ['status=eq.a.b,c(d)"e"', leaf('status', 'eq', ['a.b,c(d)"e"'])],
    ['status=in.(a,"b,c","d\\"e",f)', leaf('status', 'in', ['a', 'b,c', 'd"e', 'f'])],
    ['status=in.(c"d,e."f,g)', leaf('status', 'in', ['c"d', 'e."f', 'g'])],
    ['status=not.in.()', leaf('status', 'in', [], true)],
    ['issued_on=is.NULL', leaf('issued_on', 'is', ['null'])],
    ['number=like.2026*', leaf('number', 'like', ['2026*'])],
    ['number=eq.%C3%A8%20+%2B', leaf('number', 'eq', ['è  +'])],
  ])('%s', (text, expected) => {
    expect(read(text).filter).toEqual(expected)
  })

  test('any and all of a list, and arrays', () => {
    expect(read('number=not.like(any).{a*,"b,c"}').filter).toEqual({
      ...{ kind: 'tree', operator: 'or', negated: true },
      of: [leaf('number', 'like', ['a*']), leaf('number', 'like', ['b,c'])],
    })
    expect(read('or=(amount.gt(all).{1,2},tags.cs.{x,y})').filter).toEqual({
      ...{ kind: 'tree', operator: 'or', negated: false },
      of: [
        {
          ...{ kind: 'tree', operator: 'and', negated: false },
          of: [leaf('amount', 'gt', ['1']), leaf('amount', 'gt', ['2'])],
        },
        leaf('tags', 'cs', ['{x,y}']),
      ],
    })
  })

  test('several hold together, the same field included', () => {
    expect(read('amount=gt.1&amount=lt.9').filter).toEqual({
      ...{ kind: 'tree', operator: 'and', negated: false },
      of: [leaf('amount', 'gt', ['1']), leaf('amount', 'lt', ['9'])],
    })
  })

  test('trees', () => {
    expect(
      read('or=(status.eq.paid,and(amount.gt.5,amount.not.lt.9),not.or(id.in.(1,2),number.eq."a,b.c)"))')
        .filter,
    ).toEqual({
      ...{ kind: 'tree', operator: 'or', negated: false },
      of: [
        leaf('status', 'eq', ['paid']),
        {
          kind: 'tree',
          operator: 'and',
          negated: false,
          of: [leaf('amount', 'gt', ['5']), leaf('amount', 'lt', ['9'], true)],
        },
        {
          kind: 'tree',
          operator: 'or',
          negated: true,
          of: [leaf('id', 'in', ['1', '2']), leaf('number', 'eq', ['a,b.c)'])],
        },
      ],
    })
  })

  test.each([
    ['status', 'invalid-query'],
    ['status=paid', 'invalid-query'],
    ['status=equals.paid', 'invalid-query'],
    ['status=is.maybe', 'invalid-query'],
    ['status=in.a,b', 'invalid-query'],
    ['status=in.(a', 'invalid-query'],
    [`status=in.(${'a,'.repeat(500)}a)`, 'invalid-query'],
    ['or=status.eq.paid', 'invalid-query'],
    ['or=(status)', 'invalid-query'],
    ['or=(status.eq.a))', 'invalid-query'],
    [`or=${'(and'.repeat(20)}(a.eq.1)${')'.repeat(20)}`, 'invalid-query'],
    ['status=fts(klingon).word', 'not-supported'],
    ['status=eq(some).{a,b}', 'invalid-query'],
    ['status=in(any).{a,b}', 'invalid-query'],
    ['status=eq(any).{}', 'invalid-query'],
    ['during=sl(any).{a}', 'invalid-query'],
    ['data->>x->y=eq.1', 'not-supported'],
    ['or=(data->>.eq.1)', 'not-supported'],
    ['producer.name=eq.Anna', 'not-supported'],
    ['or=(producer.name.eq.x)', 'invalid-query'],
    ['on_conflict=id', 'not-supported'],
    ['status=eq.%ff', 'invalid-query'],
    ['status=eq.%', 'invalid-query'],
    ['%ff=eq.1', 'invalid-query'],
    [Array.from({ length: 101 }, (_, n) => `a${n}=eq.1`).join('&'), 'invalid-query'],
  ])('%s is %s', (text, code) => {
    expect(failure(text)).toBe(code)
  })
})

describe('order', () => {
  test('directions and nulls', () => {
    expect(read('order=a,b.desc,c.asc.nullsfirst,d.nullslast').order).toEqual([
      { field: 'a', direction: 'asc', nulls: null },
      { field: 'b', direction: 'desc', nulls: null },
      { field: 'c', direction: 'asc', nulls: 'first' },
      { field: 'd', direction: 'asc', nulls: 'last' },
    ])
  })

  test.each([
    ['order=', 'invalid-query'],
    ['order=a.up', 'invalid-query'],
    ['order=a.desc.nullslast.desc', 'invalid-query'],
    ['order=producer(name', 'invalid-query'],
    ['order=producer(a(b))', 'not-supported'],
    [`order=${Array.from({ length: 11 }, (_, n) => `a${n}`).join(',')}`, 'invalid-query'],
  ])('%s is %s', (text, code) => {
    expect(failure(text)).toBe(code)
  })
})

describe('range', () => {
  test.each([
    ['limit=5', null, { offset: 0, limit: 5 }],
    ['limit=0', null, { offset: 0, limit: 0 }],
    ['limit=5&offset=3', null, { offset: 3, limit: 5 }],
    ['', '10-19', { offset: 10, limit: 10 }],
    ['', '10-', { offset: 10, limit: null }],
    ['', 'bytes=0-5', { offset: 0, limit: null }],
    ['limit=5', '2-100', { offset: 2, limit: 3 }],
    ['offset=50', '10-59', { offset: 50, limit: 10 }],
  ])('%s with Range %s', (text, header, expected) => {
    expect(read(text, header).range).toEqual(expected)
  })

  test.each([
    ['limit=-1', null, 'invalid-query'],
    ['limit=1.5', null, 'invalid-query'],
    ['limit=1e3', null, 'invalid-query'],
    ['offset=99999999999999999999', null, 'invalid-query'],
    ['limit=1&limit=2', null, 'invalid-query'],
    ['', '9-3', 'PGRST103'],
    ['limit=2', '5-9', 'PGRST103'],
  ])('%s with Range %s is %s', (text, header, code) => {
    expect(failure(text, header)).toBe(code)
  })
})

test('any text at all is either read or refused, quickly', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'select=',
      'or=(',
      'and=',
      'not.',
      'in.(',
      '"',
      '\\',
      ')',
      '(',
      ',',
      '.',
      '&',
      '=',
      '%',
      '*',
      'eq.',
      'order=',
      '::',
      '->',
      'a',
      '%00',
      '%F0%9F%98%80',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const started = performance.now()
      failure(pieces.join(''))
      expect(performance.now() - started).toBeLessThan(200)
    }),
    { numRuns: 3_000 },
  )
})

describe('regular expressions', () => {
  const many = (count: number): string => Array.from({ length: count }, (_, n) => `a${n}`).join(',')

  test('are counted over all of the query, what is embedded included', () => {
    expect(failure(`a=match(all).{${many(8)}}`)).toBeNull()
    expect(failure(`a=imatch(all).{${many(9)}}`)).toBe('invalid-query')
    expect(failure(`a=match(any).{${many(8)}}&not.or=(b.imatch.x,c.eq.1)`)).toBe('invalid-query')
    const embedded = `select=a,b(c,d(e))&a=match(any).{${many(4)}}&b.d.e=match(any).{${many(4)}}`
    expect(failure(embedded)).toBeNull()
    expect(failure(`${embedded}&b.c=not.match.x`)).toBe('invalid-query')
  })
})
