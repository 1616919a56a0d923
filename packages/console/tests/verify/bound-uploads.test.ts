import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { boundUploads, type UploadBounds } from '../../src/verify/bound-uploads.ts'

/** Answers with how much it was sent; a body that breaks off is an empty one. */
function receiver(bounds: UploadBounds) {
  const app = new Hono().post(
    '/',
    boundUploads(bounds, (c, why) => c.text(why, why === 'busy' ? 503 : 413)),
    async (c) => c.text(String((await c.req.arrayBuffer().catch(() => new ArrayBuffer(0))).byteLength)),
  )
  return (body: string | ReadableStream, headers: Record<string, string> = {}) =>
    Promise.resolve(app.request('/', { method: 'POST', body, headers, duplex: 'half' }))
}

/** Sends some, and waits to be told to go on. */
function slow(bytes: number) {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const { promise: goOn, resolve: end } = Promise.withResolvers<void>()
  let sent = false
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        if (!sent) {
          sent = true
          controller.enqueue(new Uint8Array(bytes))
          return
        }
        begin()
        await goOn
        controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  return { body, begun, end }
}

const textOf = async (answer: Promise<Response>) => {
  const { status } = await answer
  return [status, await (await answer).text()]
}

test('an upload within its bounds arrives whole', async () => {
  const send = receiver({ largest: 10, atOnce: 1, held: 10 })
  expect(await textOf(send('1234567890'))).toEqual([200, '10'])
  expect(await textOf(send('1234567890'))).toEqual([200, '10'])
})

test('one that says it is too large is not read, and one that does not say so is broken off', async () => {
  const send = receiver({ largest: 4, atOnce: 9, held: 100 })
  const { body, end } = slow(5)
  expect(await textOf(send(body, { 'content-length': '5' }))).toEqual([413, 'too-large'])
  expect(body.locked).toBe(false)
  end()
  const unsaid = slow(5)
  unsaid.end()
  expect(await textOf(send(unsaid.body))).toEqual([413, 'too-large'])
  expect(await textOf(send('1234'))).toEqual([200, '4'])
})

test('as many as there may be are taken, the next is refused, and there is room again when one has ended', async () => {
  const send = receiver({ largest: 100, atOnce: 2, held: 1_000 })
  const uploads = [slow(1), slow(1)]
  const answers = uploads.map(({ body }) => send(body))
  await Promise.all(uploads.map(({ begun }) => begun))
  expect(await textOf(send('x'))).toEqual([503, 'busy'])
  uploads[0]?.end()
  expect(await answers[0]?.then(({ status }) => status)).toBe(200)
  expect(await textOf(send('x'))).toEqual([200, '1'])
  uploads[1]?.end()
  await answers[1]
})

test('what they hold together is bounded by what has arrived, not by what was said to come', async () => {
  const send = receiver({ largest: 100, atOnce: 9, held: 100 })
  const first = slow(60)
  const held = send(first.body, { 'content-length': '100' })
  await first.begun
  expect(await textOf(send('x'.repeat(40)))).toEqual([200, '40'])
  expect(await textOf(send('x'.repeat(41)))).toEqual([503, 'busy'])
  first.end()
  expect((await held).status).toBe(200)
  expect(await textOf(send('x'.repeat(100)))).toEqual([200, '100'])
})
