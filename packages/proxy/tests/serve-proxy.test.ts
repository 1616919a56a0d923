import { Agent, get } from 'node:http'
import { connect } from 'node:net'
import { ConfigError, silentDiagnostics } from '@varco/core'
import { serveProxy, type RunningProxy } from '@varco/proxy'
import { Hono } from 'hono'
import { expect, test } from 'vitest'

const LOOPBACK = { host: '127.0.0.1', port: 0, diagnostics: silentDiagnostics }

function start(app: Hono, graceMs = 2_000): Promise<RunningProxy> {
  return serveProxy(app, { ...LOOPBACK, graceMs })
}

test('answers requests under way before it stops, and takes no new ones', async () => {
  const entered = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const app = new Hono().get('/', async (c) => {
    entered.resolve()
    await release.promise
    return c.text('done')
  })
  const proxy = await start(app)
  const answer = fetch(proxy.url)
  await entered.promise
  const stopped = proxy[Symbol.asyncDispose]()
  await expect(fetch(proxy.url)).rejects.toThrow('fetch failed')
  release.resolve()
  expect(await (await answer).text()).toBe('done')
  await stopped
})

test('a kept connection that has had its answer does not hold up the stop', async () => {
  const entered = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const app = new Hono().get('/', async (c) => {
    entered.resolve()
    await release.promise
    return c.text('done')
  })
  const proxy = await start(app, 5_000)
  const agent = new Agent({ keepAlive: true })
  const answered = new Promise((resolve) =>
    get(proxy.url, { agent }, (response) => response.resume().on('end', resolve)),
  )
  await entered.promise
  const stopped = proxy[Symbol.asyncDispose]()
  release.resolve()
  await answered
  const since = performance.now()
  await stopped
  agent.destroy()
  expect(performance.now() - since).toBeLessThan(2_500)
})

test('cuts what does not end within the grace', async () => {
  const entered = Promise.withResolvers<void>()
  const app = new Hono().get('/', async () => {
    entered.resolve()
    return new Promise<Response>(() => {})
  })
  const proxy = await start(app, 50)
  const answer = fetch(proxy.url).catch(() => 'cut')
  await entered.promise
  await proxy[Symbol.asyncDispose]()
  expect(await answer).toBe('cut')
})

test('says in a sentence that the port is taken', async () => {
  await using first = await start(new Hono())
  const second = serveProxy(new Hono(), { ...LOOPBACK, port: first.port })
  await expect(second).rejects.toThrow(ConfigError)
  await expect(second).rejects.toThrow(`port ${first.port} on 127.0.0.1 is in use by another program`)
})

test('headers beyond measure, and requests that are none, are refused without reaching the application', async () => {
  let reached = 0
  const app = new Hono().all('*', (c) => {
    reached++
    return c.text('ok')
  })
  await using proxy = await start(app)
  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = ''
      const socket = connect(proxy.port, '127.0.0.1', () => socket.write(text))
      socket.on('data', (data) => (answer += data.toString('latin1')))
      socket.on('close', () => {
        resolve(answer)
      })
      socket.on('error', reject)
    })
  expect(await raw(`GET / HTTP/1.1\r\nHost: x\r\nVarco-Purpose: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1.1 431/,
  )
  expect(
    await raw(
      'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ),
  ).toMatch(/^HTTP\/1.1 400/)
  expect(await raw('GET / HTTP/1.1\r\nHost: x\r\nVarco-Ticket : T-1\r\n\r\n')).toMatch(/^HTTP\/1.1 400/)
  expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400/)
  expect(reached).toBe(0)
})
