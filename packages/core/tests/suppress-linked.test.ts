import fc from 'fast-check'
import { expect, test } from 'vitest'
import { suppressLinked, type LinkedTable } from '../src/suppress-linked.ts'
import type { SuppressedTable } from '../src/suppress-small.ts'

const THRESHOLD = 5
const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 300 }))

/** The same accesses, month by month, counted by purpose and counted by action. */
const bodies = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  .chain(([purposes, actions, months]) =>
    fc.array(
      fc.record({
        byPurpose: fc.array(count, { minLength: purposes, maxLength: purposes }),
        cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
          minLength: actions - 1,
          maxLength: actions - 1,
        }),
      }),
      { minLength: months, maxLength: months },
    ),
  )
  .map((months) => {
    const byAction = months.map(({ byPurpose, cuts }) => {
      const all = byPurpose.reduce((total, n) => total + n, 0)
      const ends = [0, ...cuts.map((cut) => Math.round(cut * all)).sort((a, b) => a - b), all]
      return ends.slice(1).map((end, i) => end - (ends[i] ?? 0))
    })
    return [turned(months.map(({ byPurpose }) => byPurpose)), turned(byAction)] as const
  })

function turned(table: readonly (readonly number[])[]): number[][] {
  return (table[0] ?? []).map((_, c) => table.map((row) => row[c] ?? 0))
}

function linked(counts: readonly (readonly number[])[]): LinkedTable {
  return {
    ...{ counts, isSmall: (n) => n > 0 && n < THRESHOLD },
    nameOf: (row, column) => (row === counts.length ? `month ${column}` : null),
  }
}

function grid({ cells, rowTotals, columnTotals, total }: SuppressedTable): (number | null)[][] {
  return [...cells.map((row, r) => [...row, rowTotals[r] ?? null]), [...columnTotals, total]]
}

/**
 * Another way to the same question: a number held back is not given away when some other table of numbers, that differs
 * in it, adds up as well. Such differences are the null space of the sums; here it is spanned by fractions.
 */
function givenAway(tables: readonly SuppressedTable[]): number {
  const names: string[] = []
  const nameOf = (t: number, r: number, c: number, rows: number): string =>
    r === rows - 1 ? `month ${c}` : `${t}:${r}:${c}`
  const sums: string[][] = []
  for (const [t, table] of tables.entries()) {
    const cells = grid(table).map((row, r, all) =>
      row.map((cell, c) => {
        const name = nameOf(t, r, c, all.length)
        if (cell === null && !names.includes(name)) names.push(name)
        return cell === null ? name : ''
      }),
    )
    sums.push(...cells, ...turnedNames(cells))
  }
  const rows = sums.map((sum) =>
    names.map((name) => (sum.includes(name) ? (sum.lastIndexOf(name) === sum.length - 1 ? -1 : 1) : 0)),
  )
  const rankOf = (matrix: number[][]): number => rank(matrix.map((row) => [...row]))
  const all = rankOf(rows)
  // Fixing one number on top raises the rank exactly when the sums left it open.
  return names.filter((_, k) => rankOf([...rows, names.map((__, i) => Number(i === k))]) === all).length
}

function turnedNames(cells: readonly (readonly string[])[]): string[][] {
  return (cells[0] ?? []).map((_, c) => cells.map((row) => row[c] ?? ''))
}

function rank(matrix: number[][]): number {
  let found = 0
  const width = matrix[0]?.length ?? 0
  for (let column = 0; column < width; column++) {
    const at = matrix.findIndex((row, i) => i >= found && Math.abs(row[column] ?? 0) > 1e-9)
    const pivot = matrix[at]
    if (pivot === undefined) continue
    matrix[at] = matrix[found] ?? pivot
    matrix[found] = pivot
    for (const row of matrix.slice(found + 1)) {
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1)
      if (factor !== 0) for (const [i, n] of pivot.entries()) row[i] = (row[i] ?? 0) - factor * n
    }
    found++
  }
  return found
}

