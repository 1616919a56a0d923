import { commitOf, findingOf } from '@varco/oversight/testing'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsOf, inBrowser } from './browser.ts'
import { runConsole, type ServedConsole } from './running-console.ts'

let served: ServedConsole
const paths: string[] = []

beforeAll(async () => {
  served = await runConsole()
  const now = served.clock.now()
  const anna = { issuer: 'https://login.aurora.example', externalId: 'anna' }
  const operator = await served.vault.enroll(anna, 'aurora-2026')
  const event = await served.access({ operator })
  const times = { firstAt: now, lastAt: now, events: [event] }
  const facts = [
    { code: 'people-in-a-day', people: 63, median: 11, peers: 22 },
    { code: 'without-explanation' },
  ] as const
  await served.oversight.commit(
    commitOf({
      now,
      findings: [
        findingOf({ ...times, operator, key: 'a' }),
        findingOf({ ...times, operator, key: 'b', rule: 'volume', facts, eventCount: 63 }),
        findingOf({ ...times, operator: null, key: 'c', rule: 'ticket-splitting' }),
        findingOf({ ...times, operator: 'x'.repeat(64), key: 'd', contract: 'y'.repeat(64) }),
      ],
    }),
  )
  const alerts = await served.oversight.alerts({ limit: 9 })
  paths.push(...alerts.filter((alert) => alert.operator === operator).map(({ id }) => `/alerts/${id}`))
  for (const { id } of alerts) await served.oversight.addContest(id, { at: now, text: 'era la mia pratica' })
})

afterAll(async () => {
  await served[Symbol.asyncDispose]()
})

async function proveAgain(page: Page, back: string): Promise<void> {
  await page.getByRole('heading', { name: 'Conferma che sei tu' }).waitFor()
  await page.getByRole('link', { name: 'Conferma con le credenziali' }).click()
  await page.waitForURL(served.url + back)
}

test.each([
  ['desktop', { viewport: { width: 1280, height: 900 }, javaScriptEnabled: true }],
  ['phone', { viewport: { width: 390, height: 844 }, javaScriptEnabled: false }],
] as const)('an alert is confirmed, and its identity opened by two: %s', async (size, options) => {
  const path = paths[size === 'desktop' ? 0 : 1] ?? ''
  const faults: string[] = []
  const look = async (page: Page, name: string): Promise<void> => {
    faults.push(...(await faultsOf(page, `${size}-alerts-${name}`, size === 'desktop')))
  }
  const dpo = await inBrowser(options, async (page) => {
    await served.signIn(page)
    await page.goto(`${served.url}/alerts`)
    await look(page, 'list')
    await page.goto(served.url + path)
    await look(page, 'open')
    await page.getByLabel('Perché è una violazione').fill('ha guardato dati che non servivano')
    await page.getByRole('button', { name: 'È una violazione' }).click()
    await page.getByRole('button', { name: 'È una violazione' }).click()
    await page.getByText('le 72 ore sono partite').waitFor()
    await page.getByLabel('Riferimento della pratica').fill('RPD-2026-14')
    await page.getByLabel('Perché serve sapere chi è').fill('la violazione è confermata')
    await page.getByRole('button', { name: 'Chiedi di aprire l’identità' }).click()
    await page.getByRole('button', { name: 'Chiedi di aprire l’identità' }).click()
    await page.getByText('nessuno approva la propria').waitFor()
    await look(page, 'confirmed')
  })
  const second = await inBrowser(options, async (page) => {
    await served.signIn(page, 'auditor-1', 'Bruno Neri', '/alerts')
    await page.getByRole('link', { name: /^Aperture di identità/ }).click()
    await page.goto(served.url + path)
    await look(page, 'waiting-opening')
    await page.getByRole('link', { name: 'Vai alla decisione' }).click()
    await page.getByRole('heading', { name: /^Apertura dell’identità di/ }).waitFor()
    const opening = new URL(page.url()).pathname
    await page.getByRole('button', { name: 'Apri l’identità' }).click()
    await proveAgain(page, opening)
    await look(page, 'second-person')
    await page.getByRole('button', { name: 'Apri l’identità' }).click()
    await page.getByRole('button', { name: 'Apri l’identità' }).click()
    await page.getByText('la pagina non la mostrerà un’altra volta').waitFor()
    await look(page, 'opened')
    await page.goto(`${served.url}/language/en?to=${encodeURIComponent(path)}`)
    await look(page, 'english')
  })
  expect([...faults, ...dpo, ...second]).toEqual([])
})
