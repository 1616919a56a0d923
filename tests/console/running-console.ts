import { serveConsole, type ConsoleDeps } from '@varco/console'
import { isoToMicros } from '@varco/core'
import { fixtureBundle } from '@varco/policy/testing'
import { freePort } from '@varco/postgres'
import type { Page } from 'playwright-core'
import { busyDay } from '../../packages/console/tests/support/busy-day.ts'
import { openConsole, type OpenConsole } from '../../packages/console/tests/support/open-console.ts'

export interface ServedConsole extends OpenConsole {
  readonly url: string
  /** Signs in as one of the body's staff, through the identity provider. */
  readonly signIn: (page: Page, sub?: string, name?: string, home?: string) => Promise<void>
}

/** A console with a morning's accesses, listening on loopback. */
export async function runConsole(
  over: Partial<ConsoleDeps> = {},
  bundle = fixtureBundle(),
): Promise<ServedConsole> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const start = isoToMicros('2026-11-24T08:04:00+01:00') ?? 0n
  const console = await openConsole(over, { consoleUrl: url, start, bundle })
  await busyDay(console)
  const running = await serveConsole(console.deps, { host: '127.0.0.1', port })
  return {
    ...console,
    url,
    signIn: async (page, sub = 'dpo-1', name = 'Ada Bianchi', home = '/') => {
      console.provider.person = { sub, name }
      await page.goto(`${url}/login`)
      await page.getByRole('link', { name: /Entra con|Sign in with/ }).click()
      await page.waitForURL(url + home)
    },
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]()
      await console[Symbol.asyncDispose]()
    },
  }
}
