import type { Block, Column, Line, Lines, Rows } from '../document/document.ts'
import { FRAME, PAGE, heightOf, linesThatFit, type PageWriter } from './page-writer.ts'
import type { Element } from './pdfkit-inside.ts'
import { cellStyle, COLORS, STYLES } from './styles.ts'
import type { SetLine, Typesetter } from './typesetter.ts'

const GUTTER = 11
const PADDING = 4.5
/** A row taller than this may be broken between pages; a lower one moves to the next whole. */
const UNBREAKABLE = 260

interface Grid {
  readonly columns: readonly { readonly x: number; readonly width: number; readonly alignEnd: boolean }[]
}

/** Rows in one `TBody`: what a table's structure keeps of them at once. */
const ROWS_TOGETHER = 100

/**
 * A table over as many pages as it takes; column titles stand again on top of each page (as an artifact:
 * a screen reader hears them once). Rests after each row.
 */
export async function* writeTable(
  pen: PageWriter,
  set: Typesetter,
  parent: Element,
  table: { readonly caption: string; readonly columns: readonly Column[]; readonly rows: Rows },
): AsyncGenerator<void> {
  const grid = gridOf(table.columns)
  const titles = table.columns.map((column, i) =>
    set.set(column.title, STYLES.columnTitle, grid.columns[i]?.width ?? FRAME),
  )
  const element = pen.element(parent, 'Table', { title: table.caption })
  const titlesHeight = rowHeight(titles)
  const writeTitles = (): void => {
    const head = pen.element(element, 'THead')
    const row = pen.element(head, 'TR')
    const top = pen.y
    titles.forEach((title, i) => {
      const cell = pen.element(row, 'TH', { scope: 'Column' })
      pen.mark(cell, 'TH', () => {
        drawCell(pen, title, grid, i, top)
      })
      cell.end()
    })
    row.end()
    head.end()
    pen.y = top + titlesHeight
    rule(pen, COLORS.ink, 0.9)
  }
  const writeTop = (firstRow: number): void => {
    pen.need(STYLES.caption.leading + titlesHeight + Math.min(UNBREAKABLE, firstRow))
    pen.write(element, 'Caption', set.set(table.caption, STYLES.caption, FRAME))
    writeTitles()
  }
  const turnPage = (): void => {
    pen.turnPage()
    const top = pen.y
    pen.artifact('Pagination', () => {
      titles.forEach((title, i) => {
        drawCell(pen, title, grid, i, top)
      })
    })
    pen.y = top + titlesHeight
    rule(pen, COLORS.ink, 0.9)
  }

  let written = 0
  let body: Element | null = null
  for await (const cells of table.rows) {
    const row = cells.map((lines, i) => setLines(set, lines, grid.columns[i]))
    if (written === 0) writeTop(rowHeight(row))
    if (written % ROWS_TOGETHER === 0) {
      body?.end()
      body = pen.element(element, 'TBody')
    }
    if (body !== null) writeRow(pen, body, grid, row, turnPage)
    written++
    yield
  }
  body?.end()
  if (written === 0) writeTop(0)
  element.end()
  pen.skip(12)
}

/** What the table begins with and keeps together: caption, titles and, where it is at hand, the first row. */
export function topOfTable(set: Typesetter, { columns, rows }: Extract<Block, { kind: 'table' }>): number {
  const grid = gridOf(columns)
  const titles = columns.map(({ title }, i) =>
    set.set(title, STYLES.columnTitle, grid.columns[i]?.width ?? FRAME),
  )
  const first = Symbol.iterator in rows ? rows[0] : undefined
  const row = first?.map((lines, i) => setLines(set, lines, grid.columns[i])) ?? []
  return STYLES.caption.leading + rowHeight(titles) + Math.min(UNBREAKABLE, rowHeight(row))
}

