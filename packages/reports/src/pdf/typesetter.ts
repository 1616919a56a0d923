import { GlyphRuns, joined, rounded } from './glyph-runs.ts'
import { insideOf, writeAscii, type Pdf, type Reference } from './pdfkit-inside.ts'
import { Recent } from './recent.ts'
import { splitByFont } from './split-by-font.ts'
import type { Face, Typefaces } from './typefaces.ts'

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
  /** See `GlyphRun.show`. */
  readonly show: string | null
}

/** One line, ready to be drawn. */
export interface SetLine {
  readonly runs: readonly Run[]
  readonly width: number
  readonly style: TextStyle
}

/** Texts longer than this are seldom said twice. */
const WORTH_KEEPING = 160

/** Breaks text into lines of a width and draws them; each letter in a font that has it. */
export class Typesetter {
  readonly #pdf: Pdf
  readonly #faces: Typefaces
  readonly #glyphs: GlyphRuns
  readonly #recent = new Map<TextStyle, Recent<readonly SetLine[]>>()

  constructor(pdf: Pdf, faces: Typefaces) {
    this.#pdf = pdf
    this.#faces = faces
    this.#glyphs = new GlyphRuns(pdf)
    for (const { name, font } of new Set(Object.values(faces).flat()))
      pdf.registerFont(name, font as unknown as Buffer)
  }

  /** Lines no wider than `width`: broken at blanks, inside a word only when it alone is too wide. */
  set(text: string, style: TextStyle, width: number): readonly SetLine[] {
    if (text.length > WORTH_KEEPING) return this.#set(text, style, width)
    let recent = this.#recent.get(style)
    if (recent === undefined) {
      // In a typewriter's face stand ids and hashes: few come again.
      recent = new Recent(style.face === 'code' ? 32 : 500)
      this.#recent.set(style, recent)
    }
    return recent.get(`${width} ${text}`, () => this.#set(text, style, width))
  }

  /** Draws a line from `x` on; `baseline` is counted from the page's top. */
  draw(line: SetLine, x: number, baseline: number): void {
    const form = this.asForm(line, x, baseline)
    if (form !== null) {
      const { fonts } = insideOf(this.#pdf).page
      for (const [id, font] of Object.entries(form.fonts)) fonts[id] ??= font
      writeAscii(this.#pdf, form.content)
      return
    }
    let at = x
    this.#pdf.fillColor(line.style.color)
    for (const { font, text, width } of line.runs) {
      this.#pdf
        .font(font, line.style.size)
        .text(text, at, baseline, { lineBreak: false, baseline: 'alphabetic' })
      at += width
    }
  }

  /**
   * The operators that draw a line, and the fonts they name, for a page whose origin is its upper left corner. `null` where
   * letters stand above or beside others, which only pdfkit places.
   */
  asForm(
    { runs, style }: SetLine,
    x: number,
    baseline: number,
  ): { readonly content: string; readonly fonts: Readonly<Record<string, Reference>> } | null {
    const fonts: Record<string, Reference> = {}
    let content = `${fillOf(style.color)}\nBT\n1 0 0 -1 ${rounded(x)} ${rounded(baseline)} Tm\n`
    for (const { font: name, show } of runs) {
      if (show === null) return null
      const font = this.#glyphs.font(name)
      fonts[font.id] ??= font.ref()
      content += `/${font.id} ${style.size} Tf\n[${show}] TJ\n`
    }
    return { content: `${content}ET`, fonts }
  }

  #set(text: string, style: TextStyle, width: number): SetLine[] {
    return text
      .split(/\r\n|[\n\r\u2028\u2029]/)
      .flatMap((paragraph) => this.#setParagraph(paragraph, style, width))
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
      const word = token.trimEnd()
      const bare = this.#measure(word, style)
      if (used > 0 && used + widthOf(bare) > width) flush()
      const pieces = widthOf(bare) <= width ? [word] : this.#cut(word, style, width)
      for (const piece of pieces) {
        const set = piece === word ? bare : this.#measure(piece, style)
        const setWidth = widthOf(set)
        if (used > 0 && used + setWidth > width) flush()
        runs.push(...set)
        used += setWidth
      }
      // Apart from the word: most words are others, and each would be laid out twice.
      if (word.length === token.length) continue
      const blanks = this.#measure(token.slice(word.length), style)
      runs.push(...blanks)
      used += widthOf(blanks)
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
    return splitByFont(text, this.#faces[style.face]).map((run) => {
      const { units, show } = this.#glyphs.word(run.font, run.text)
      return { ...run, width: (units * style.size) / 1000, show }
    })
  }
}

/** A hexadecimal colour as the operator that fills with it, in the document's sRGB. */
function fillOf(color: string): string {
  return FILLS.get(color, () => {
    const parts = [1, 3, 5].map((at) => rounded(Number.parseInt(color.slice(at, at + 2), 16) / 255))
    return `${parts.join(' ')} rg`
  })
}
const FILLS = new Recent<string>(32)

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
        show: joined([
          { units: 0, show: last.show },
          { units: 0, show: run.show },
        ]).show,
      }
    else result.push(run)
  }
  return result
}
