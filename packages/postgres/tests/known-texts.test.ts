import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KnownTexts, textHash } from '../src/known-texts.ts'

const texts = (most: number, made: string[] = []): KnownTexts<string> =>
  new KnownTexts((bytes, start, end) => {
    const text = bytes.toString('utf8', start, end)
    made.push(text)
    return text
  }, most)

function find(known: KnownTexts<string>, text: string, hash?: number): string {
  const bytes = Buffer.from(`<${text}>`)
  return known.of(bytes, 1, bytes.length - 1, hash ?? textHash(bytes, 1, bytes.length - 1))
}

test('gives back what was put in, whatever else is known, and makes each once', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 5 }), { maxLength: 3_000 }), (all) => {
      const made: string[] = []
      const known = texts(1_000_000, made)
      const decoded = all.map((text) => Buffer.from(text).toString())
      expect([...all, ...all].map((text) => find(known, text))).toEqual([...decoded, ...decoded])
      expect(made.length).toBe(new Set(decoded).size)
    }),
    { numRuns: 10 },
  )
})

test('two texts with one hash are told apart by their bytes', () => {
  const known = texts(100)
  expect(['aa', 'bb', 'aa', 'a', 'bb', ''].map((text) => find(known, text, 7))).toEqual([
    ...['aa', 'bb', 'aa', 'a', 'bb', ''],
  ])
})

test('keeps no more than it may', () => {
  const made: string[] = []
  const known = texts(10, made)
  for (let round = 0; round < 2; round++)
    for (let i = 0; i < 25; i++) expect(find(known, `text ${i}`)).toBe(`text ${i}`)
  expect(made.length).toBeGreaterThan(25)
})
