import { globSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

type Texts = Readonly<Record<string, unknown>>

/** The names in a tree of texts, with the kind of each leaf. */
function shape(texts: unknown, at = ''): readonly string[] {
  if (typeof texts !== 'object' || texts === null) return [`${at}: ${typeof texts}`]
  return Object.entries(texts as Texts)
    .flatMap(([key, value]) => shape(value, `${at}.${key}`))
    .sort()
}

const files = globSync(path.join(import.meta.dirname, '..', '..', 'src', '**', '*text.ts'))

test('the scan finds the texts', () => {
  expect(files.length).toBeGreaterThanOrEqual(7)
})

test.each(files.map((file) => [path.relative(path.join(import.meta.dirname, '..', '..'), file), file]))(
  '%s says the same things in both languages',
  async (_name, file) => {
    const module = (await import(file)) as Record<string, { it: Texts; en: Texts }>
    for (const texts of Object.values(module)) {
      expect(shape(texts.en)).toEqual(shape(texts.it))
      expect(JSON.stringify(texts.it), 'typewriter apostrophes').not.toMatch(/\p{L}'\p{L}/u)
      expect(JSON.stringify(texts.en), 'typewriter apostrophes').not.toMatch(/\p{L}'\p{L}/u)
    }
  },
)
