import { WORLD_FIELDS } from '@varco/policy/testing'
import fc from 'fast-check'
import { nameInAnswer, type FilterTree, type Named, type QueryTree, type Within } from './query-tree.ts'

/** Values that mean something in some type, in several, or in none. */
const VALUES = [
  ...[
    '',
    'a',
    'A',
    'ab',
    'a%',
    'a_b',
    'è',
    'z',
    '\u{1D4B3}',
    '$5',
    "o'h\\",
    '0',
    '1',
    '2',
    '10',
    '-1',
    '-0.5',
    '0.50',
    '1.10',
    '9.99',
    '1e1',
  ],
  ...[
    'true',
    'false',
    '2026-03-29',
    '2026-03-30',
    '1969-12-31',
    '2026-02-30',
    '2026-03-29T01:30:00.000001Z',
    '2026-03-29T03:30:00+02:00',
  ],
  ...[
    '00000000-0000-4000-8000-000000000001',
    'A0000000-0000-4000-8000-000000000002',
    'null',
    "'; DROP TABLE world.thing; --",
    '9007199254740991',
  ],
  ...['99999999999999999999', 'NaN', 'infinity', '%', '*', '\\', '{a,b}', '(a)', 'a,b', 'a.b'],
]
/** Fields that rules show come often; those that they never do, and one that nobody declared, now and then. */
const JSON_VALUES = [
  '1',
  '1.0',
  '"a"',
  'null',
  'true',
  '[]',
  '[1]',
  '{"a":1}',
  '{"a":{"b":"a"}}',
  '{}',
  '"1"',
  'a',
  '{"a"',
]
const RANGES: Readonly<Record<string, readonly string[]>> = {
  rooms: [
    ...['[1,5)', '[1,4]', '(0,5)', '(0, 4] ', '[5,7]', '[8,9)', '[2,3)', '(4,6)', '[-2,0)', '[9,30]'],
    ...['empty', 'EMPTY', '[5,5)', '(5,6)', '(,3)', '[,2]', '(,)', '[7,)'],
  ],
  heat: [
    ...['[1,5)', '[1.0,5.00)', '(1,5)', '[5,5]', '(5,8]', '[8,9)', '(8,9)', '[-0.5,1)', '(0.5, 7.5)'],
    ...['empty', '[5,5)', '(,1)', '(,1]', '(,)', '[7.5,)'],
  ],
}
const NO_RANGES = ['[3,1)', '[1,2', '{1,2}', '[1.1.1,2)', '[1, )', '[a,b)', '["",2)', '[NaN,)', '', '1']
const NOT_OF_ALL = ['[1.5,2)', '[1,2147483647]']
const FIELDS = [
  ...Object.keys(WORLD_FIELDS),
  ...['id', 'id', 'id', 'word', 'word', 'score', 'score', 'amount', 'amount', 'day', 'flag', 'other_word'],
  ...['doc', 'tags', 'rooms', 'rooms', 'heat', 'heat'],
  'ghost',
]

const field = fc.constantFrom(...FIELDS)

const within: fc.Arbitrary<Within> = fc.record({
  path: fc.array(fc.constantFrom('a', 'b', 'a', '0', '1', '-1'), { minLength: 1, maxLength: 2 }),
  as: fc.constantFrom('json' as const, 'text' as const),
})
/** Fields, and what stands within JSON and lists; now and then within what holds nothing. */
const named: fc.Arbitrary<Named> = fc.oneof(
  { weight: 16, arbitrary: field.map((name) => ({ field: name })) },
  { weight: 6, arbitrary: fc.record({ field: fc.constantFrom('doc', 'doc', 'doc', 'tags'), within }) },
  { weight: 1, arbitrary: fc.record({ field, within }) },
)
/** Regular expressions that may be asked, and such as may not: some of them PostgreSQL would fail on. */
export const REGULAR = [
  'a',
  '^a',
  'A$',
  '.',
  '^.$',
  'a_?b',
  '[aA]b*',
  '(?:a|z){1,2}$',
  '^[^a]',
  '\\$5',
  'è|^$',
]
const IRREGULAR = ['(', 'a{2', '*a', '[z-a]', '\\d', '(a)\\1', '(?=a)', 'a**', '[[:alpha:]]', 'a{21}', '']
const comparison = fc.constantFrom('eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'isdistinct', 'like', 'ilike')
const value = fc.constantFrom(...VALUES)

/** A value that fits the field's type, most of the time. */
function fittingValue({ field: name, within: place }: Named): fc.Arbitrary<string> {
  if (place?.as === 'text') return fc.constantFrom('a', 'A', '1', '10', '', 'true', '{"a": 1}', '[1, "a"]')
  if (place !== undefined || name === 'doc') return fc.constantFrom(...JSON_VALUES)
  const ranges = RANGES[name]
  if (ranges !== undefined)
    return fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...ranges) },
      { weight: 1, arbitrary: fc.constantFrom(...NO_RANGES, ...NOT_OF_ALL) },
    )
  if (name === 'tags') return fc.constantFrom('{}', '{a}', '{a,A}', '{"",è}', '{A,a}', 'a', '{null}')

  const fitting: Readonly<Record<string, readonly string[]>> = {
    ...{
      text: ['a', 'A', 'ab', 'a_b', 'è', 'z', '', '$5', '\u{1D4B3}'],
      integer: ['-1', '0', '1', '2', '10', '30'],
    },
    ...{ decimal: ['0', '-0.5', '0.50', '1.1', '9.99', '10'], boolean: ['true', 'false'] },
    ...{ date: ['2026-03-29', '2026-03-30', '1969-12-31', '2024-02-29'] },
    ...{
      timestamp: ['2026-03-29T01:30:00.000001Z', '2026-06-15T08:00:00Z'],
      uuid: ['00000000-0000-4000-8000-000000000001'],
    },
  }
  const own = fitting[WORLD_FIELDS[name] ?? '']
  return own === undefined
    ? value
    : fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...own) }, { weight: 1, arbitrary: value })
}

