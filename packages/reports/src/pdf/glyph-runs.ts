import { insideOf, type DocumentFont, type Pdf } from './pdfkit-inside.ts'
import { Recent } from './recent.ts'

/** Text in one font, ready to be shown at any size. */
export interface GlyphRun {
  /** Thousandths of the size. */
  readonly units: number
  /** Operands of `TJ`; `null` for letters that do not stand in a row, which pdfkit draws. */
  readonly show: string | null
}

const ASCII_WORD = /^[\u0021-\u007e]+$/

/**
 * Lays words out once. Shaping a word costs a hundred times what showing it does, and a report says the same
 * few thousand words on every page.
 */
export class GlyphRuns {
  readonly #pdf: Pdf
  readonly #fonts = new Map<string, DocumentFont>()
  readonly #words = new Recent<GlyphRun>(20_000)
  readonly #letters = new Map<string, GlyphRun>()

  constructor(pdf: Pdf) {
    this.#pdf = pdf
  }

  font(name: string): DocumentFont {
    const known = this.#fonts.get(name)
    if (known !== undefined) return known
    this.#pdf.font(name)
    const font = insideOf(this.#pdf)._font
    this.#fonts.set(name, font)
    return font
  }

  /** A word, with the blanks after it if any. */
  word(name: string, text: string): GlyphRun {
    const font = this.font(name)
    // Ids and hashes are all different, and in a typewriter's face every letter stands for itself.
    if (font.font.post.isFixedPitch !== 0 && ASCII_WORD.test(text))
      return joined(Array.from(text, (letter) => this.#letter(font, letter)))
    return this.#words.get(`${font.id} ${text}`, () => laidOut(font, text))
  }

  #letter(font: DocumentFont, letter: string): GlyphRun {
    const key = font.id + letter
    const known = this.#letters.get(key)
    if (known !== undefined) return known
    const run = laidOut(font, letter)
    this.#letters.set(key, run)
    return run
  }
}

/** One after the other. */
export function joined(runs: readonly GlyphRun[]): GlyphRun {
  let units = 0
  let show: string | null = ''
  for (const run of runs) {
    units += run.units
    show = show === null || run.show === null ? null : show + run.show
  }
  // Neighbours that touch become one string: half the bytes, and text that copies as words.
  return { units, show: show?.replaceAll('><', '') ?? null }
}

function laidOut(font: DocumentFont, text: string): GlyphRun {
  const [hex, positions] = font.encode(text)
  let units = 0
  let inRow = true
  let show = ''
  positions.forEach(({ xAdvance, advanceWidth, xOffset, yOffset }, i) => {
    units += xAdvance
    if (xOffset !== 0 || yOffset !== 0) inRow = false
    show += `<${hex[i] ?? ''}>`
    const kerning = advanceWidth - xAdvance
    if (kerning !== 0) show += ` ${rounded(kerning)} `
  })
  return { units, show: inRow ? show.replaceAll('><', '') : null }
}

/** As a PDF number; the space no reader can see is not worth its digits. */
export function rounded(n: number): string {
  return String(Math.round(n * 1000) / 1000)
}
