import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holdBackBoth as holdBack } from '../../src/transparency/hold-back-both.ts'

const THRESHOLD = 5

/** Each access by somebody else. */
function holdBackBoth(byMonth: readonly number[][], byPurpose: readonly number[][], threshold: number) {
  const counted = (rows: readonly number[][]) =>
    rows.map((row) => row.map((accesses) => ({ accesses, workers: accesses })))
  return holdBack(counted(byMonth), counted(byPurpose), threshold)
}

const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 500 }))
const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0)

/** The same accesses counted twice: by purpose and company, and spread over months, each with some denied. */
const bodies = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 6 }))
  .chain(([purposes, companies, months]) =>
    fc.record({
      byPurpose: fc.array(fc.array(count, { minLength: companies, maxLength: companies }), {
        minLength: purposes,
        maxLength: purposes,
      }),
      denied: fc.array(count, { minLength: months, maxLength: months }),
      cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
        minLength: months - 1,
        maxLength: months - 1,
      }),
    }),
  )
  .map(({ byPurpose, denied, cuts }) => {
    const all = sum(byPurpose.flat())
    const ends = [0, ...cuts.map((cut) => Math.round(cut * all)).sort((a, b) => a - b), all]
    return { byPurpose, byMonth: denied.map((no, i) => [(ends[i + 1] ?? all) - (ends[i] ?? 0), no]) }
  })

test('what both tables have in common is shown in both or in neither', () => {
  fc.assert(
    fc.property(bodies, ({ byMonth, byPurpose }) => {
      const held = holdBackBoth(byMonth, byPurpose, THRESHOLD)
      expect(held.byPurpose.total).toBe(held.byMonth.columnTotals[0])
    }),
    { numRuns: 500 },
  )
})

test('one table does not give away what the other holds back', () => {
  const byPurpose = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 13, 1],
  ]
  const held = holdBackBoth([[16, 0]], byPurpose, THRESHOLD)
  expect(held.byPurpose.total).toBeNull()
  expect(held.byMonth).toMatchObject({ columnTotals: [null, expect.anything()] })
})

test('where nothing is small, everything is shown', () => {
  const held = holdBackBoth(
    [
      [20, 9],
      [40, 0],
    ],
    [
      [30, 0],
      [10, 20],
    ],
    THRESHOLD,
  )
  expect(held.byMonth).toMatchObject({ columnTotals: [60, 9], total: 69 })
  expect(held.byPurpose).toMatchObject({ columnTotals: [40, 20], total: 60 })
})

test('a year in which nobody was let in', () => {
  expect(holdBackBoth([[0, 3]], [], THRESHOLD).byPurpose.total).toBe(0)
})

test('many accesses of few people are held back as few are', () => {
  const by = (accesses: number, workers: number) => ({ accesses, workers })
  const held = holdBack([[by(40, 3), by(0, 0)]], [[by(40, 3)]], THRESHOLD)
  expect([held.byMonth.total, held.byPurpose.total]).toEqual([null, null])
  expect(holdBack([[by(40, 5), by(0, 0)]], [[by(40, 5)]], THRESHOLD).byMonth.total).toBe(40)
})
