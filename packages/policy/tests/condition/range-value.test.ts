import { toConstant, type RangeType } from '@varco/policy'
import { expect, test } from 'vitest'

test.each<[RangeType, string, string | null]>([
  ['int4range', '[1,10]', '[1,11)'],
  ['int4range', ' ( 1 , +10 ] ', '[2,11)'],
  ['int4range', '(1,2)', 'empty'],
  ['int4range', '[5,5)', 'empty'],
  ['int4range', '[,]', '(,)'],
  ['int4range', '["1",1e1)', '[1,10)'],
  ['int4range', '[1,2147483646]', '[1,2147483647)'],
  ['int4range', '[1,2147483647]', null],
  ['int4range', '[1,2147483648)', null],
  ['int4range', '[1.5,3)', null],
  ['int4range', '[3,1)', null],
  ['int8range', '[1,9223372036854775807)', '[1,9223372036854775807)'],
  ['int8range', '(9223372036854775807,9223372036854775807]', 'empty'],
  ['int8range', '(9223372036854775807,)', null],
  ['numrange', '[1.50,2.00]', '[1.5,2]'],
  ['numrange', '[NaN,)', null],
  ['numrange', `[0,1${'0'.repeat(2_000)}]`, null],
  ['daterange', '[2024-02-28,2024-02-28]', '[2024-02-28,2024-02-29)'],
  ['daterange', '(2024-02-28,9999-12-31]', '[2024-02-29,10000-01-01)'],
  ['daterange', '[2026-02-30,)', null],
  ['daterange', '[2026-01-01,infinity)', null],
  [
    'tsrange',
    '[2026-03-29,2026-03-29T02:30:00.5]',
    '["2026-03-29 00:00:00.000000","2026-03-29 02:30:00.500000"]',
  ],
  ['tsrange', '[2026-03-29 01:30Z,)', null],
  ['tstzrange', '[2026-03-29 03:30+02,)', '["2026-03-29 01:30:00.000000Z",)'],
  ['tstzrange', '[2026-03-29 01:30,)', '["2026-03-29 01:30:00.000000Z",)'],
  ['tstzrange', '[1969-12-31T23:59:59.999999Z,)', '["1969-12-31 23:59:59.999999Z",)'],
  ['tstzrange', '[now,)', null],
  ['numrange', '', null],
  ['numrange', '[1,2', null],
  ['numrange', '[1,2,3]', null],
  ['numrange', '["1,2)', null],
])('a %s of %s is %s', (type, text, constant) => {
  expect(toConstant(type, text)).toBe(constant)
})

test('the one text of a range has itself as its one text', () => {
  for (const [type, text] of [
    ['int4range', '[1,10]'],
    ['daterange', '(2024-02-28,9999-12-31]'],
    ['tsrange', '[2026-03-29,2026-03-30)'],
    ['tstzrange', '[2026-03-29,2026-03-30)'],
  ] as const) {
    const constant = toConstant(type, text)
    expect(constant).not.toBeNull()
    expect(toConstant(type, constant)).toBe(constant)
  }
})

test('what is no text is no range', () => {
  for (const value of [null, 7, true, ['[1,2)'], { lower: 1 }])
    expect(toConstant('int4range', value)).toBeNull()
})
