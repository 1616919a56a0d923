import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KnownTexts, textHash } from '../src/known-texts.ts'

/** Numbers texts as they first come, and keeps them by number. */
function texts() {
  const made: string[] = []
  const known = new KnownTexts((bytes, start, end) => made.push(bytes.toString('utf8', start, end)) - 1)
  const find = (text: string, hash?: number): string | undefined => {
    const bytes = Buffer.from(`<${text}>`)
    return made[known.of(bytes, 1, bytes.length - 1, hash ?? textHash(bytes, 1, bytes.length - 1))]
  }
  return { made, find }
}

test('gives back what was put in, whatever else is known, and makes each once', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 5 }), { maxLength: 3_000 }), (all) => {
      const { made, find } = texts()
      const decoded = all.map((text) => Buffer.from(text).toString())
      expect([...all, ...all].map((text) => find(text))).toEqual([...decoded, ...decoded])
      expect(made.length).toBe(new Set(decoded).size)
    }),
    { numRuns: 10 },
  )
})

test.each([7, 0, -1, 0x7fff_ffff, -0x8000_0000])(
  'texts that all hash to %i are told apart by their bytes',
  (hash) => {
    const { find } = texts()
    expect(['aa', 'bb', 'aa', 'a', 'bb', ''].map((text) => find(text, hash))).toEqual([
      ...['aa', 'bb', 'aa', 'a', 'bb', ''],
    ])
  },
)

test('texts of one hash stay apart as their number grows', () => {
  const { made, find } = texts()
  for (let round = 0; round < 2; round++)
    for (let i = 0; i < 1_500; i++) expect(find(`text ${i}`, i % 3)).toBe(`text ${i}`)
  expect(made).toHaveLength(1_500)
})
