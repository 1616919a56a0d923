import fc from 'fast-check'
import { expect, test } from 'vitest'
import { suppressSmall, type SuppressedTable } from '../src/suppress-small.ts'

const THRESHOLD = 5
const tables = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([rows, columns]) =>
    fc.array(
      fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 500 })), {
        minLength: columns,
        maxLength: columns,
      }),
      { minLength: rows, maxLength: rows },
    ),
  )

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0)

/** The table with its totals, as one grid. */
function grid({ cells, rowTotals, columnTotals, total }: SuppressedTable): (number | null)[][] {
  return [...cells.map((row, r) => [...row, rowTotals[r] ?? null]), [...columnTotals, total]]
}

function truth(counts: readonly (readonly number[])[]): number[][] {
  const rows = counts.map((row) => [...row, sum(row)])
  return [...rows, (rows[0] ?? []).map((_, c) => sum(rows.map((row) => row[c] ?? 0)))]
}

/**
 * Which unknowns the published table gives away: Gaussian elimination over a prime field on "each row's cells sum to
 * its total, each column's too". An unknown is determined when a reduced equation holds it alone.
 */
function workedOut(published: readonly (readonly (number | null)[])[]): string[] {
  const PRIME = 1_000_003
  const unknowns = published.flatMap((row, r) =>
    row.flatMap((cell, c) => (cell === null ? [`${r},${c}`] : [])),
  )
  const [rows, columns] = [published.length, published[0]?.length ?? 0]
  const coefficient = (last: boolean) => (last ? PRIME - 1 : 1)
  const equations = [
    ...Array.from({ length: rows }, (_, r) =>
      unknowns.map((name) => (name.startsWith(`${r},`) ? coefficient(name.endsWith(`,${columns - 1}`)) : 0)),
    ),
    ...Array.from({ length: columns }, (_, c) =>
      unknowns.map((name) => (name.endsWith(`,${c}`) ? coefficient(name.startsWith(`${rows - 1},`)) : 0)),
    ),
  ]
  const inverse = (n: number): number => {
    let [result, base, exponent] = [1n, BigInt(n), BigInt(PRIME - 2)]
    for (; exponent > 0n; exponent >>= 1n, base = (base * base) % BigInt(PRIME))
      if (exponent & 1n) result = (result * base) % BigInt(PRIME)
    return Number(result)
  }
  let pivot = 0
  for (let column = 0; column < unknowns.length && pivot < equations.length; column++) {
    const found = equations.findIndex((equation, i) => i >= pivot && equation[column] !== 0)
    if (found === -1) continue
    const [row, other] = [equations[found] ?? [], equations[pivot] ?? []]
    equations[found] = other
    const scale = inverse(row[column] ?? 1)
    const reduced = row.map((n) => (n * scale) % PRIME)
    equations[pivot] = reduced
    for (const [i, equation] of equations.entries()) {
      const factor = equation[column] ?? 0
      if (i !== pivot && factor !== 0)
        equations[i] = equation.map((n, k) => (((n - factor * (reduced[k] ?? 0)) % PRIME) + PRIME) % PRIME)
    }
    pivot++
  }
  return unknowns.filter((_, k) =>
    equations.some((equation) => equation[k] !== 0 && equation.every((n, i) => i === k || n === 0)),
  )
}

test('no small count is published, totals included', () => {
  fc.assert(
    fc.property(tables, (counts) => {
      for (const cell of grid(suppressSmall(counts, THRESHOLD)).flat())
        expect(cell === null || cell === 0 || cell >= THRESHOLD).toBe(true)
    }),
  )
})

test('no count held back can be worked out from what is published', () => {
  fc.assert(
    fc.property(tables, (counts) => {
      expect(workedOut(grid(suppressSmall(counts, THRESHOLD)))).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test('what is published is true', () => {
  fc.assert(
    fc.property(tables, (counts) => {
      const published = grid(suppressSmall(counts, THRESHOLD))
      const real = truth(counts).map((row, r) =>
        row.map((count, c) => (published[r]?.[c] === null ? null : count)),
      )
      expect(published).toEqual(real)
    }),
  )
})

test('the check above finds a count that is given away', () => {
  expect(
    workedOut([
      [3, null, 10],
      [20, 30, 50],
      [23, 37, 60],
    ]),
  ).toEqual(['0,1'])
  expect(
    workedOut([
      [null, null, 10],
      [null, null, 50],
      [23, 37, 60],
    ]),
  ).toEqual([])
})

test('a table with nothing small is published whole', () => {
  expect(
    suppressSmall(
      [
        [10, 20],
        [0, 40],
      ],
      THRESHOLD,
    ),
  ).toEqual({
    cells: [
      [10, 20],
      [0, 40],
    ],
    rowTotals: [30, 40],
    columnTotals: [10, 60],
    total: 70,
  })
})

test('one small count takes three neighbours with it, the least in sum', () => {
  expect(
    suppressSmall(
      [
        [3, 100, 900],
        [50, 700, 800],
        [600, 30, 1000],
      ],
      THRESHOLD,
    ).cells,
  ).toEqual([
    [null, null, 900],
    [50, 700, 800],
    [null, null, 1000],
  ])
})

test('an empty table has nothing to hold back', () => {
  expect(suppressSmall([], THRESHOLD)).toEqual({ cells: [], rowTotals: [], columnTotals: [], total: 0 })
})