type Asked = Pick<Extract<FilterTree, { kind: 'leaf' }>, 'op' | 'not' | 'values'>

/** Made once for each kind of place, not for each leaf of each of some ten thousand queries. */
const asked = new Map<string, fc.Arbitrary<Asked>>()

function askedOf(name: Named): fc.Arbitrary<Asked> {
  const kind = `${name.field} ${name.within?.as ?? ''}`
  const known = asked.get(kind) ?? arbitraryAsked(name)
  asked.set(kind, known)
  return known
}

function arbitraryAsked(name: Named): fc.Arbitrary<Asked> {
  return fc
    .oneof(
      { weight: 6, arbitrary: fc.record({ op: comparison, values: fittingValue(name).map((one) => [one]) }) },
      {
        weight: name.field === 'doc' || name.field === 'tags' ? 4 : 0,
        arbitrary: fc.record({
          op: fc.constantFrom('cs', 'cd', 'eq', 'neq', 'isdistinct', 'adj'),
          values: fittingValue(name).map((one) => [one]),
        }),
      },
      {
        weight: Object.hasOwn(RANGES, name.field) ? 8 : 0,
        arbitrary: fc.record({
          op: fc.constantFrom('cs', 'cd', 'ov', 'sl', 'sr', 'nxr', 'nxl', 'adj'),
          values: fittingValue(name).map((one) => [one]),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          op: fc.constantFrom('match', 'imatch'),
          values: fc.constantFrom(...REGULAR, ...REGULAR, ...IRREGULAR).map((pattern) => [pattern]),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          op: fc.constant('in'),
          values: fc.array(fittingValue(name), { maxLength: 4 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          op: fc.constant('is'),
          values: fc.constantFrom('null', 'not_null', 'true', 'false', 'unknown').map((word) => [word]),
        }),
      },
    )
    .chain(({ op, values }) => fc.boolean().map((not) => ({ op, not, values })))
}

const leaf: fc.Arbitrary<FilterTree> = named.chain((name) =>
  askedOf(name).map((how): FilterTree => ({ kind: 'leaf', ...name, ...how })),
)

const filter = fc.letrec<{ filter: FilterTree }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('tree' as const),
        op: fc.constantFrom('and' as const, 'or' as const),
        not: fc.boolean(),
        of: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
      }),
    },
  ),
})).filter

export function arbitraryQuery(): fc.Arbitrary<QueryTree> {
  return fc.record({
    select: fc.option(
      fc.oneof(
        fc.constant([{ field: '*' }]),
        fc.uniqueArray(named, { minLength: 1, maxLength: 4, selector: nameInAnswer }),
      ),
      {
        nil: null,
        freq: 3,
      },
    ),
    filters: fc.array(filter, { maxLength: 2 }),
    order: fc.uniqueArray(
      fc
        .record({
          by: named,
          desc: fc.boolean(),
          nulls: fc.constantFrom('first' as const, 'last' as const, null),
        })
        .map(({ by, ...how }) => ({ ...by, ...how })),
      { maxLength: 2, selector: nameInAnswer },
    ),
    limit: fc.option(fc.nat({ max: 30 }), { nil: null, freq: 3 }),
    offset: fc.option(fc.nat({ max: 20 }), { nil: null, freq: 5 }),
  })
}
