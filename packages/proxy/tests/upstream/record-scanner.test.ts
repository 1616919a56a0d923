import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RecordScanner, type Piece } from '../../src/upstream/record-scanner.ts'
import { UpstreamError } from '../../src/upstream/upstream-error.ts'

/** Scans a text in pieces of these lengths. */
function scan(text: string, pointers: readonly string[], lengths: readonly number[] = []): readonly Piece[] {
  const scanner = new RecordScanner(pointers)
  const pieces: Piece[] = []
  let at = 0
  for (const length of lengths) {
    pieces.push(...scanner.push(text.slice(at, at + length)))
    at += length
  }
  pieces.push(...scanner.push(text.slice(at)))
  scanner.end()
  return pieces
}

function recordsOf(pieces: readonly Piece[]): readonly unknown[] {
  return pieces.flatMap((piece) => (piece.kind === 'record' ? [JSON.parse(piece.text) as unknown] : []))
}

const records = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), { maxLength: 6 })
const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 30 })

describe('records in a text', () => {
  test('are found whole, however the text is cut', () => {
    fc.assert(
      fc.property(records, cuts, fc.constantFrom(0, 2), (list, lengths, indent) => {
        const text = JSON.stringify(list, null, indent)
        expect(recordsOf(scan(text, [''], lengths))).toEqual(JSON.parse(text))
      }),
      { numRuns: 500 },
    )
  })

  test('are found where the pointer says, among whatever else there is', () => {
    fc.assert(
      fc.property(records, fc.jsonValue(), fc.jsonValue(), cuts, (list, before, after, lengths) => {
        const whole = { before, 'a/b': { x: after, data: list, y: before }, after }
        const text = JSON.stringify(whole)
        expect(recordsOf(scan(text, ['/a~1b/data'], lengths))).toEqual(JSON.parse(JSON.stringify(list)))
      }),
      { numRuns: 500 },
    )
  })

  test('keep their places: of several lists, of one record, of none', () => {
    const text = '{"a":[{"n":1},{"n":2}],"hidden":[{"n":3}],"b":{"n":4},"c":null}'
    expect(scan(text, ['/a', '/b', '/c'])).toEqual([
      { kind: 'open', list: false },
      { kind: 'key', key: 'a' },
      { kind: 'open', list: true },
      { kind: 'record', pointer: 0, listed: true, text: '{"n":1}' },
      { kind: 'record', pointer: 0, listed: true, text: '{"n":2}' },
      { kind: 'close', list: true },
      { kind: 'key', key: 'b' },
      { kind: 'record', pointer: 1, listed: false, text: '{"n":4}' },
      { kind: 'key', key: 'c' },
      { kind: 'null' },
      { kind: 'close', list: false },
    ])
  })
})

describe('nothing is passed on of', () => {
  test.each([
    ['nothing at all', '', ['']],
    ['half a list', '[{"n":1}', ['']],
    ['half a record', '[{"n":1', ['']],
    ['two texts', '[] []', ['']],
    ['a list of lists', '[[{"n":1}]]', ['']],
    ['a list of numbers', '[1]', ['']],
    ['a text', '"x"', ['']],
    ['no comma', '[{"n":1}{"n":2}]', ['']],
    ['two commas', '[{"n":1},,{"n":2}]', ['']],
    ['a comma at the end', '[{"n":1},]', ['']],
    ['brackets that do not match', '[{"n":[1}]]', ['']],
    ['one name twice', '{"data":[{"n":1}],"data":[{"n":2}]}', ['/data']],
    ['one name twice, once in other letters', '{"data":[{"n":1}],"d\\u0061ta":[{"n":2}]}', ['/data']],
    ['another word for null', '{"data":nul}', ['/data']],
    ['a member without a colon', '{"data"[]}', ['/data']],
    ['a name that is no text', '{data:[]}', ['/data']],
    ['an error page', '<html>', ['']],
    ['what is nested without end', `{"x":${'['.repeat(500)}`, ['/data']],
  ])('%s', (_, text, pointers) => {
    expect(() => scan(text, pointers)).toThrow(UpstreamError)
  })

  test('a record that is no record in size', () => {
    expect(() => scan(`[{"n":"${'x'.repeat(1_100_000)}"}]`, [''])).toThrow(UpstreamError)
  })

  test('any text makes it fail with anything but its own fault', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('[]{}",:\\n1 ')) }),
        cuts,
        (text, lengths) => {
          try {
            scan(text, ['', '/n'].slice(0, 1), lengths)
          } catch (error) {
            // eslint-disable-next-line vitest/no-conditional-expect -- either is right
            expect(error).toBeInstanceOf(UpstreamError)
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
