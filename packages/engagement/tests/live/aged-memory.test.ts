import { ManualClock } from '@varco/core/testing'
import { expect, test } from 'vitest'
import { AgedMemory } from '../../src/live/aged-memory.ts'

test('forgets the oldest beyond its capacity', async () => {
  const asked: number[] = []
  const memory = new AgedMemory<number, string>({
    load: async (key) => {
      asked.push(key)
      return `value ${key}`
    },
    clock: new ManualClock(0n),
    maxAge: 1_000n,
    capacity: 2,
  })
  for (const key of [1, 2, 3, 2, 3, 1]) expect(await memory.get(key)).toBe(`value ${key}`)
  expect(asked).toEqual([1, 2, 3, 1])
})

test('a failure is told to everyone who waits and then forgotten', async () => {
  let failing = true
  const memory = new AgedMemory<string, number>({
    load: async () => {
      if (failing) throw new RangeError('no answer')
      return 1
    },
    clock: new ManualClock(0n),
    maxAge: 1_000n,
    capacity: 2,
  })
  const both = await Promise.allSettled([memory.get('key'), memory.get('key')])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  failing = false
  expect(await memory.get('key')).toBe(1)
})
