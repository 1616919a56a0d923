import { connect } from 'node:net'
import { once } from 'node:events'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { boundUploads, type UploadRefused, type UploadRoom } from '../../src/verify/bound-uploads.ts'
import type { Pace } from '../../src/verify/read-at-pace.ts'

interface Bounds extends UploadRoom {
  readonly largest: number
  readonly each?: UploadRoom
  readonly pace?: Pace
}

const STATUS = { 'too-large': 413, 'too-slow': 408, busy: 503 } as const satisfies Record<
  UploadRefused,
  number
>

/** Answers with how much it was sent; a body that breaks off is an empty one. */
function receiving({ largest, each, pace, ...all }: Bounds) {
  const bounds = { largest, all, each: each ?? all, pace: pace ?? { bytes: 1, everyMs: 60_000 } }
  const bounded = boundUploads(
    bounds,
    (c) => c.req.header('x-network') ?? '',
    (c, why) => c.text(why, STATUS[why], why === 'too-slow' ? { connection: 'close' } : {}),
  )
  return new Hono()
    .post('/', bounded, async (c) =>
      c.text(String((await c.req.arrayBuffer().catch(() => new ArrayBuffer(0))).byteLength)),
    )
    .post('/unread', bounded, (c) => c.text('unread'))
}

function receiver(bounds: Bounds) {
  const app = receiving(bounds)
  return (body: string | ReadableStream, headers: Record<string, string> = {}, path = '/') =>
    Promise.resolve(app.request(path, { method: 'POST', body, headers, duplex: 'half' }))
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

test('one network leaves room for the others, in places and in what it holds', async () => {
  const send = receiver({ largest: 100, atOnce: 4, held: 100, each: { atOnce: 2, held: 60 } })
  const [one, other] = [{ 'x-network': 'one' }, { 'x-network': 'other' }]
  const uploads = [slow(30), slow(30)]
  const answers = uploads.map(({ body }) => send(body, one))
  await Promise.all(uploads.map(({ begun }) => begun))
  expect(await textOf(send('x', one))).toEqual([503, 'busy'])
  expect(await textOf(send('x'.repeat(40), other))).toEqual([200, '40'])
  uploads[0]?.end()
  await answers[0]
  expect(await textOf(send('x'.repeat(31), one))).toEqual([503, 'busy'])
  expect(await textOf(send('x'.repeat(30), one))).toEqual([200, '30'])
  uploads[1]?.end()
  await answers[1]
})

test('one that stops just before its end, all room taken, is broken off and gives its place back', async () => {
  const send = receiver({ largest: 100, atOnce: 1, held: 100, pace: { bytes: 50, everyMs: 50 } })
  const { body, begun, end } = slow(100)
  const stalled = send(body)
  await begun
  expect(await textOf(send('x'))).toEqual([503, 'busy'])
  expect(await textOf(stalled)).toEqual([408, 'too-slow'])
  expect(await textOf(send('x'.repeat(100)))).toEqual([200, '100'])
  end()
})

test('what arrives after an answer that did not wait for it takes no room', async () => {
  const send = receiver({ largest: 100, atOnce: 1, held: 100 })
  const late = Promise.withResolvers<void>()
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      await late.promise
      controller.enqueue(new Uint8Array(100))
      controller.close()
    },
  })
  expect(await textOf(send(body, {}, '/unread'))).toEqual([200, 'unread'])
  late.resolve()
  await new Promise(setImmediate)
  expect(await textOf(send('x'.repeat(100)))).toEqual([200, '100'])
})

test('over a connection, whoever stalls is answered and hung up on', async () => {
  const app = receiving({ largest: 100, atOnce: 1, held: 100, pace: { bytes: 50, everyMs: 50 } })
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const socket = connect(port, '127.0.0.1')
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n${'x'.repeat(99)}`)
  let answer = ''
  for await (const piece of socket) answer += String(piece)
  expect(answer).toMatch(/^HTTP\/1\.1 408 .*too-slow/s)
  expect(await (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'xx' })).text()).toBe('2')
  await new Promise((resolve) => server.close(resolve))
})
