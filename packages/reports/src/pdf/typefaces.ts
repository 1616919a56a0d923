import { create, type Font } from 'fontkit'
import { dejaVu, readFont, titillium, type FontFile } from '../document/fonts.ts'

export const FACES = ['regular', 'semibold', 'bold', 'code'] as const
export type Face = (typeof FACES)[number]

/** For each face the fonts to try, letter by letter. */
const CHAINS: Readonly<Record<Face, readonly FontFile[]>> = {
  regular: [titillium('latin', 400, 'woff'), titillium('latin-ext', 400, 'woff'), dejaVu('DejaVuSans')],
  semibold: [titillium('latin', 600, 'woff'), titillium('latin-ext', 600, 'woff'), dejaVu('DejaVuSans-Bold')],
  bold: [titillium('latin', 700, 'woff'), titillium('latin-ext', 700, 'woff'), dejaVu('DejaVuSans-Bold')],
  code: [dejaVu('DejaVuSansMono'), dejaVu('DejaVuSans')],
}

/** A font under the name the document knows it by. */
export interface NamedFont {
  readonly name: string
  readonly font: Font
}

export type Typefaces = Readonly<Record<Face, readonly NamedFont[]>>

let loaded: Promise<Typefaces> | null = null

/** Read once a process. @throws MissingFontError */
export async function loadTypefaces(): Promise<Typefaces> {
  loaded ??= readTypefaces()
  try {
    return await loaded
  } catch (error) {
    loaded = null
    throw error
  }
}

async function readTypefaces(): Promise<Typefaces> {
  const chain = async (face: Face): Promise<readonly NamedFont[]> =>
    Promise.all(CHAINS[face].map(async (file) => ({ name: file.file, font: parse(await readFont(file)) })))
  const [regular, semibold, bold, code] = await Promise.all([
    chain('regular'),
    chain('semibold'),
    chain('bold'),
    chain('code'),
  ])
  return { regular, semibold, bold, code }
}

function parse(bytes: Buffer): Font {
  const font = create(bytes)
  // Collections hold several fonts; none of ours is one.
  if ('fonts' in font) throw new TypeError('a font collection is not expected here')
  return font
}
