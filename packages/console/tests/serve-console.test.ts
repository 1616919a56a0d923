import { ConfigError } from '@varco/core'
import { serveConsole } from '@varco/console'
import { expect, test } from 'vitest'
import { openConsole } from './support/open-console.ts'

test('listens, ends what is under way, then closes', async () => {
  let release = (): void => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let reached = (): void => {}
  const underWay = new Promise<void>((resolve) => {
    reached = resolve
  })
  await using console = await openConsole()
  const running = await serveConsole(
    {
      ...console.deps,
      bundle: async () => {
        reached()
        await held
        return console.deps.bundle()
      },
    },
    { host: '127.0.0.1', port: 0 },
  )
  const url = `http://127.0.0.1:${running.port}`
  expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok')
  const page = fetch(`${url}/accessibility`)
  await underWay
  const closing = running[Symbol.asyncDispose]()
  release()
  expect((await page).status).toBe(200)
  await closing
  await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed')
})

test('says which port is taken', async () => {
  await using console = await openConsole()
  await using running = await serveConsole(console.deps, { host: '127.0.0.1', port: 0 })
  const again = serveConsole(console.deps, { host: '127.0.0.1', port: running.port })
  await expect(again).rejects.toThrow(
    new ConfigError('VARCO_CONSOLE_PORT', `port ${running.port} is in use by another program`),
  )
})
