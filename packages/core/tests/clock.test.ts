import { isoToMicros, microsToIso, systemClock } from '@varco/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('microseconds survive the way to text and back', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }), (at) => {
      expect(isoToMicros(microsToIso(at))).toBe(at)
    }),
  )
})

test('keeps the sixth decimal that Date loses', () => {
  expect(microsToIso(1_774_747_800_000_001n)).toBe('2026-03-29T01:30:00.000001Z')
})

test('reads offsets', () => {
  expect(isoToMicros('2026-03-29T03:30:00+02:00')).toBe(1_774_747_800_000_000n)
})

test('a leap day is a day', () => {
  expect(microsToIso(isoToMicros('2028-02-29T12:00:00Z') ?? 0n)).toBe('2028-02-29T12:00:00.000000Z')
})

test.each([
  '',
  'yesterday',
  '2026-03-29',
  '2026-13-01T00:00:00Z',
  '2026-03-29T01:30:00',
  '2026-03-29T01:30:00.1234567Z',
  '2026-06-31T00:00:00Z',
  '2026-02-29T00:00:00+01:00',
  '2100-02-29T00:00:00Z',
  '2026-06-00T00:00:00Z',
  '2026-03-29T24:00:00Z',
])('refuses %j', (text) => {
  expect(isoToMicros(text)).toBeNull()
})

test('the system clock is close to the machine’s', () => {
  expect(Math.abs(Number(systemClock.now() / 1000n) - Date.now())).toBeLessThan(1000)
})
