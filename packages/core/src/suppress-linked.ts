import { holdCycles, whatIsShown, withTotals, type SuppressedTable } from './suppress-small.ts'

/** A table of counts that has numbers in common with others. */
export interface LinkedTable {
  readonly counts: readonly (readonly number[])[]
  /** By count, row and column; the totals are the last row and the last column. */
  readonly isSmall: (count: number, row: number, column: number) => boolean
  /** One name for one number, wherever it stands; `null` where it stands here alone. */
  readonly nameOf: (row: number, column: number) => string | null
  /** It stands in other hands, and what of it is known there is decided: `isSmall` says what is not, and nothing is added. */
  readonly elsewhere?: boolean
}

/** What else is known of the same numbers, or must not be. */
export interface Beside {
  /** Names, of which the last is the sum of the others. */
  readonly sums?: readonly (readonly string[])[]
  /** Names that stand in no table and are to be kept. One that is neither there nor here is known to all. */
  readonly secret?: readonly string[]
}

/**
 * As `suppressCells`, for tables that show some of the same numbers: what one holds back must not stand in another,
 * nor be worked out from all of them together, those elsewhere too. A number is held back everywhere or nowhere.
 */
export function suppressLinked(
  tables: readonly LinkedTable[],
  { sums = [], secret = [] }: Beside = {},
): readonly SuppressedTable[] {
  const grids = tables.map(gridOf)
  const ours = grids.filter(({ elsewhere }) => !elsewhere)
  const held = new Set<string>(secret)
  for (const { names, table, isSmall } of grids)
    for (const [r, row] of names.entries())
      for (const [c, name] of row.entries()) if (isSmall(table[r]?.[c] ?? 0, r, c)) held.add(name)
  const equations = [...grids.filter(hasCells).flatMap(equationsOf), ...sums]
  const counts = new Map(
    ours.flatMap(({ names, table }) =>
      names.flatMap((row, r) => row.map((name, c) => [name, table[r]?.[c] ?? 0] as const)),
    ),
  )
  // What they elsewhere give away by themselves nothing here can keep.
  const lost = new Set(ours.length === grids.length ? [] : workedOut(equations, held.union(counts)))
  for (;;) {
    holdInEach(ours, held)
    const given = workedOut(equations, held).filter((name) => !lost.has(name))
    const more = cheapestBeside(given, { equations, held, counts })
    if (more === null) break
    held.add(more)
  }
  return grids.map(({ names, table }) =>
    whatIsShown(
      table,
      names.map((row) => row.map((name) => held.has(name))),
    ),
  )
}

interface Grid {
  readonly table: readonly (readonly number[])[]
  readonly names: readonly (readonly string[])[]
  readonly isSmall: LinkedTable['isSmall']
  readonly elsewhere: boolean
}

function gridOf({ counts, isSmall, nameOf, elsewhere = false }: LinkedTable, index: number): Grid {
  const table = withTotals(counts)
  return {
    ...{ table, isSmall, elsewhere },
    names: table.map((row, r) => row.map((_, c) => nameOf(r, c) ?? `${index}:${r}:${c}`)),
  }
}

/** A table of totals alone says nothing but that they are zero. */
function hasCells({ table }: Grid): boolean {
  return table.length > 1 && (table[0]?.length ?? 0) > 1
}

/** Until no table holds back what another shows. */
function holdInEach(grids: readonly Grid[], held: Set<string>): void {
  for (let before = -1; before < held.size;) {
    before = held.size
    for (const { table, names } of grids.filter(hasCells)) {
      const cells = names.map((row) => row.map((name) => held.has(name)))
      holdCycles(table, cells)
      for (const [r, row] of names.entries())
        for (const [c, name] of row.entries()) if (cells[r]?.[c] === true) held.add(name)
    }
  }
}

/** The names in a sum of which the last is the total. */
type Equation = readonly string[]

function equationsOf({ names }: Grid): readonly Equation[] {
  return [...names, ...(names[0] ?? []).map((_, c) => names.map((row) => row[c] ?? ''))]
}

/** Small enough for products to be exact. */
const PRIME = 67_108_859

/**
 * The numbers held back that the equations give away: those that stand alone in an equation once it is reduced by the
 * others (Gauss and Jordan, over a prime field).
 */
function workedOut(equations: readonly Equation[], held: ReadonlySet<string>): readonly string[] {
  const names = [...held]
  const place = new Map(names.map((name, i) => [name, i]))
  const rows = equations.flatMap((equation) => {
    if (!equation.some((name) => place.has(name))) return []
    const row = new Float64Array(names.length)
    for (const [i, name] of equation.entries()) {
      const at = place.get(name)
      // The same number may stand twice in it: alone in its row, it is its own sum.
      if (at !== undefined) row[at] = ((row[at] ?? 0) + (i === equation.length - 1 ? PRIME - 1 : 1)) % PRIME
    }
    return [row]
  })
  let pivot = 0
  for (let column = 0; column < names.length && pivot < rows.length; column++) {
    const found = rows.findIndex((row, i) => i >= pivot && row[column] !== 0)
    const row = rows[found]
    if (row === undefined) continue
    rows[found] = rows[pivot] ?? row
    rows[pivot] = row
    scale(row, inverse(row[column] ?? 1))
    // Most of a row is nothing: a table's sums are short.
    const places = Array.from(row.keys()).filter((i) => row[i] !== 0)
    for (const other of rows) if (other !== row) subtract(other, row, places, other[column] ?? 0)
    pivot++
  }
  return rows.slice(0, pivot).flatMap((row) => {
    const [first, ...more] = [...row.keys()].filter((column) => row[column] !== 0)
    return first === undefined || more.length > 0 ? [] : [names[first] ?? '']
  })
}

function scale(row: Float64Array, factor: number): void {
  for (const [i, n] of row.entries()) row[i] = (n * factor) % PRIME
}

/** @param places where the row to be taken off has something */
function subtract(row: Float64Array, other: Float64Array, places: readonly number[], factor: number): void {
  if (factor === 0) return
  for (const i of places) row[i] = ((row[i] ?? 0) + (PRIME - factor) * (other[i] ?? 0)) % PRIME
}

/** By Fermat: `n` to the power of two less than the prime. */
function inverse(n: number): number {
  let result = 1
  for (let base = n, exponent = PRIME - 2; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) result = (result * base) % PRIME
    base = (base * base) % PRIME
  }
  return result
}

/**
 * Of the numbers shown here in a sum with one that is given away: the smallest that is not zero; zeros last. `null` where none is
 * given away, or none is shown.
 */
function cheapestBeside(
  given: readonly string[],
  {
    equations,
    held,
    counts,
  }: {
    readonly equations: readonly Equation[]
    readonly held: ReadonlySet<string>
    /** Of the numbers that may be held back. */
    readonly counts: ReadonlyMap<string, number>
  },
): string | null {
  if (given.length === 0) return null
  const shownIn = (some: readonly Equation[]): readonly string[] =>
    some.flat().filter((each) => counts.has(each) && !held.has(each))
  const beside = shownIn(equations.filter((equation) => given.some((name) => equation.includes(name))))
  // With all beside them held back, what gives them away is farther off.
  const candidates = beside.length > 0 ? beside : shownIn(equations)
  const price = (each: string): number => counts.get(each) || Number.MAX_SAFE_INTEGER
  const [first, ...more] = candidates
  return first === undefined
    ? null
    : more.reduce((best, each) => (price(each) < price(best) ? each : best), first)
}
