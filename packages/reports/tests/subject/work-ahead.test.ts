import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { workAhead } from '../../src/subject/work-ahead.ts'

async function* numbers(to: number): AsyncGenerator<number> {
  for (let n = 0; n < to; n++) yield n
}

test('gives in order what was finished out of order, and never works at more than it may', async () => {
  let underWay = 0
  let most = 0
  const slow = async (n: number): Promise<number> => {
    most = Math.max(most, ++underWay)
    await setTimeout((7 * n) % 5)
    underWay--
    return 10 * n
  }
  expect(await Array.fromAsync(workAhead(numbers(23), 4, slow))).toEqual(
    Array.from({ length: 23 }, (_, n) => 10 * n),
  )
  expect(most).toBe(4)
  expect(await Array.fromAsync(workAhead(numbers(0), 4, slow))).toEqual([])
})

test('a fault comes in its turn, and those behind it trouble nobody', async () => {
  const given: number[] = []
  const work = async (n: number): Promise<number> => {
    if (n >= 2) throw new Error(`no ${n}`)
    return n
  }
  await expect(
    (async () => {
      for await (const n of workAhead(numbers(9), 4, work)) given.push(n)
    })(),
  ).rejects.toThrow('no 2')
  expect(given).toEqual([0, 1])
})
