import fc from 'fast-check'
import PDFDocument from 'pdfkit'
import { expect, test } from 'vitest'
import { GlyphRuns } from '../../src/pdf/glyph-runs.ts'
import { insideOf } from '../../src/pdf/pdfkit-inside.ts'
import { FACES, loadTypefaces } from '../../src/pdf/typefaces.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:/- '

test('numbers, times and codes stand as laying them out whole would set them', async () => {
  const faces = await loadTypefaces()
  const pdf = new PDFDocument({ font: '' })
  const runs = new GlyphRuns(pdf)
  for (const { name, font } of new Set(FACES.flatMap((face) => faces[face]))) {
    pdf.registerFont(name, font as unknown as Buffer)
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...LETTERS.split('')), minLength: 1, maxLength: 14 }),
        (text) => {
          const { units, show } = runs.word(name, text)
          pdf.font(name)
          const [hex, positions] = insideOf(pdf)._font.encode(text)
          expect(hex).toHaveLength(text.length)
          expect(positions.every(({ xOffset, yOffset }) => xOffset === 0 && yOffset === 0)).toBe(
            show !== null,
          )
          expect(units).toBeCloseTo(
            positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0),
            6,
          )
          expect(show?.replaceAll(/[^0-9a-f]*<|>[^<]*/g, '')).toBe(hex.join(''))
          const kerned = positions.reduce(
            (sum, { advanceWidth, xAdvance }) => sum + advanceWidth - xAdvance,
            0,
          )
          const numbers = [...(show ?? '').matchAll(/> (-?[\d.]+) /g)].map(([, n]) => Number(n))
          expect(numbers.reduce((sum, n) => sum + n, 0)).toBeCloseTo(kerned, 2)
        },
      ),
      { numRuns: 60 },
    )
  }
})
