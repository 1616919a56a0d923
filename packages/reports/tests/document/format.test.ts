import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatIn } from '../../src/document/format.ts'

const it = formatIn('it', 'Europe/Rome')
const en = formatIn('en', 'Europe/Rome')

describe('instants are the body’s wall clock', () => {
  test.each([
    ['2026-12-31T23:30:00.000000Z', '1 gennaio 2027, 00:30:00'],
    ['2026-03-29T00:59:59.999999Z', '29 marzo 2026, 01:59:59'],
    ['2026-03-29T01:00:00.000000Z', '29 marzo 2026, 03:00:00'],
    ['2026-10-25T01:00:00.000000Z', '25 ottobre 2026, 02:00:00'],
  ])('%s', (instant, words) => {
    expect(it.instant(instant)).toBe(words)
  })
})

test.each([
  ['P10Y', '10 anni', '10 years'],
  ['P1Y6M', '1 anno e 6 mesi', '1 year and 6 months'],
  ['P30D', '30 giorni', '30 days'],
])('a term of %s', (term, italian, english) => {
  expect([it.period(term), en.period(term)]).toEqual([italian, english])
})

test.each([
  ['2026-04-02', 'date', '2 aprile 2026'],
  ['2026-02-30', 'date', '2026-02-30'],
  ['2026-05-04T08:15:00+00:00', 'timestamp', '4 maggio 2026, 10:15:00'],
  ['2026-05-04T08:15:00', 'timestamp', '4 maggio 2026, 08:15:00'],
  ['2026-02-30T08:15:00', 'timestamp', '2026-02-30T08:15:00'],
  ['98765432109876543.21', 'decimal', '98.765.432.109.876.543,21'],
  ['-0.50', 'decimal', '-0,50'],
  ['1e400', 'decimal', '1e400'],
  ['true', 'boolean', 'sì'],
  ['["AB123CD","EF456GH"]', 'text[]', 'AB123CD e EF456GH'],
  ['{AB', 'text[]', '{AB'],
  ['<b>', 'text', '<b>'],
])('a record’s %j of type %s', (value, type, words) => {
  expect(it.value(value, type)).toBe(words)
})

test('no digit of an amount is lost', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n }), fc.stringMatching(/^\d{0,12}$/), (whole, fraction) => {
      const value = fraction === '' ? `${whole}` : `${whole}.${fraction}`
      expect(it.value(value, 'decimal').replaceAll('.', '').replace(',', '.')).toBe(value)
      expect(en.value(value, 'decimal').replaceAll(',', '')).toBe(value)
    }),
  )
})

test('money has its cents, even when they are none', () => {
  expect([it.money(4.2), it.money(18102), en.money(9.4)]).toEqual(['4,20', '18.102,00', '9.40'])
})

test('countries, lists and numbers as the reader writes them', () => {
  expect([it.country('IN'), it.all(['a', 'b', 'c']), it.number(1234)]).toEqual(['India', 'a, b e c', '1.234'])
})
