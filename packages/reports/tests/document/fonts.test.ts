import { MissingFontError } from '@varco/reports'
import { expect, test } from 'vitest'
import { readFont, titillium } from '../../src/document/fonts.ts'

test('reads the fonts that come with the package', async () => {
  expect((await readFont(titillium('latin', 400, 'woff'))).subarray(0, 4).toString('latin1')).toBe('wOFF')
})

test.each([
  { package: 'dejavu-fonts-ttf', file: 'ttf/Gone.ttf' },
  { package: '@fontsource/gone', file: 'files/gone.woff' },
])('says in a sentence which font is missing: $file', async (font) => {
  await expect(readFont(font)).rejects.toThrow(MissingFontError)
  await expect(readFont(font)).rejects.toThrow(
    /^the font gone\.\w+ of the package \S+ cannot be read; reinstall the dependencies$/i,
  )
})
