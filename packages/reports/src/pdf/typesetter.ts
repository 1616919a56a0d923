import type PDFDocument from 'pdfkit'
import { splitByFont } from './split-by-font.ts'
import type { Face, Typefaces } from './typefaces.ts'

type Pdf = InstanceType<typeof PDFDocument>

/** How a piece of text is set: points, and the distance from one line to the next. */
export interface TextStyle {
  readonly face: Face
  readonly size: number
  readonly leading: number
  readonly color: string
}

interface Run {
  readonly font: string
  readonly text: string
  readonly width: number
}

/** One line, ready to be drawn. */
export interface SetLine {
  readonly runs: readonly Run[]
  readonly width: number
  readonly style: TextStyle
}

/** Breaks text into lines of a width and draws them; each letter in a font that has it. */
export class Typesetter {
  readonly #pdf: Pdf
  readonly #faces: Typefaces

  constructor(pdf: Pdf, faces: Typefaces) {
    this.#pdf = pdf
    this.#faces = faces
    for (const { name, font } of new Set(Object.values(faces).flat()))
      pdf.registerFont(name, font as unknown as Buffer)
  }

  /** Lines no wider than `width`: broken at blanks, inside a word only when it alone is too wide. */
  set(text: string, style: TextStyle, width: number): SetLine[] {
    return text
      .split(/\r\n|[\n\r\u2028\u2029]/)
      .flatMap((paragraph) => this.#setParagraph(paragraph, style, width))
  }

  draw(line: SetLine, x: number, baseline: number): void {
    let at = x
    this.#pdf.fillColor(line.style.color)
    for (const { font, text, width } of line.runs) {
      this.#pdf
        .font(font, line.style.size)
        .text(text, at, baseline, { lineBreak: false, baseline: 'alphabetic' })
      at += width
    }
  }

  #setParagraph(text: string, style: TextStyle, width: number): SetLine[] {
    const done: SetLine[] = []
    let runs: Run[] = []
    let used = 0
    const flush = (): void => {
      done.push({ runs: merged(runs), width: used, style })
      runs = []
      used = 0
    }
    for (const token of text.match(/[^ \t]+[ \t]*|[ \t]+/g) ?? []) {
      const bare = this.#measure(token.trimEnd(), style)
      if (used > 0 && used + widthOf(bare) > width) flush()
      const pieces = widthOf(bare) <= width ? [token] : this.#cut(token, style, width)
      for (const piece of pieces) {
        const set = this.#measure(piece, style)
        if (used > 0 && used + widthOf(this.#measure(piece.trimEnd(), style)) > width) flush()
        runs.push(...set)
        used += widthOf(set)
      }
    }
    if (runs.length > 0 || done.length === 0) flush()
    return done
  }

  /** A word wider than the line, cut where it must be: after punctuation if that wastes little. */
  #cut(token: string, style: TextStyle, width: number): string[] {
    const pieces: string[] = []
    let piece = ''
    for (const { segment } of new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(token)) {
      if (piece !== '' && widthOf(this.#measure(piece + segment, style)) > width) {
        const at = Math.max(...['-', '/', '.', '@', '_', ','].map((mark) => piece.lastIndexOf(mark)))
        const keep = at > piece.length * 0.6 ? at + 1 : piece.length
        pieces.push(piece.slice(0, keep))
        piece = piece.slice(keep)
      }
      piece += segment
    }
    return [...pieces, piece]
  }

  #measure(text: string, style: TextStyle): readonly Run[] {
    return splitByFont(text, this.#faces[style.face]).map((run) => ({
      ...run,
      width: this.#pdf.font(run.font, style.size).widthOfString(run.text),
    }))
  }
}

function widthOf(runs: readonly Run[]): number {
  return runs.reduce((sum, run) => sum + run.width, 0)
}

/** Neighbours in one font become one run: fewer operators, and text that copies as words. */
function merged(runs: readonly Run[]): readonly Run[] {
  const result: Run[] = []
  for (const run of runs) {
    const last = result.at(-1)
    if (last?.font === run.font)
      result[result.length - 1] = {
        font: run.font,
        text: last.text + run.text,
        width: last.width + run.width,
      }
    else result.push(run)
  }
  return result
}
