/** A table of counts with its totals, where `null` stands for a count held back. */
export interface SuppressedTable {
  readonly cells: readonly (readonly (number | null)[])[]
  readonly rowTotals: readonly (number | null)[]
  readonly columnTotals: readonly (number | null)[]
  readonly total: number | null
}

/**
 * Holds back every count from 1 to `threshold - 1`, totals included, and as many others as it takes so that none
 * of them can be worked out from what is left. Rows and columns with their totals are equations over the cells
 * held back; such a cell is determined exactly when it is a bridge of the graph that joins row to column for
 * each cell held back, so cells are added until every one lies on a cycle.
 */
export function suppressSmall(counts: readonly (readonly number[])[], threshold: number): SuppressedTable {
  return suppressCells(counts, (count) => count > 0 && count < threshold)
}

/**
 * As `suppressSmall`, for what makes a cell too small is not always the count in it: the people behind it may be few.
 * @param isSmall by count, row and column; the totals are the last row and the last column
 */
export function suppressCells(
  counts: readonly (readonly number[])[],
  isSmall: (count: number, row: number, column: number) => boolean,
): SuppressedTable {
  const table = withTotals(counts)
  const held = table.map((row, r) => row.map((count, c) => isSmall(count, r, c)))
  holdCycles(table, held)
  return whatIsShown(table, held)
}

/** Holds as many more cells as it takes for none of those held to follow from the others of the table. */
export function holdCycles(table: readonly (readonly number[])[], held: readonly boolean[][]): void {
  for (let bridge = findBridge(held); bridge !== null; bridge = findBridge(held)) {
    for (const cell of cheapestCycle(table, held, bridge)) hold(held, cell)
  }
}

/** @param table with its totals, as `held` */
export function whatIsShown(
  table: readonly (readonly number[])[],
  held: readonly (readonly boolean[])[],
): SuppressedTable {
  const [rows, columns] = [table.length, table[0]?.length ?? 0]
  const shown = table.map((row, r) => row.map((count, c) => (held[r]?.[c] === true ? null : count)))
  return {
    cells: shown.slice(0, -1).map((row) => row.slice(0, -1)),
    rowTotals: shown.slice(0, -1).map((row) => row[columns - 1] ?? null),
    columnTotals: (shown[rows - 1] ?? []).slice(0, -1),
    total: shown[rows - 1]?.[columns - 1] ?? null,
  }
}

/** The sum of counts; `null` with any that is held back. */
export function sumShown(counts: readonly (number | null)[]): number | null {
  return counts.reduce<number | null>(
    (sum, count) => (sum === null || count === null ? null : sum + count),
    0,
  )
}

/** One more column and one more row, of sums. */
export function withTotals(counts: readonly (readonly number[])[]): number[][] {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, count) => total + count, 0)
  const rows = counts.map((row) => [...row, sum(row)])
  const width = rows[0]?.length ?? 1
  return [...rows, Array.from({ length: width }, (_, c) => sum(rows.map((row) => row[c] ?? 0)))]
}

interface Cell {
  readonly row: number
  readonly column: number
}

function cellsWhere(held: readonly (readonly boolean[])[], wanted: boolean): Cell[] {
  return held.flatMap((row, r) => row.flatMap((is, c) => (is === wanted ? [{ row: r, column: c }] : [])))
}

/** A cell held back that the others give away. */
function findBridge(held: readonly (readonly boolean[])[]): Cell | null {
  const cells = cellsWhere(held, true)
  return cells.find((cell) => !connectedWithout(cells, cell)) ?? null
}

/** Whether the cell's row and column are joined by other cells held back. */
function connectedWithout(cells: readonly Cell[], without: Cell): boolean {
  const rows = new Set([without.row])
  const columns = new Set<number>()
  for (let grown = true; grown;) {
    grown = false
    for (const cell of cells) {
      if (cell === without || rows.has(cell.row) === columns.has(cell.column)) continue
      rows.add(cell.row)
      columns.add(cell.column)
      grown = true
    }
  }
  return columns.has(without.column)
}

/**
 * The three cells that make a rectangle with it, at the least cost: inner cells before totals, small before large,
 * zeros last, those already held back for nothing. With a row and a column of totals there always is one.
 */
function cheapestCycle(
  table: readonly (readonly number[])[],
  held: readonly (readonly boolean[])[],
  { row, column }: Cell,
): readonly Cell[] {
  const [lastRow, lastColumn] = [table.length - 1, (table[0]?.length ?? 0) - 1]
  const cost = ({ row, column }: Cell): number => {
    if (held[row]?.[column] === true) return 0
    const count = table[row]?.[column] ?? 0
    const totals = Number(row === lastRow) + Number(column === lastColumn)
    return (count === 0 ? 1e12 : count) + totals * 1e9
  }
  const corners = table.flatMap((cells, r) =>
    cells.flatMap((_, c) =>
      r === row || c === column
        ? []
        : [
            [
              { row, column: c },
              { row: r, column },
              { row: r, column: c },
            ],
          ],
    ),
  )
  const price = (cells: readonly Cell[]): number => cells.reduce((sum, cell) => sum + cost(cell), 0)
  return corners.reduce((best, cells) => (price(cells) < price(best) ? cells : best))
}

function hold(held: readonly boolean[][], { row, column }: Cell): void {
  const cells = held[row]
  if (cells !== undefined) cells[column] = true
}