test('no table shows what another holds back, and all of them together give nothing away', () => {
  fc.assert(
    fc.property(bodies, ([byPurpose, byAction]) => {
      const tables = suppressLinked([linked(byPurpose), linked(byAction)])
      const [one, other] = tables
      expect(one?.columnTotals).toEqual(other?.columnTotals)
      expect(one?.total).toBe(other?.total)
      for (const cell of tables.flatMap((table) => grid(table).flat()))
        expect(cell === null || cell === 0 || cell >= THRESHOLD).toBe(true)
      expect(givenAway(tables)).toBe(0)
    }),
    { numRuns: 400 },
  )
})

test('where nothing is small nothing is held back', () => {
  const tables = suppressLinked([
    linked([
      [10, 20],
      [30, 40],
    ]),
    linked([[40, 60]]),
  ])
  expect(tables.flatMap((table) => grid(table).flat())).not.toContain(null)
})

test('a total that one table has to hold back stands in no other', () => {
  const tables = suppressLinked([linked([[3]]), linked([[3]])])
  expect(tables.flatMap((table) => grid(table).flat())).toEqual(Array.from({ length: 8 }, () => null))
})

test('a table without rows has nothing to give away', () => {
  expect(suppressLinked([linked([]), linked([[9]])])).toMatchObject([
    { total: 0 },
    { total: 9, cells: [[9]] },
  ])
})

/** Three accesses of few people, held back with others, under a sum that is shown. */
const ELSEWHERE: LinkedTable = {
  counts: [[3, 40]],
  isSmall: (_, row, column) => row < 2 && column < 2,
  nameOf: (_, column) => ['few', 'many', 'all'][column] ?? null,
  elsewhere: true,
}
const OURS: LinkedTable = {
  counts: [[40, 70, 90]],
  isSmall: (count) => count < THRESHOLD,
  nameOf: (row, column) => (row === 0 && column === 0 ? 'ours' : null),
}

test('a number here that would tell what is held back elsewhere is held back, and nothing is added there', () => {
  const [there, here] = suppressLinked([ELSEWHERE, OURS], { sums: [['many', 'ours']] })
  expect(there).toMatchObject({ cells: [[null, null]], total: 43 })
  expect(here?.cells[0]?.[0]).toBeNull()
  expect(here?.cells[0]?.filter((count) => count === null).length).toBeGreaterThan(1)
  const [, apart] = suppressLinked([ELSEWHERE, OURS])
  expect(apart?.cells).toEqual(OURS.counts)
})

test('a number that stands in no table is kept where it is to be, and known where it is not', () => {
  const sums = [['theirs', 'others', 'ours']]
  const told = (secret: readonly string[]) => suppressLinked([OURS], { sums, secret })[0]?.cells[0]?.[0]
  expect(told([])).toBe(40)
  expect(told(['theirs'])).toBeNull()
  expect(told(['theirs', 'others'])).toBe(40)
})

test('what is given away elsewhere already costs nothing here', () => {
  const given: LinkedTable = { ...ELSEWHERE, isSmall: (_, row, column) => row === 0 && column === 0 }
  expect(suppressLinked([given, OURS], { sums: [['few', 'many', 'ours']] })[1]?.cells).toEqual(OURS.counts)
})

test('a table of one row, whose sums are its cells, says nothing by them', () => {
  const nameOf: LinkedTable['nameOf'] = (_, column) => ['permitted', 'denied', 'all'][column] ?? null
  const [told] = suppressLinked([{ counts: [[3, 60]], isSmall: (count) => count < THRESHOLD, nameOf }])
  expect([told?.cells, told?.columnTotals]).toEqual([[[null, told?.columnTotals[1]]], told?.cells[0]])
  expect([told?.columnTotals[1], told?.total]).toContain(null)
})
