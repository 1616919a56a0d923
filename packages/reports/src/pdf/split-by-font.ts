import type { NamedFont } from './typefaces.ts'

/** A stretch of text that one font can set. */
export interface FontRun {
  readonly font: string
  readonly text: string
}

/** Letters every first font of a chain has: nearly all text takes this way. */
const PLAIN = /^[\u0020-\u007e\u00a0-\u00ff–—‘’“”…•€]*$/

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Marks that would reorder or hide what follows (UAX #9): shown, never obeyed. */
const BIDI_CONTROL = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
/** Characters that join or vary their neighbours and have no shape of their own. */
const INVISIBLE = /^\p{Default_Ignorable_Code_Point}$/u

/**
 * Gives each letter, with its accents, the first font that has it. What no font has is written out by its
 * code, so that a reader sees that something stands there.
 */
export function splitByFont(text: string, chain: readonly NamedFont[]): readonly FontRun[] {
  const first = chain[0]?.name ?? ''
  if (PLAIN.test(text)) return text === '' ? [] : [{ font: first, text }]
  const runs: { font: string; text: string }[] = []
  for (const { segment } of graphemes.segment(text.normalize('NFC'))) {
    const font = BIDI_CONTROL.test(segment) ? undefined : chain.find(({ font }) => hasAll(font, segment))
    const run =
      font === undefined ? { font: first, text: writtenOut(segment) } : { font: font.name, text: segment }
    const last = runs.at(-1)
    if (last?.font === run.font) last.text += run.text
    else runs.push(run)
  }
  return runs
}

function hasAll(font: NamedFont['font'], segment: string): boolean {
  return Array.from(segment).every(
    (char) => INVISIBLE.test(char) || font.hasGlyphForCodePoint(char.codePointAt(0) ?? 0),
  )
}

function writtenOut(segment: string): string {
  return `[${Array.from(segment)
    .map((char) => `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`)
    .join(' ')}]`
}
