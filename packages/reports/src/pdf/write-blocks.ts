import type { Block } from '../document/document.ts'
import { FRAME, heightOf, PAGE, type PageWriter } from './page-writer.ts'
import type { Element } from './pdfkit-inside.ts'
import { bodyStyle, COLORS, STYLES } from './styles.ts'
import type { Typesetter } from './typesetter.ts'
import { writeFacts, writeTable } from './write-table.ts'

/** Rests after each block, and each row of a table: the caller may take what is written, or leave. */
export async function* writeBlocks(
  pen: PageWriter,
  set: Typesetter,
  parent: Element,
  blocks: readonly Block[],
): AsyncGenerator<void> {
  for (const block of blocks) {
    if (block.kind === 'table') yield* writeTable(pen, set, parent, block)
    else writeBlock(pen, set, parent, block)
    yield
  }
}

function writeBlock(
  pen: PageWriter,
  set: Typesetter,
  parent: Element,
  block: Exclude<Block, { kind: 'table' }>,
): void {
  switch (block.kind) {
    case 'heading':
      pen.skip(8)
      // A title alone at the foot of a page has lost what it announces.
      pen.need(80)
      pen.write(parent, 'H3', set.set(block.text, STYLES.heading3, FRAME))
      pen.skip(3)
      return
    case 'paragraph':
      pen.write(parent, 'P', set.set(block.text, bodyStyle(block.tone), FRAME))
      pen.skip(8)
      return
    case 'answer':
      writeAnswer(pen, set, parent, block)
      return
    case 'facts':
      writeFacts(pen, set, parent, block.items)
      return
    case 'list':
      writeList(pen, set, parent, block.items)
      return
    case 'bars':
      writeBars(pen, set, parent, block)
      return
  }
}

function writeAnswer(
  pen: PageWriter,
  set: Typesetter,
  parent: Element,
  answer: Extract<Block, { kind: 'answer' }>,
): void {
  const inset = 18
  const text = set.set(answer.text, STYLES.answer, FRAME - 2 * inset)
  const step = (FRAME - 2 * inset) / Math.max(1, answer.figures.length)
  const fits = answer.figures.every(({ value }) => set.set(value, STYLES.figure, step - 10).length === 1)
  const figures = answer.figures.map(({ value, label }) => [
    ...set.set(`${value} `, fits ? STYLES.figure : STYLES.longFigure, step - 10),
    ...set.set(label, STYLES.label, step - 10),
  ])
  const figuresHeight = figures.length === 0 ? 0 : 10 + Math.max(...figures.map(heightOf))
  const height = heightOf(text) + figuresHeight + 2 * 14
  pen.need(height)
  const top = pen.y
  pen.artifact('Layout', () => {
    pen.pdf.rect(PAGE.left, top, FRAME, height).fill(COLORS.pale)
    pen.pdf.rect(PAGE.left, top, 5, height).fill(COLORS.blue)
  })
  pen.y = top + 14
  pen.write(parent, 'P', text, PAGE.left + inset)
  if (figures.length > 0) {
    const row = pen.y + 10
    const list = pen.element(parent, 'L')
    figures.forEach((lines, i) => {
      const item = pen.element(list, 'LI')
      const body = pen.element(item, 'LBody')
      pen.mark(body, 'LBody', () => {
        pen.drawLines(lines, PAGE.left + inset + i * step, row)
      })
      body.end()
      item.end()
    })
    list.end()
  }
  pen.y = top + height
  pen.skip(16)
}

function writeList(
  pen: PageWriter,
  set: Typesetter,
  parent: Element,
  items: Extract<Block, { kind: 'list' }>['items'],
): void {
  const list = pen.element(parent, 'L')
  for (const { title, text } of items) {
    const item = pen.element(list, 'LI')
    const lines = [
      ...set.set(title, bodyStyle('strong'), FRAME),
      ...set.set(text, bodyStyle('normal'), FRAME),
    ]
    pen.need(heightOf(lines))
    pen.write(item, 'LBody', lines)
    item.end()
    pen.skip(5)
  }
  list.end()
  pen.skip(6)
}

const BAR = 9

function writeBars(
  pen: PageWriter,
  set: Typesetter,
  parent: Element,
  { caption, bars }: Extract<Block, { kind: 'bars' }>,
): void {
  const most = Math.max(1, ...bars.map(({ value }) => value))
  const labels = bars.map(({ label }) => set.set(`${label} `, STYLES.label, FRAME / 3))
  const steps = labels.map((lines) => heightOf(lines) + 2)
  const axis = Math.max(0, ...labels.flat().map(({ width }) => width)) + 10
  const longest = FRAME - axis - 50
  // A chart is looked at whole; one longer than a page begins with some bars at least.
  const height = (count: number): number =>
    STYLES.caption.leading + 3 + steps.slice(0, count).reduce((sum, step) => sum + step, 0)
  pen.need(height(height(bars.length) <= PAGE.height - PAGE.top - PAGE.bottom ? bars.length : 8))
  pen.write(parent, 'P', set.set(caption, STYLES.caption, FRAME))
  pen.skip(3)
  const list = pen.element(parent, 'L')
  bars.forEach(({ value, text }, i) => {
    const step = steps[i] ?? 0
    pen.need(step)
    const top = pen.y
    const length = (longest * value) / most
    pen.artifact('Layout', () => {
      pen.pdf.rect(PAGE.left + axis, top + 2, Math.max(length, 0.8), BAR).fill(COLORS.blue)
    })
    const item = pen.element(list, 'LI')
    const body = pen.element(item, 'LBody')
    pen.mark(body, 'LBody', () => {
      pen.drawLines(labels[i] ?? [], PAGE.left, top)
      pen.drawLines(set.set(text, STYLES.label, FRAME), PAGE.left + axis + length + 6, top)
    })
    body.end()
    item.end()
    pen.y = top + step
  })
  list.end()
  pen.skip(12)
}
