import { turnPageForGood, type Element, type Pdf } from './pdfkit-inside.ts'
import type { SetLine, TextStyle, Typesetter } from './typesetter.ts'

/** A4 in points, and the frame the text stands in. */
export const PAGE = { width: 595.28, height: 841.89, left: 54, right: 54, top: 56, bottom: 78 } as const
export const FRAME = PAGE.width - PAGE.left - PAGE.right

/**
 * The pen: knows how far down the page it is, turns pages, and tags all it writes (ISO 32000-1 section 14.8):
 * text belongs to an element of the structure tree, everything else is an artifact.
 */
export class PageWriter {
  readonly pdf: Pdf
  readonly #typesetter: Typesetter
  readonly #foot: () => void
  y: number = PAGE.top

  /** @param foot draws the foot of the page, an artifact; called once a page */
  constructor(pdf: Pdf, typesetter: Typesetter, foot: () => void) {
    this.pdf = pdf
    this.#typesetter = typesetter
    this.#foot = foot
    foot()
  }

  get left(): number {
    return PAGE.height - PAGE.bottom - this.y
  }

  turnPage(): void {
    turnPageForGood(this.pdf)
    this.#foot()
    this.y = PAGE.top
  }

  /** Turns the page unless this much fits below. */
  need(height: number): void {
    if (height > this.left && this.y > PAGE.top) this.turnPage()
  }

  skip(height: number): void {
    this.y = Math.min(this.y + height, PAGE.height - PAGE.bottom)
  }

  element(
    parent: Element,
    type: string,
    options: { readonly scope?: 'Column' | 'Row'; readonly title?: string } = {},
  ): Element {
    const element = this.pdf.struct(type, options)
    parent.add(element)
    return element
  }

  /** Draws something that belongs to the element. */
  mark(element: Element, type: string, draw: () => void): void {
    element.add(this.pdf.markStructureContent(type))
    draw()
    this.pdf.endMarkedContent()
  }

  /** Draws something that says nothing: rules, backgrounds, page numbers. */
  artifact(type: 'Layout' | 'Pagination', draw: () => void): void {
    this.pdf.markContent('Artifact', { type })
    draw()
    this.pdf.endMarkedContent()
  }

  /** Lines one under the other from the pen down, over as many pages as it takes. */
  write(parent: Element, type: string, lines: readonly SetLine[], x: number = PAGE.left): void {
    const element = this.element(parent, type)
    // A short paragraph stays whole; of a long one at least two lines stay together.
    this.need(heightOf(lines.slice(0, lines.length <= 6 ? lines.length : 2)))
    let rest = lines
    while (rest.length > 0) {
      const fitting = linesThatFit(rest, this.left)
      const chunk = rest.slice(0, Math.max(1, fitting))
      this.mark(element, type, () => {
        this.y = this.drawLines(chunk, x, this.y)
      })
      rest = rest.slice(chunk.length)
      if (rest.length > 0) this.turnPage()
    }
    element.end()
  }

  /** Draws lines from `top` on and tells where they end. */
  drawLines(lines: readonly SetLine[], x: number, top: number, alignEndIn?: number): number {
    let y = top
    for (const line of lines) {
      const start = alignEndIn === undefined ? x : x + alignEndIn - line.width
      this.#typesetter.draw(line, start, baselineOf(line.style, y))
      y += line.style.leading
    }
    return y
  }
}

/** The letters stand in the middle of their leading; 0.72 of the size is about a capital's height. */
export function baselineOf({ leading, size }: Pick<TextStyle, 'leading' | 'size'>, top: number): number {
  return top + (leading + size * 0.72) / 2
}

export function heightOf(lines: readonly SetLine[]): number {
  return lines.reduce((sum, line) => sum + line.style.leading, 0)
}

export function linesThatFit(lines: readonly SetLine[], height: number): number {
  let used = 0
  let count = 0
  for (const line of lines) {
    used += line.style.leading
    if (used > height) break
    count++
  }
  return count
}
