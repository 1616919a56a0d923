import { expect, test } from 'vitest'
import type { RetentionArchive } from '../archive.ts'

const record = (key: string, text = key) => ({ key, record: JSON.stringify({ key, text }) })

/** What every archive keeps to. `open` gives an empty one. */
export function archiveContract(open: () => Promise<RetentionArchive>): void {
  const allOf = (keys: readonly string[]) => Promise.resolve(new Set(keys))

  test('what was added twice is kept once, and what did not go is left out', async () => {
    const archive = await open()
    await archive.add('p1', 'r1', [record('1'), record('2')])
    await archive.add('p1', 'r1', [record('2', 'as it went'), record('3')])
    const { records } = await archive.seal(
      'p1',
      'r1',
      async (keys) => new Set(keys.filter((key) => key !== '3')),
    )
    expect(records).toBe(2)
  })

  test('sealed again it is the same, though nothing can be asked any more', async () => {
    const archive = await open()
    await archive.add('p1', 'r1', [record('1')])
    const seal = await archive.seal('p1', 'r1', allOf)
    expect(await archive.seal('p1', 'r1', async () => new Set())).toEqual(seal)
  })

  test('the same records have the same manifest in whatever order they came; others another', async () => {
    const [one, two, three] = [await open(), await open(), await open()]
    await one.add('p1', 'r1', [record('1'), record('2')])
    await two.add('p1', 'r1', [record('2')])
    await two.add('p1', 'r1', [record('1')])
    await three.add('p1', 'r1', [record('1'), record('2', 'other')])
    const seals = await Promise.all([one, two, three].map((archive) => archive.seal('p1', 'r1', allOf)))
    expect(seals[1]).toEqual(seals[0])
    expect(seals[2]?.manifest).not.toBe(seals[0]?.manifest)
  })

  test('a rule of which nothing went has a bundle too, of nothing', async () => {
    expect((await (await open()).seal('p1', 'none', allOf)).records).toBe(0)
  })
}
