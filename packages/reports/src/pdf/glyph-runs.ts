import { insideOf, type DocumentFont, type GlyphPosition, type Pdf } from './pdfkit-inside.ts'
import { Recent } from './recent.ts'

/** Text in one font, ready to be shown at any size. */
export interface GlyphRun {
  /** Thousandths of the size. */
  readonly units: number
  /** Operands of `TJ`; `null` for letters that do not stand in a row, which pdfkit draws. */
  readonly show: string | null
}

const ASCII_WORD = /^[\u0021-\u007e]+$/
/** Numbers, times and codes: always others, and in no font more than letter beside letter. */
const FIGURES = /^[0-9A-Z.,:/ -]+$/

/**
 * Lays words out once. Shaping a word costs a hundred times what showing it does, and a report says the same
 * few thousand words on every page.
 */
export class GlyphRuns {
  readonly #pdf: Pdf
  readonly #fonts = new Map<string, KnownFont>()

  constructor(pdf: Pdf) {
    this.#pdf = pdf
  }

  font(name: string): DocumentFont {
    return this.#known(name).font
  }

  /** A word, with the blanks after it if any. */
  word(name: string, text: string): GlyphRun {
    const { font, words, letters, pairs } = this.#known(name)
    // Ids and hashes are all different, and in a typewriter's face every letter stands for itself.
    if (font.font.post.isFixedPitch === 0 || !ASCII_WORD.test(text))
      return (
        (FIGURES.test(text) ? inPairs(font, pairs, text) : null) ?? words.get(text, () => laidOut(font, text))
      )
    let units = 0
    let show = ''
    for (let i = 0; i < text.length; i++) {
      const letter = (letters[text.charCodeAt(i)] ??= letterOf(font, text.charAt(i)))
      units += letter.units
      show += letter.hex
    }
    return { units, show: `<${show}>` }
  }

  #known(name: string): KnownFont {
    const known = this.#fonts.get(name)
    if (known !== undefined) return known
    this.#pdf.font(name)
    const font = {
      ...{ font: insideOf(this.#pdf)._font, words: new Recent<GlyphRun>(WORDS) },
      ...{ letters: [], pairs: new Map<string, Pair>() },
    }
    this.#fonts.set(name, font)
    return font
  }
}

/** Words kept of each font: those of the language, and not every number there is. */
const WORDS = 2_000

interface KnownFont {
  readonly font: DocumentFont
  readonly words: Recent<GlyphRun>
  /** By their code. */
  readonly letters: { readonly units: number; readonly hex: string }[]
  readonly pairs: Map<string, Pair>
}

/** A letter as it stands before a certain other, or as the last. */
interface Pair {
  readonly units: number
  /** `null`: not in a row. */
  readonly show: string | null
}

/** The same run that laying out the whole would give, from what each two neighbours do to each other. */
function inPairs(font: DocumentFont, pairs: Map<string, Pair>, text: string): GlyphRun | null {
  let units = 0
  let show = ''
  for (let i = 0; i < text.length; i++) {
    const two = text.slice(i, i + 2)
    let pair = pairs.get(two)
    if (pair === undefined) {
      const [hex, positions] = font.encode(two)
      const one = hex.length === two.length ? inRow(hex.slice(0, 1), positions.slice(0, 1)) : null
      pair = one ?? { units: 0, show: null }
      pairs.set(two, pair)
    }
    if (pair.show === null) return null
    units += pair.units
    show += pair.show
  }
  return { units, show: show.replaceAll('><', '') }
}

function letterOf(font: DocumentFont, letter: string): { readonly units: number; readonly hex: string } {
  const [hex, positions] = font.encode(letter)
  return { units: positions[0]?.xAdvance ?? 0, hex: hex[0] ?? '' }
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
  const { units, show } = inRow(...font.encode(text))
  return { units, show: show?.replaceAll('><', '') ?? null }
}

function inRow(hex: readonly string[], positions: readonly GlyphPosition[]): GlyphRun {
  let units = 0
  let standing = true
  let show = ''
  positions.forEach(({ xAdvance, advanceWidth, xOffset, yOffset }, i) => {
    units += xAdvance
    if (xOffset !== 0 || yOffset !== 0) standing = false
    show += `<${hex[i] ?? ''}>`
    const kerning = advanceWidth - xAdvance
    if (kerning !== 0) show += ` ${rounded(kerning)} `
  })
  return { units, show: standing ? show : null }
}

/** As a PDF number; the space no reader can see is not worth its digits. */
export function rounded(n: number): string {
  return String(Math.round(n * 1000) / 1000)
}
