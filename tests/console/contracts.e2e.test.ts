import { asId } from '@varco/core'
import { copyFact } from '@varco/engagement/testing'
import type { WorkFigure } from '@varco/oversight'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { grantBundle } from '../../packages/engagement/tests/grants/grant-world.ts'
import { faultsOf, inBrowser } from './browser.ts'
import { runConsole, type ServedConsole } from './running-console.ts'

const DESKTOP = { width: 1280, height: 900 }
const PHONE = { width: 390, height: 844 }
const LIFE = '/contracts/aurora-2026/life'

let served: ServedConsole

beforeAll(async () => {
  const bundle = grantBundle()
  served = await runConsole({ bundle: async () => bundle })
  const months = ['2026-07', '2026-08', '2026-09', '2026-10']
  const work = (dimension: WorkFigure['dimension'], value: string, accesses: number, workers: number) =>
    months.map((month, index) => ({
      ...{ month, dimension, value, workers, decision: 'permit' as const },
      accesses: accesses * (index + 1),
      firstAt: served.clock.now(),
      fifthAt: served.clock.now(),
      evidence: ['console-1.1.0', 'console-1.1.1'],
    }))
  served.figures.workOf.set('aurora-2026', [
    ...work('purpose', 'invoice-enquiry', 1_200, 40),
    ...work('purpose', 'antimafia-assessment', 90, 8),
    ...work('purpose', 'x'.repeat(80), 2, 1),
    ...work('action', 'read', 1_000, 40),
    ...work('category', 'economic', 1_000, 40),
  ])
  served.figures.refusalsOf.set('aurora-2026', [
    {
      ...{ month: '2026-10', purpose: 'antimafia-status', resource: 'antimafia_check', reason: 'no-grant' },
      ...{ field: 'outcome', refusals: 40, granted: 31, minutes: 620, workers: 9, grantedWorkers: 8 },
    },
  ])
  const opened = Number(served.clock.now()) - 86_400_000_000
  served.figures.ticketsOf.set('aurora-2026', [
    {
      ...{ id: 'T-1', dataSubject: 'k', purpose: 'invoice-enquiry', reopened: 0, price: 7.4 },
      ...{ openedAt: opened, closedAt: opened + 600_000_000 },
    },
  ])
  const contract = asId<never>('aurora-2026')
  await served.copies.addCopy(copyFact({ contract, madeAt: served.clock.now() }))
})

afterAll(async () => {
  await served[Symbol.asyncDispose]()
})

test('an insolvency is followed from the stop to the certificate, by two people', async () => {
  const faults: string[] = []
  const look = async (page: Page, size: string, name: string): Promise<void> => {
    faults.push(...(await faultsOf(page, `${size}-contracts-${name}`, size === 'desktop')))
  }
  const twice = async (page: Page, button: string, done: string): Promise<void> => {
    await page.getByRole('button', { name: button, exact: true }).click()
    await page.getByText('non è ancora successo nulla').waitFor()
    await page.getByRole('button', { name: button, exact: true }).click()
    await page.getByText(done).waitFor()
  }
  const desktop = { viewport: DESKTOP }
  const first = await inBrowser(desktop, async (page) => {
    await served.signIn(page, 'manager-1', 'Carla Neri', '/contracts')
    await page.goto(served.url + LIFE)
    const reason = page.locator('#declare-insolvent-reason')
    await reason.fill('sentenza del tribunale, depositata ieri')
    await page.getByRole('button', { name: 'Ferma tutto' }).click()
    await page.getByRole('link', { name: 'Conferma con le credenziali' }).click()
    await page.waitForURL(served.url + LIFE)
    await reason.fill('sentenza del tribunale, depositata ieri')
    await page.getByRole('button', { name: 'Ferma tutto' }).click()
    await page.getByRole('button', { name: 'Ferma tutto' }).click()
    await page.getByText('Il passo è fatto.').waitFor()
    await look(page, 'desktop', 'exit-open')
    await page.locator('#terminate-reason').fill('il curatore non subentra')
    await twice(page, 'Termina', 'Il passo è proposto')
    await look(page, 'desktop', 'proposed')
    await page.getByLabel('sono cancellati dalla società').check()
    await twice(page, 'Registra la scelta', 'La scelta è registrata')
  })
  const phone = { viewport: PHONE, javaScriptEnabled: false }
  const second = await inBrowser(phone, async (page) => {
    await served.signIn(page, 'manager-2', 'Dario Sala', '/contracts')
    served.figures.isCounted.now = false
    for (const section of ['people', 'drift', 'tickets', 'friction']) {
      await page.goto(`${served.url}/contracts/aurora-2026/${section}`)
      await look(page, 'phone', section)
    }
    await page.goto(`${served.url}/login/again?to=${encodeURIComponent(LIFE)}`)
    await page.getByRole('link', { name: 'Conferma con le credenziali' }).click()
    await page.locator('#terminate-reason').fill('confermo: il curatore non subentra')
    await look(page, 'phone', 'second-person')
    await twice(page, 'Termina', 'Il passo è fatto.')
    await page.locator('#begin-return-reason').fill('il curatore consegna i supporti')
    await twice(page, 'Comincia', 'Il passo è fatto.')
    const parties = await page.getByRole('button', { name: 'Registra la dichiarazione' }).count()
    for (let party = 0; party < parties; party++) {
      await page.getByLabel('SHA-256 del documento firmato').first().fill('ab'.repeat(32))
      await page.getByLabel('Firmata il').first().fill('2026-11-23')
      await page.getByRole('button', { name: 'Registra la dichiarazione' }).first().click()
      await page.getByRole('button', { name: 'Registra la dichiarazione' }).click()
      await page.getByText('La dichiarazione è registrata').waitFor()
    }
    await page.getByLabel('distrutta').check()
    await page.locator('#copy-reason').fill('verbale del curatore, pagina due')
    await twice(page, 'Registra la fine della copia', 'La fine della copia è registrata')
    await look(page, 'phone', 'exit')
    await page.goto(`${served.url}/language/en?to=${encodeURIComponent(LIFE)}`)
    await look(page, 'phone', 'english')
  })
  expect([...faults, ...first, ...second]).toEqual([])
  expect((await served.life.exitCase(asId('aurora-2026')))?.declarations.length).toBeGreaterThan(1)
})

