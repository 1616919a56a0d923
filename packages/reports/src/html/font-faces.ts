import { readFont, titillium } from '../document/fonts.ts'

const WEIGHTS = [400, 600, 700] as const
const RANGES = {
  latin:
    'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2212,U+FFFD',
  'latin-ext':
    'U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20AB,U+20AD-20C0',
} as const

let faces: Promise<string> | null = null

/** `@font-face` rules with the fonts inside; the reader's own fonts serve for letters these lack. */
export async function fontFaces(): Promise<string> {
  faces ??= readFaces()
  try {
    return await faces
  } catch (error) {
    faces = null
    throw error
  }
}

async function readFaces(): Promise<string> {
  const rules = WEIGHTS.flatMap((weight) =>
    (['latin', 'latin-ext'] as const).map(async (subset) => {
      const font = await readFont(titillium(subset, weight, 'woff2'))
      return `@font-face{font-family:'Titillium Web';font-weight:${weight};font-display:swap;unicode-range:${RANGES[subset]};src:url(data:font/woff2;base64,${font.toString('base64')}) format('woff2')}\n`
    }),
  )
  return (await Promise.all(rules)).join('')
}
