import { canonicalJson, type Json } from '@varco/core'
import canonicalize from 'canonicalize'
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

/** Keys and texts at which two ways of writing JSON part: numbers as keys, prototypes, halves of characters, escapes. */
const key = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toJSON',
    '0',
    '10',
    '9',
    '-1',
    '01',
    '\ud83d',
    '\\ud83d',
    '\uffff',
    '\u{1f600}',
  ),
)
const leaf = fc.oneof(
  ...[key, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.boolean()],
  fc.constantFrom(null, undefined, -0, 1e21, 5e-324, '\u2028', '\ud800', '\udc00x'),
)
const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
  anything: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    leaf,
    fc.array(tie('anything'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('anything')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
    fc.array(fc.tuple(key, tie('anything')), { maxLength: 3 }).map((entries) => {
      const bare = Object.create(null) as Record<string, unknown>
      for (const [name, value] of entries) bare[name] = value
      return bare
    }),
  ),
}))

function outcome(write: () => string | undefined): string {
  try {
    return write() ?? 'no form'
  } catch {
    return 'refused'
  }
}

test('writes whatever the reference implementation of RFC 8785 writes, and refuses what it refuses', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const ours = outcome(() => canonicalJson(value as Json))
      const theirs = outcome(() => canonicalize(value))
      expect(ours).toBe(theirs === 'no form' ? 'refused' : theirs)
    }),
    { numRuns: 5_000 },
  )
})

test('an object of a class, a list with holes and a value that writes itself are the reference’s', () => {
  const odd = [
    new Date(0),
    Object.assign([1], { extra: 1 }),
    Object.assign([], { 2: 3 }),
    { toJSON: () => 'x' },
    new Map([[1, 2]]),
  ]
  for (const value of odd)
    expect(outcome(() => canonicalJson(value as unknown as Json))).toBe(outcome(() => canonicalize(value)))
})
