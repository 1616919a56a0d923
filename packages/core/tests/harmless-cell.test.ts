import { harmlessCell, textOfHarmlessCell } from '@varco/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test.each([
  ['=1', "'=1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@x', "'@x"],
  ['|x', "'|x"],
  ['%x', "'%x"],
  [' =1', "' =1"],
  ['＝1', "'＝1"],
  ['\t1', "'\t1"],
  ["x;=cmd|'/C calc'!A0;y", "x;'=cmd|'/C calc'!A0;y"],
  ['x; "=1;y', 'x;\' "=1;y'],
  ['x\n=1', "x\n'=1"],
  ['x;\n@1', "x;'\n'@1"],
  ['=1;=2', "'=1;'=2"],
  ['x\n\t ;"|1', `x\n\t ;'"|1`],
  ['x\r\n\t%1', "x\r'\n'\t'%1"],
])('%j is no formula any more', (text, harmless) => {
  expect(harmlessCell(text)).toBe(harmless)
})

test.each(['', 'a=1', 'via Roma; interno 3', 'a@b.example', '1;2', 'two\nlines', "'=1"])(
  '%j stays as it is',
  (text) => {
    expect(harmlessCell(text)).toBe(text)
  },
)

const HOSTILE = ['=', '+', '-', '@', '|', '%', '＝', ';', '\t', '\r', '\n', ' ', '"', 'a', '1'] as const

test('what was made harmless is read back as it was', () => {
  const hostile = fc.string({ unit: fc.constantFrom(...HOSTILE), maxLength: 12 })
  fc.assert(
    fc.property(hostile, (text) => {
      expect(textOfHarmlessCell(harmlessCell(text))).toBe(text)
    }),
  )
  expect(textOfHarmlessCell("o'clock;'s")).toBe("o'clock;'s")
})

test('wherever a spreadsheet cuts the written cell, no piece begins as a formula does', () => {
  const hostile = fc.string({ unit: fc.constantFrom(...HOSTILE, "'"), maxLength: 12 })
  fc.assert(
    fc.property(hostile, (text) => {
      const harmless = harmlessCell(text)
      const written = `"${harmless.replaceAll('"', '""')}"`
      expect(harmless).not.toMatch(/^\s*[=+\-@|%＝＋－＠]/u)
      for (const cell of written.split(/[;\t\r\n]/).slice(1))
        expect(cell).not.toMatch(/^[\s"]*[=+\-@|%＝＋－＠]/u)
    }),
  )
})

test('a long text of line ends, tabs and quotes takes no longer than another of its length', () => {
  // Looked at from each of them anew, this would be hours.
  for (const blank of ['\n', '\t', '\r\n', ';', '"', '\n"', "\n'", ";'"])
    for (const read of [harmlessCell, textOfHarmlessCell])
      expect(read(`x${blank.repeat(1_000_000)}x`)).toHaveLength(2 + 1_000_000 * blank.length)
})
