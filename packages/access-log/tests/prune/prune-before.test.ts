import { pruneAllBefore, pruneBefore } from '@varco/access-log'
import { isoToMicros, microsToIso } from '@varco/core'
import { expect, test } from 'vitest'

test.each([
  ['2026-11-24T10:00:00Z', 'P24M', '2024-11-01'],
  ['2026-11-24T10:00:00Z', 'P2Y', '2024-11-01'],
  ['2026-03-31T10:00:00Z', 'P1M', '2026-02-01'],
  ['2028-02-29T10:00:00Z', 'P1Y', '2027-02-01'],
  ['2026-12-01T00:00:00Z', 'P6M', '2026-06-01'],
  ['2026-12-01T00:00:00Z', 'P1D', '2026-11-01'],
])('on %s with a floor of %s, months before %s may go', (now, floor, expected) => {
  expect(microsToIso(pruneBefore(isoToMicros(now) ?? 0n, floor))).toBe(`${expected}T00:00:00.000000Z`)
})

test.each([
  ['2023-11-24T23:00:00Z', '2023-12-01'],
  ['2023-12-01T00:00:00Z', '2023-12-01'],
  ['2023-12-31T23:00:00Z', '2024-01-01'],
])('for nothing before %s to be left, months before %s go', (ceiling, expected) => {
  expect(microsToIso(pruneAllBefore(isoToMicros(ceiling) ?? 0n))).toBe(`${expected}T00:00:00.000000Z`)
})
