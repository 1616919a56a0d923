import { expect, test } from 'vitest'
import { everySoOften } from '../src/every-so-often.ts'

test('goes on after a failure, which is heard, and ends with the time that is under way', async () => {
  const failures: unknown[] = []
  let [times, underWay] = [0, 0]
  const { promise: thrice, resolve } = Promise.withResolvers<undefined>()
  const working = everySoOften(
    async () => {
      underWay++
      await Promise.resolve()
      underWay--
      if (++times === 3) resolve(undefined)
      if (times === 1) throw new Error('once')
    },
    { everyMs: 1, onFailure: (error) => failures.push(error) },
  )
  await thrice
  await working[Symbol.asyncDispose]()
  const ended = times
  await new Promise((later) => setTimeout(later, 20))
  expect([times, underWay]).toEqual([ended, 0])
  expect(failures).toEqual([new Error('once')])
})
