import { maskValue, MASKS } from '@varco/policy'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const keys = { hmac: new Uint8Array(32).fill(7) }

test.each([
  ['last4', 'IT60X0542811101000000123456', '***3456'],
  ['last4', '1234567', '***'],
  ['last4', 12_345_678, '***5678'],
  ['partial', 'RSSMRA80A01H501U', 'R***U'],
  ['partial', 'Ugo', '***'],
  ['partial', '😀bc😎', '😀***😎'],
  ['year', '1980-05-17', '1980'],
  ['year', '2026-03-29 01:30:00.000001+00', '2026'],
  ['year', 'infinity', '***'],
  ['redact', 'anything', '***'],
] as const)('%s shows %j as %j', (mask, value, shown) => {
  expect(maskValue(mask, value, keys)).toBe(shown)
})

test('NULL stays NULL, but redact does not even tell that', () => {
  expect(MASKS.map((mask) => maskValue(mask, null, keys))).toEqual([null, null, '***', null, null])
})

test('hmac gives equal texts for equal values under one key only', () => {
  const other = { hmac: new Uint8Array(32).fill(8) }
  expect(maskValue('hmac', 'RSSMRA80A01H501U', keys)).toBe(maskValue('hmac', 'RSSMRA80A01H501U', keys))
  expect(maskValue('hmac', 'RSSMRA80A01H501U', keys)).not.toBe(maskValue('hmac', 'RSSMRA80A01H501X', keys))
  expect(maskValue('hmac', 'RSSMRA80A01H501U', keys)).not.toBe(maskValue('hmac', 'RSSMRA80A01H501U', other))
  expect(maskValue('hmac', { b: 1, a: 2 }, keys)).toBe(maskValue('hmac', { a: 2, b: 1 }, keys))
})

test('no mask shows more than half of a text, nor how long it is', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.constantFrom('last4', 'partial', 'redact'),
      (text, mask) => {
        const shown = String(maskValue(mask, text, keys))
        const kept = Array.from(shown).length - 3
        expect(kept).toBeLessThanOrEqual(Array.from(text).length / 2)
        expect([0, 2, 4]).toContain(kept)
      },
    ),
  )
})
