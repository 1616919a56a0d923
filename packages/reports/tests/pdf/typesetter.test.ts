import fc from 'fast-check'
import PDFDocument from 'pdfkit'
import { beforeAll, expect, test } from 'vitest'
import { splitByFont } from '../../src/pdf/split-by-font.ts'
import { bodyStyle } from '../../src/pdf/styles.ts'
import { loadTypefaces, type Typefaces } from '../../src/pdf/typefaces.ts'
import { Typesetter } from '../../src/pdf/typesetter.ts'

let faces: Typefaces
let set: Typesetter
beforeAll(async () => {
  faces = await loadTypefaces()
  set = new Typesetter(new PDFDocument({ font: '' }), faces)
})

const textOf = (lines: ReturnType<Typesetter['set']>) =>
  lines.map((line) => line.runs.map((run) => run.text).join('')).join('')
const bare = (text: string) => text.replaceAll(/[ \t\r\n\u2028\u2029]/g, '')

test('no line is wider than its measure, and no letter is lost, whatever the text', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('a', 'è', 'Ł', 'Ж', 'مر', ' ', '-', '/', 'W', '\n', 'fi', '€'),
        maxLength: 200,
      }),
      fc.integer({ min: 40, max: 400 }),
      (text, width) => {
        const lines = set.set(text, bodyStyle('normal'), width)
        for (const line of lines)
          expect(
            line.runs.reduce((sum, run) => sum + run.width, 0) - trailingBlank(line),
          ).toBeLessThanOrEqual(width + 0.01)
        expect(bare(textOf(lines))).toBe(bare(text.normalize('NFC')))
      },
    ),
    { numRuns: 200 },
  )
})

/** Blanks at the end of a line may hang over. */
function trailingBlank(line: ReturnType<Typesetter['set']>[number]): number {
  const last = line.runs.at(-1)
  const blanks = /[ \t]+$/.exec(last?.text ?? '')?.[0].length ?? 0
  return blanks * 6
}

test('keeps line breaks that are in the text', () => {
  expect(set.set('a\nb\r\n\nc', bodyStyle('normal'), 100)).toHaveLength(4)
})

test('each letter gets the first font that has it', () => {
  expect(
    splitByFont('Perché Łódź Жук', faces.regular).map(({ font, text }) => [font.replace(/^.*\//, ''), text]),
  ).toEqual([
    ['titillium-web-latin-400-normal.woff', 'Perché '],
    ['titillium-web-latin-ext-400-normal.woff', 'Ł'],
    ['titillium-web-latin-400-normal.woff', 'ód'],
    ['titillium-web-latin-ext-400-normal.woff', 'ź'],
    ['titillium-web-latin-400-normal.woff', ' '],
    ['DejaVuSans.ttf', 'Жук'],
  ])
})

test('an accent stays with its letter', () => {
  expect(splitByFont('q\u0323', faces.regular)).toHaveLength(1)
})
