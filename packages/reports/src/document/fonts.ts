import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { MissingFontError } from '../errors.ts'

const require = createRequire(import.meta.url)

/**
 * Fonts come from npm packages and travel inside each document. Titillium Web is the typeface of Italian
 * public sites; DejaVu has the letters it lacks.
 */
export type FontFile = { readonly package: string; readonly file: string }

export const titillium = (
  subset: 'latin' | 'latin-ext',
  weight: 400 | 600 | 700,
  format: 'woff' | 'woff2',
): FontFile => ({
  package: '@fontsource/titillium-web',
  file: `files/titillium-web-${subset}-${weight}-normal.${format}`,
})

export const dejaVu = (name: 'DejaVuSans' | 'DejaVuSans-Bold' | 'DejaVuSansMono'): FontFile => ({
  package: 'dejavu-fonts-ttf',
  file: `ttf/${name}.ttf`,
})

/** @throws MissingFontError when the package or the file is not there */
export async function readFont(font: FontFile): Promise<Buffer> {
  try {
    const manifest = require.resolve(`${font.package}/package.json`)
    return await readFile(path.join(path.dirname(manifest), font.file))
  } catch (cause) {
    throw new MissingFontError(font.package, path.basename(font.file), { cause })
  }
}