test.each([
  ['a computer, with JavaScript', DESKTOP, true, '2026-05'],
  ['a telephone, without JavaScript', PHONE, false, '2026-06'],
  ['a computer, without JavaScript', DESKTOP, false, '2026-07'],
  ['a telephone, with JavaScript', PHONE, true, '2026-08'],
] as const)(
  'figures that are still being worked out say so, and become the figures: on %s',
  async (way, viewport, javaScriptEnabled, from) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    served.figures.ticketsAwait.now = promise
    const faults: string[] = []
    const complaints = await inBrowser({ viewport, javaScriptEnabled }, async (page) => {
      await served.signIn(page, 'manager-2', 'Dario Sala', '/contracts')
      const path = `/contracts/aurora-2026/tickets?from=${from}&to=2026-11`
      await page.goto(served.url + path)
      const waiting = page.getByRole('status').getByText('le cifre si stanno ancora calcolando')
      const figures = page.getByRole('row', { name: /episodi risolti/ })
      await waiting.waitFor()
      faults.push(
        ...(await faultsOf(
          page,
          `contracts-tickets-awaited, ${way}`,
          viewport === DESKTOP && javaScriptEnabled,
        )),
      )
      // As often as somebody looks, it is begun once and goes on.
      await page.getByRole('link', { name: 'Guarda di nuovo' }).click()
      await page.waitForURL(served.url + path)
      await waiting.waitFor()
      expect(await figures.count()).toBe(0)
      served.clock.advance(60_000_000n)
      resolve()
      if (!javaScriptEnabled) await page.getByRole('link', { name: 'Guarda di nuovo' }).click()
      await figures.waitFor()
      await page.getByText(/^Cifre del/).waitFor()
      expect(await waiting.count()).toBe(0)
    })
    served.figures.ticketsAwait.now = null
    expect([...faults, ...complaints]).toEqual([])
  },
)

test('a fault in what is being worked out shows by itself', async () => {
  const { promise, reject } = Promise.withResolvers<void>()
  served.figures.ticketsAwait.now = promise
  await inBrowser({ viewport: DESKTOP, javaScriptEnabled: true }, async (page) => {
    await served.signIn(page, 'manager-2', 'Dario Sala', '/contracts')
    await page.goto(`${served.url}/contracts/aurora-2026/tickets?from=2026-04&to=2026-11`)
    const waiting = page.getByRole('status').getByText('le cifre si stanno ancora calcolando')
    await waiting.waitFor()
    reject(new Error('the figures cannot be read'))
    await waiting.waitFor({ state: 'detached' })
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Si è verificato un errore')
  })
  served.figures.ticketsAwait.now = null
})
