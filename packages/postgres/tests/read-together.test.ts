import type { FieldName } from '@varco/core'
import type { FetchedRecord } from '@varco/policy'
import { expect, test } from 'vitest'
import { ReadTogether, type NumberedRow } from '../src/read-together.ts'

const fields = ['id' as FieldName]

interface Asked {
  readonly many: unknown[][]
  readonly alone: unknown[]
}

/** Answers each question with its own first value; a statement waits until it is let go. */
function reading(options: { readonly fails?: (values: readonly unknown[]) => boolean } = {}) {
  const asked: Asked = { many: [], alone: [] }
  const held: (() => void)[] = []
  const fails = options.fails ?? (() => false)
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      held.push(resolve)
    })
  const together = new ReadTogether({
    askMany: async (values) => {
      asked.many.push(values)
      await turn()
      const ids = values[0] as readonly unknown[]
      if (ids.some((id) => fails([id]))) throw new RangeError('one of them')
      return ids.map((id, index): NumberedRow => [String(index + 1), id])
    },
    askOne: async (values) => {
      asked.alone.push(values[0])
      if (fails(values)) throw new RangeError('this one')
      return [{ id: values[0] }]
    },
    isOnes: (error) => error instanceof RangeError,
  })
  const letGo = (): void => {
    for (const each of held.splice(0)) each()
  }
  const ask = (id: unknown, list: readonly string[] = ['issued']): Promise<readonly FetchedRecord[]> =>
    together.ask({ values: [id, list], fields })
  return { ask, asked, letGo }
}

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve)
  })

test('whoever asks in one turn goes into one statement, and each gets what they asked for', async () => {
  const { ask, asked, letGo } = reading()
  const answers = [3, 1, 2].map((id) => ask(id))
  await nextTurn()
  letGo()
  expect(await Promise.all(answers)).toEqual([[{ id: 3 }], [{ id: 1 }], [{ id: 2 }]])
  expect(asked.many).toEqual([[[3, 1, 2], ['issued']]])
})

test('whoever is alone is asked alone', async () => {
  const { ask, asked } = reading()
  expect(await ask(7)).toEqual([{ id: 7 }])
  expect(asked).toEqual({ many: [], alone: [7] })
})

test('questions with another list go with another statement', async () => {
  const { ask, asked, letGo } = reading()
  const answers = [ask(1), ask(2, ['paid']), ask(3), ask(4, ['paid'])]
  await nextTurn()
  await nextTurn()
  letGo()
  await Promise.all(answers)
  expect(asked.many).toEqual([
    [[1, 3], ['issued']],
    [[2, 4], ['paid']],
  ])
})

test('gathers while two statements are under way, and leaves nobody waiting', async () => {
  const { ask, asked, letGo } = reading()
  const answers: Promise<readonly FetchedRecord[]>[] = []
  for (let id = 0; id < 10; id++) {
    answers.push(ask(2 * id), ask(2 * id + 1))
    await nextTurn()
  }
  expect(asked.many).toHaveLength(2)
  letGo()
  await nextTurn()
  await nextTurn()
  letGo()
  expect((await Promise.all(answers)).flat()).toEqual(Array.from({ length: 20 }, (_, id) => ({ id })))
  expect(asked.many).toHaveLength(3)
})

test('a failure that is one question’s alone fails nobody else', async () => {
  const { ask, letGo } = reading({ fails: ([id]) => id === 2 })
  const answers = Promise.allSettled([1, 2, 3].map((id) => ask(id)))
  await nextTurn()
  letGo()
  expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('a failure of the server is everybody’s, and the next are asked again', async () => {
  let away = true
  const together = new ReadTogether({
    askMany: async (values) => {
      if (away) throw new Error('gone')
      return (values[0] as readonly unknown[]).map((id, index): NumberedRow => [String(index + 1), id])
    },
    askOne: async () => [],
    isOnes: () => false,
  })
  const both = (): Promise<readonly PromiseSettledResult<unknown>[]> =>
    Promise.allSettled([1, 2].map((id) => together.ask({ values: [id], fields })))
  expect((await both()).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  away = false
  expect((await both()).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
})
