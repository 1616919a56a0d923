import { canonicalJson, type Json } from '@varco/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('orders keys by UTF-16 code units, as RFC 8785 section 3.2.3 does in its example', () => {
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '1': 'One',
    '\u0080': 'Control',
    '\u{1f600}': 'Smiley',
    '\u00f6': 'o with diaeresis',
  }
  expect(Object.keys(JSON.parse(canonicalJson(value)) as object).sort()).toEqual(Object.keys(value).sort())
  expect(canonicalJson(value)).toBe(
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"o with diaeresis","\u20ac":"Euro Sign","\u{1f600}":"Smiley"}',
  )
})

test('the order in which keys were written leaves no trace', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const reversed = Object.fromEntries(Object.entries(object).reverse())
      expect(canonicalJson(reversed as Json)).toBe(canonicalJson(object as Json))
    }),
  )
})

test('null, the empty string and an absent key are three things', () => {
  expect(new Set([canonicalJson({ a: null }), canonicalJson({ a: '' }), canonicalJson({})]).size).toBe(3)
})

test('numbers follow ECMAScript, and what is no number is refused', () => {
  expect(canonicalJson([1e30, 4.5, 0.002, 1e-27, -0])).toBe('[1e+30,4.5,0.002,1e-27,0]')
  expect(() => canonicalJson(Number.NaN)).toThrow(/NaN/)
  expect(() => canonicalJson(Number.POSITIVE_INFINITY)).toThrow(/Infinity/)
})
