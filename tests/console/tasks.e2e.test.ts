import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inBrowser } from './browser.ts'
import { runConsole, type ServedConsole } from './running-console.ts'

let served: ServedConsole

beforeAll(async () => {
  served = await runConsole()
})

afterAll(async () => {
  await served[Symbol.asyncDispose]()
})

test('the DPO signs in, narrows the log, opens a refusal, pages, and signs out', async () => {
  const complaints = await inBrowser({ viewport: { width: 1280, height: 900 } }, async (page) => {
    await page.goto(`${served.url}/log`)
    await page.getByRole('link', { name: 'Entra con le credenziali dell’ente' }).click()
    await page.waitForURL(`${served.url}/log`)

    await page.getByRole('link', { name: 'Meno recenti' }).click()
    expect(await page.locator('.events .when').count()).toBe(50)
    await page.getByRole('link', { name: 'Più recenti', exact: true }).click()
    await page.waitForURL(`${served.url}/log`)

    await page.getByLabel('Esito').selectOption('Negato')
    await page.getByLabel('Società').selectOption('Borea Contact S.p.A.')
    await page.getByRole('button', { name: 'Applica i filtri' }).click()
    expect(await page.locator('.events .when').count()).toBe(11)

    await page.locator('.events .when a').first().click()
    await page.getByText('Il contratto è terminato.').first().waitFor()
    await page.getByText('Verificata ora, davanti a te').waitFor()
    await page.getByText('Voce originale del registro').click()
    expect(await page.locator('pre.wrap').innerText()).toContain('"contract-ended"')

    await page.getByRole('button', { name: 'Esci' }).click()
    await page.getByRole('heading', { name: 'Accesso alla console' }).waitFor()
    await page.goto(`${served.url}/log`)
    expect(page.url()).toBe(`${served.url}/login?to=%2Flog`)
  })
  expect(complaints).toEqual([])
})

test('the DPO searches by data subject, and the search is on record', async () => {
  const options = { javaScriptEnabled: false, viewport: { width: 390, height: 844 } }
  const complaints = await inBrowser(options, async (page) => {
    await served.signIn(page)
    await page.goto(`${served.url}/log`)
    await page.getByRole('link', { name: 'Cerca per interessato' }).click()
    await page.getByLabel('Cerca con').selectOption('Produttore · Codice fiscale')
    await page.getByLabel('Identificativo').fill('RSSMRA80A01H501U')
    await page.getByLabel('Riferimento della pratica').fill('rpd-2026-7')
    await page.getByRole('button', { name: 'Cerca gli accessi' }).click()
    await page.getByText('pratica RPD-2026-7').waitFor()
    expect(page.url()).not.toContain('RSSMRA')
    const shown = await page.locator('.events .when').count()
    expect(shown).toBeGreaterThan(0)
    const { events } = await served.reader.search({ kind: 'log-read', limit: 1 })
    expect(events[0]?.detail).toMatchObject({ case: 'RPD-2026-7', dataSubject: true, shown })
  })
  expect(complaints).toEqual([])
})

test('on a telephone the filters are folded away until wanted; without JavaScript they are there', async () => {
  const height = async (javaScriptEnabled: boolean): Promise<number> => {
    let found = 0
    await inBrowser({ javaScriptEnabled, viewport: { width: 390, height: 844 } }, async (page) => {
      await served.signIn(page)
      await page.goto(`${served.url}/log`)
      found = (await page.locator('.filters').boundingBox())?.height ?? 0
    })
    return found
  }
  expect(await height(true)).toBeLessThan(100)
  expect(await height(false)).toBeGreaterThan(300)
})

test.each([
  [true, 'America/New_York'],
  [false, 'Europe/Rome'],
])(
  'times are those of the reader’s clocks where a script can tell them: %s',
  async (javaScriptEnabled, zone) => {
    const options = { javaScriptEnabled, timezoneId: 'America/New_York' }
    const complaints = await inBrowser(options, async (page) => {
      await served.signIn(page)
      await page.getByText(`Gli orari sono quelli di ${zone}.`).waitFor()
      await page.getByRole('link', { name: 'Cambia fuso orario' }).click()
      await page.getByLabel('Fuso orario').selectOption('Asia/Tokyo')
      await page.getByRole('button', { name: 'Usa questo fuso' }).click()
      await page.waitForURL(`${served.url}/`)
      await page.goto(`${served.url}/log`)
      await page.getByText('Gli orari sono quelli di Asia/Tokyo.').waitFor()
    })
    expect(complaints).toEqual([])
  },
)

test('printed, an event is its text and its proof: no menu, no forms, nothing folded away', async () => {
  const { events } = await served.reader.search({ decision: 'permit', limit: 1 })
  const complaints = await inBrowser({}, async (page) => {
    await served.signIn(page)
    await page.goto(`${served.url}/log/events/${events[0]?.id ?? ''}`)
    await page.emulateMedia({ media: 'print' })
    for (const hidden of ['.main-menu', '.help-link', '.it-footer-main', '.breadcrumb-container'])
      expect([hidden, await page.locator(hidden).isVisible()]).toEqual([hidden, false])
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for (const shown of [
      'Verificata ora, davanti a te',
      'Voce originale del registro',
      'Gli orari sono quelli di',
    ])
      expect([shown, await page.getByText(shown).first().isVisible()]).toEqual([shown, true])
    expect(await page.locator('main details:not([open])').count()).toBe(0)
  })
  expect(complaints).toEqual([])
})

test('the keyboard alone leads to the content, through a filter, to an event', async () => {
  const complaints = await inBrowser({ viewport: { width: 1280, height: 900 } }, async (page) => {
    await served.signIn(page)
    await page.goto(`${served.url}/log`)
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Vai al contenuto')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement?.id')).toBe('content')
    await tabTo(page, 'decision')
    await page.keyboard.press('n')
    await tabTo(page, 'Applica i filtri')
    await page.keyboard.press('Enter')
    await page.waitForURL(/decision=deny/)
    await tabTo(page, /Dettaglio dell’evento/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Dettaglio dell’evento' }).waitFor()
  })
  expect(complaints).toEqual([])
})

async function focused(page: Page): Promise<string> {
  return page.evaluate<string>(
    '(document.activeElement?.id || document.activeElement?.textContent || "").trim()',
  )
}

async function tabTo(page: Page, wanted: string | RegExp): Promise<void> {
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press('Tab')
    const name = await focused(page)
    if (typeof wanted === 'string' ? name === wanted : wanted.test(name)) return
  }
  throw new Error(`nothing called ${String(wanted)} takes the focus`)
}
