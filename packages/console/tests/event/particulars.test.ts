import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { eventText } from '../../src/event/text.ts'

const PACKAGES = path.join(import.meta.dirname, '..', '..', '..')

/** Names that events’ details are given in the sources, where they stand on the line. */
async function namesGiven(): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  for await (const file of glob('*/src/**/*.{ts,tsx}', { cwd: PACKAGES })) {
    const source = await readFile(path.join(PACKAGES, file), 'utf8')
    for (const [, inside = ''] of source.matchAll(/\bdetail: \{([^{}]*)\}/g))
      for (const part of inside.split(','))
        for (const [, name = ''] of part.matchAll(/^\s*([a-z]\w*)\s*(?::|$)/gi)) names.add(name)
  }
  return names
}

test('whatever an event says of itself has a name in both languages', async () => {
  const names = await namesGiven()
  expect(names.size).toBeGreaterThan(40)
  for (const locale of ['it', 'en'] as const)
    expect([...names].filter((name) => !Object.hasOwn(eventText[locale].details, name))).toEqual([])
})
