import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { sendPieces } from '../../src/download/send-pieces.ts'

/** A file of three pieces, and how many who began to read it have not come to an end. */
function watchedFile() {
  const state = { open: 0 }
  const pieces = async function* () {
    state.open++
    try {
      yield* ['one ', 'two ', 'three']
    } finally {
      state.open--
    }
  }
  const app = new Hono().get('/file', (c) => sendPieces(c, pieces(), { name: 'a.txt', type: 'text/plain' }))
  return { state, app }
}

test('a file comes whole, and what it is read from is let go of', async () => {
  const { state, app } = watchedFile()
  const answer = await app.request('/file')
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="a.txt"')
  expect(await answer.text()).toBe('one two three')
  expect(state.open).toBe(0)
})

test('it is let go of too where the reader leaves, or asked for the headers alone', async () => {
  const { state, app } = watchedFile()
  await (await app.request('/file')).body?.cancel()
  expect(state.open).toBe(0)
  const head = await app.request('/file', { method: 'HEAD' })
  expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'text/plain', ''])
  expect(state.open).toBe(0)
})
