import { expect, test } from 'vitest'
import { InFlight } from '../src/in-flight.ts'

const part = new Uint8Array([1])

/** Gives a part each time, until it is told to end or to fail. */
function source(): { body: ReadableStream<Uint8Array>; next: 'part' | 'end' | 'fault'; cancelled: boolean } {
  const state = { next: 'part' as 'part' | 'end' | 'fault', cancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (state.next === 'part') controller.enqueue(part)
        else if (state.next === 'end') controller.close()
        else controller.error(new Error('cut'))
      },
      cancel: () => {
        state.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return Object.assign(state, { body })
}

test('there are so many at once, and one that has its answer makes room', () => {
  const inFlight = new InFlight(1)
  const place = inFlight.enter()
  expect([inFlight.enter(), inFlight.count]).toEqual([null, 1])
  place?.leave()
  place?.leave()
  expect(inFlight.count).toBe(0)
  expect(inFlight.enter()).not.toBeNull()
})

test.each(['end', 'fault', 'cancel'] as const)(
  'an answer that leaves bit by bit keeps its place until: %s',
  async (how) => {
    const inFlight = new InFlight(1)
    const place = inFlight.enter()
    const from = source()
    const reader = place?.keepFor(from.body).getReader()
    place?.leave()
    expect(await reader?.read()).toEqual({ done: false, value: part })
    expect(inFlight.enter()).toBeNull()
    if (how !== 'cancel') from.next = how
    const last = await (how === 'cancel' ? reader?.cancel() : reader?.read().catch(() => 'cut'))
    const due = { end: { done: true, value: undefined }, fault: 'cut', cancel: undefined }
    expect(last).toEqual(due[how])
    expect([inFlight.count, from.cancelled]).toEqual([0, how === 'cancel'])
  },
)

test('whoever reads no further loses the place, and what was left is let go', async () => {
  const inFlight = new InFlight(1, 20)
  const from = source()
  const reader = inFlight.enter()?.keepFor(from.body).getReader()
  await reader?.read()
  await expect.poll(() => [inFlight.count, from.cancelled]).toEqual([0, true])
  await expect(reader?.read()).rejects.toThrow('reads no further')
})
