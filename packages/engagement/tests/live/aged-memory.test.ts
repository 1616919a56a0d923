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

test('an answer that says the same again is the same object; one that says something else is not', async () => {
  const clock = new ManualClock(0n)
  let status = 'open'
  const memory = new AgedMemory<string, { readonly id: string; readonly status: string }>({
    load: async (id) => ({ id, status }),
    clock,
    maxAge: 1_000n,
    capacity: 2,
  })
  const settled = async (): Promise<unknown> => {
    // Asked again behind the first answer, which is old by now.
    clock.advance(600n)
    await memory.get('T-1')
    await Promise.resolve()
    await Promise.resolve()
    return memory.get('T-1')
  }
  const first = await memory.get('T-1')
  expect(await settled()).toBe(first)
  expect(await settled()).toBe(first)
  status = 'closed'
  expect(await settled()).toEqual({ id: 'T-1', status: 'closed' })
})
