import { readTable } from '@varco/engagement'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

const COLUMNS = { name: true, unit: true, note: false }
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

function rowsOf(bytes: Uint8Array) {
  const read = readTable(bytes, COLUMNS)
  if (!read.ok) throw new Error(`${read.fault} on line ${read.line}`)
  return read.table.rows
}

test.each<[string, Uint8Array]>([
  ['commas', utf8('name,unit\nPerù,cc\n')],
  ['semicolons and a byte order mark', utf8('\uFEFFname;unit\r\nPerù;cc\r\n')],
  ['tabs', utf8('name\tunit\nPerù\tcc')],
  ['Windows-1252', Uint8Array.from(Buffer.from('name;unit\r\nPerù;cc\r\n', 'latin1'))],
  ['capitals, blanks and blank lines', utf8('\n Name , UNIT \n\n Perù , cc \n\n')],
  ['quotes', utf8('"name","unit"\n"Perù","cc"\n')],
])('reads a table with %s', (_, bytes) => {
  expect(rowsOf(bytes).map(({ cells }) => cells)).toEqual([{ name: 'Perù', unit: 'cc' }])
})

test('quoted cells hold separators, quotes and line ends, and lines are counted as in the file', () => {
  const rows = rowsOf(utf8('name;unit\n"a;""b""\nc";cc\nd;cc\n'))
  expect(rows).toEqual([
    { line: 2, cells: { name: 'a;"b"\nc', unit: 'cc' } },
    { line: 4, cells: { name: 'd', unit: 'cc' } },
  ])
})

test.each([
  ['', 'empty', 1],
  ['name\na', 'missing-column', 1],
  ['name;unit;shoe\na;b;c', 'no-such-column', 1],
  ['name;unit;name\na;b;c', 'twice-column', 1],
  ['name;unit\na;b\nc', 'ragged-row', 3],
  ['name;unit\na;"b', 'open-quote', 1],
])('says what is wrong with %j', (text, fault, line) => {
  expect(readTable(utf8(text), COLUMNS)).toEqual({ ok: false, fault, line })
})

test('whatever is written as a table is read back', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'è', '"', ';', ',', '\n', ' ', '|') })
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell)), fc.constantFrom(',', ';', '\t'), (cells, separator) => {
      const lines = cells.map((row) => row.map(quoted).join(separator))
      const read = rowsOf(utf8(['name', 'unit'].join(separator) + '\n' + lines.join('\n')))
      const kept = cells.filter((row) => row.some((each) => each.trim() !== ''))
      expect(read.map(({ cells: got }) => [got['name'], got['unit']])).toEqual(
        kept.map((row) => row.map((each) => each.trim())),
      )
    }),
  )
})