/** Terms on the left, what there is to say of them on the right. */
export function writeFacts(
  pen: PageWriter,
  set: Typesetter,
  parent: Element,
  items: readonly { readonly term: string; readonly lines: Lines }[],
): void {
  const termWidth = FRAME * 0.28
  const grid: Grid = {
    columns: [
      { x: PAGE.left, width: termWidth - GUTTER, alignEnd: false },
      { x: PAGE.left + termWidth, width: FRAME - termWidth, alignEnd: false },
    ],
  }
  const table = pen.element(parent, 'Table')
  for (const { term, lines } of items) {
    const row = [set.set(term, STYLES.term, termWidth - GUTTER), setLines(set, lines, grid.columns[1])]
    writeRow(
      pen,
      table,
      grid,
      row,
      () => {
        pen.turnPage()
      },
      true,
    )
  }
  table.end()
  pen.skip(8)
}

function writeRow(
  pen: PageWriter,
  table: Element,
  grid: Grid,
  row: readonly (readonly SetLine[])[],
  turnPage: () => void,
  termFirst = false,
): void {
  const height = rowHeight(row)
  if (height > pen.left && (height <= UNBREAKABLE || pen.left < 60)) turnPage()
  const element = pen.element(table, 'TR')
  const cells = row.map((_, i) => {
    const header = termFirst && i === 0
    return {
      type: header ? 'TH' : 'TD',
      element: pen.element(element, header ? 'TH' : 'TD', header ? { scope: 'Row' } : {}),
    }
  })
  let rest = row
  for (;;) {
    const room = pen.left - 2 * PADDING
    const parts = rest.map((lines) =>
      lines.slice(0, Math.max(linesThatFit(lines, room), rowHeight(rest) > pen.left ? 1 : 0)),
    )
    const top = pen.y
    parts.forEach((lines, i) => {
      const cell = cells[i]
      if (cell === undefined || lines.length === 0) return
      pen.mark(cell.element, cell.type, () => {
        drawCell(pen, lines, grid, i, top)
      })
    })
    pen.y = top + rowHeight(parts)
    rest = rest.map((lines, i) => lines.slice(parts[i]?.length ?? 0))
    if (rest.every((lines) => lines.length === 0)) break
    turnPage()
  }
  for (const cell of cells) cell.element.end()
  element.end()
  rule(pen, COLORS.line, 0.6)
}

function drawCell(pen: PageWriter, lines: readonly SetLine[], grid: Grid, i: number, top: number): void {
  const column = grid.columns[i]
  if (column === undefined) return
  pen.drawLines(lines, column.x, top + PADDING, column.alignEnd ? column.width : undefined)
}

function rule(pen: PageWriter, color: string, width: number): void {
  pen.artifact('Layout', () => {
    pen.pdf
      .moveTo(PAGE.left, pen.y)
      .lineTo(PAGE.width - PAGE.right, pen.y)
      .lineWidth(width)
      .stroke(color)
  })
}

function gridOf(columns: readonly Column[]): Grid {
  const total = columns.reduce((sum, column) => sum + column.share, 0)
  let x: number = PAGE.left
  return {
    columns: columns.map(({ share, align }, i) => {
      const outer = (FRAME * share) / total
      const alignEnd = align === 'end'
      const width = outer - (i === columns.length - 1 ? 0 : alignEnd ? 2 * GUTTER : GUTTER)
      const column = { x, width, alignEnd }
      x += outer
      return column
    }),
  }
}

/**
 * Between two of them stands a blank, or whoever listens hears the last word of one and the first of the next as one: at the end,
 * and in a column that ends at the right, where it would be seen, at the beginning.
 */
function setLines(
  set: Typesetter,
  lines: Lines,
  { width, alignEnd }: Grid['columns'][number] = WHOLE,
): SetLine[] {
  return lines.flatMap(({ text, tone }: Line, i) => {
    const spaced = alignEnd ? `${i > 0 ? ' ' : ''}${text}` : `${text}${i < lines.length - 1 ? ' ' : ''}`
    return set.set(spaced, cellStyle(tone), width)
  })
}

const WHOLE = { x: PAGE.left, width: FRAME, alignEnd: false }

function rowHeight(row: readonly (readonly SetLine[])[]): number {
  return Math.max(0, ...row.map(heightOf)) + 2 * PADDING
}
