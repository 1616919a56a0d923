import { describe, expect, test, vi } from 'vitest'
import { longWork } from '../../src/contracts/long-work.ts'

const MINUTE = 60_000_000n

/** Work that is done when the test says so. */
function slowWork() {
  const begun: PromiseWithResolvers<string>[] = []
  return {
    begun,
    work: (): Promise<string> => {
      const one = Promise.withResolvers<string>()
      begun.push(one)
      return one.promise
    },
  }
}

test('what is quick is there at once, and worked out anew each time', async () => {
  const ask = longWork<number>(10_000)
  let count = 0
  const work = async (): Promise<number> => ++count
  expect(await ask('a', 1n, work)).toEqual({ value: 1, at: 1n })
  expect(await ask('a', 2n, work)).toEqual({ value: 2, at: 2n })
})

describe('what takes longer than a page waits', () => {
  test('is begun once, however many ask, and found by whoever asks again, for five minutes', async () => {
    const ask = longWork<string>(1)
    const { begun, work } = slowWork()
    expect(await Promise.all([ask('a', 0n, work), ask('a', 1n, work), ask('b', 1n, work)])).toEqual([
      ...[null, null, null],
    ])
    expect(begun).toHaveLength(2)
    begun[0]?.resolve('done')
    await begun[0]?.promise
    expect(await ask('a', MINUTE, work)).toEqual({ value: 'done', at: 0n })
    expect(await ask('a', 5n * MINUTE, work)).toEqual({ value: 'done', at: 0n })
    expect(begun).toHaveLength(2)
    expect(await ask('a', 60n * MINUTE, work)).toBeNull()
    expect(begun).toHaveLength(3)
  })

  test('is begun for two at once, whatever is asked for, and for the next when one is done or fails', async () => {
    const ask = longWork<string>(1)
    const { begun, work } = slowWork()
    for (const key of ['a', 'b', 'c', 'd']) expect(await ask(key, 0n, work)).toBeNull()
    expect(begun).toHaveLength(2)
    begun[0]?.reject(new Error('the database is away'))
    await expect(begun[0]?.promise).rejects.toThrow('away')
    expect(await ask('c', 1n, work)).toBeNull()
    expect(await ask('d', 1n, work)).toBeNull()
    expect(begun).toHaveLength(3)
    begun[2]?.resolve('done')
    await begun[2]?.promise
    expect(await ask('c', 2n, work)).toEqual({ value: 'done', at: 1n })
    expect(await ask('d', 2n, work)).toBeNull()
    expect(begun).toHaveLength(4)
  })

  test('is shown for five minutes from when it is done, however long it took', async () => {
    const ask = longWork<string>(1)
    const { begun, work } = slowWork()
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    try {
      expect(await ask('a', 0n, work)).toBeNull()
      clock.mockReturnValue(10 * 60_000)
      begun[0]?.resolve('done')
      await begun[0]?.promise
    } finally {
      clock.mockRestore()
    }
    expect(await ask('a', 10n * MINUTE, work)).toEqual({ value: 'done', at: 0n })
    expect(await ask('a', 15n * MINUTE, work)).toEqual({ value: 'done', at: 0n })
    expect(await ask('a', 15n * MINUTE + 1n, work)).toBeNull()
  })

  test('is begun again after a failure, of which whoever waits hears', async () => {
    const { begun, work } = slowWork()
    const ask = longWork<string>(10_000)
    const asked = [ask('a', 0n, work), ask('a', 0n, work)]
    begun[0]?.reject(new Error('no store'))
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const again = ask('a', 1n, work)
    begun[1]?.resolve('done')
    expect(await again).toEqual({ value: 'done', at: 1n })
  })

  test('that failed when nobody waited says so to whoever asks next, instead of being begun again and again', async () => {
    const { begun, work } = slowWork()
    const ask = longWork<string>(1)
    expect(await ask('a', 0n, work)).toBeNull()
    begun[0]?.reject(new Error('no store'))
    await expect(begun[0]?.promise).rejects.toThrow('no store')
    await expect(ask('a', 1n, work)).rejects.toThrow('no store')
    expect(begun).toHaveLength(1)
    expect(await ask('a', 2n, work)).toBeNull()
    expect(begun).toHaveLength(2)
  })

  test('is forgotten, the oldest first, beyond a hundred', async () => {
    const ask = longWork<string>(1)
    const { begun, work } = slowWork()
    for (let n = 0; n <= 100; n++) {
      await ask(String(n), 0n, work)
      begun[n]?.resolve('done')
      await begun[n]?.promise
    }
    expect(await ask('1', 1n, work)).toMatchObject({ value: 'done' })
    expect(await ask('0', 1n, work)).toBeNull()
  })
})
