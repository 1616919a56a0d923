import { asId } from '@varco/core'
import { ticketFact } from '@varco/engagement/testing'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { grantBundle } from '../../packages/engagement/tests/grants/grant-world.ts'
import { faultsOf, inBrowser } from './browser.ts'
import { runConsole, type ServedConsole } from './running-console.ts'

const PHONE = { viewport: { width: 390, height: 844 } } as const
const DESKTOP = { viewport: { width: 1280, height: 900 } } as const
const LINK = '/grants/new?resource=antimafia_check&action=read&purpose=antimafia-status&ticket=T-antimafia'

let served: ServedConsole

beforeAll(async () => {
  const bundle = grantBundle()
  served = await runConsole({ bundle: async () => bundle })
  const ticket = ticketFact({
    id: asId('T-antimafia'),
    contract: asId('aurora-2026'),
    purpose: asId('antimafia-status'),
    dataSubject: 'P-1',
  })
  served.engagement.tickets.set(ticket.id, ticket)
})

afterAll(async () => {
  await served[Symbol.asyncDispose]()
})

async function asOperator(page: Page, to: string): Promise<void> {
  await page.goto(`${served.url}/login/start?with=aurora&to=${encodeURIComponent(to)}`)
}

async function ask(page: Page, record: string): Promise<string> {
  await page.getByLabel('Codice della scheda').fill(record)
  await page.getByLabel('Perché ti serve').fill('chi chiama chiede il giorno della domanda')
  await page.getByRole('button', { name: 'Invia la richiesta' }).click()
  await page.getByText('La richiesta è stata inviata').waitFor()
  return new URL(page.url()).pathname
}

test('on a telephone, without JavaScript: from the refusal’s link to the approval, and back', async () => {
  const faults: string[] = []
  let path = ''
  const options = { ...PHONE, javaScriptEnabled: false }
  const asking = await inBrowser(options, async (page) => {
    await asOperator(page, LINK)
    path = await ask(page, '7')
  })
  const deciding = await inBrowser(options, async (page) => {
    await served.signIn(page, 'approver-1', 'Pia Verdi', '/grants')
    await page.goto(`${served.url}/grants`)
    await page.getByRole('link', { name: path.slice('/grants/'.length), exact: true }).click()
    await page.getByLabel('Per quanti minuti').fill('10')
    await page.getByRole('button', { name: 'Approva' }).click()
    await page.getByText('non è ancora successo nulla').waitFor()
    await page.getByRole('button', { name: 'Approva' }).click()
    await page.getByText('l’accesso è aperto da ora').waitFor()
    await page.getByText('In vigore', { exact: true }).waitFor()
  })
  const givingUp = await inBrowser(options, async (page) => {
    await asOperator(page, path)
    await page.getByRole('button', { name: 'Rinuncia' }).click()
    await page.getByRole('link', { name: 'Torna indietro senza fare nulla' }).click()
    await page.getByText('In vigore', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Rinuncia' }).click()
    await page.getByRole('button', { name: 'Rinuncia' }).click()
    await page.getByText('L’autorizzazione non vale più').waitFor()
  })
  expect([...faults, ...asking, ...deciding, ...givingUp]).toEqual([])
})

test('the keyboard alone approves', async () => {
  let path = ''
  await inBrowser(DESKTOP, async (page) => {
    await asOperator(page, LINK)
    path = await ask(page, '8')
  })
  const complaints = await inBrowser(DESKTOP, async (page) => {
    await served.signIn(page, 'approver-1', 'Pia Verdi', '/grants')
    await page.goto(`${served.url}/grants`)
    await tabTo(page, path.slice('/grants/'.length))
    await page.keyboard.press('Enter')
    await page.waitForURL(served.url + path)
    await tabTo(page, 'minutes')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('15')
    await tabTo(page, 'Approva')
    await page.keyboard.press('Enter')
    await page.getByText('non è ancora successo nulla').waitFor()
    await tabTo(page, 'Approva')
    await page.keyboard.press('Enter')
    await page.getByText('l’accesso è aperto da ora').waitFor()
  })
  expect(complaints).toEqual([])
  const grant = await served.grants.grant(asId(path.slice('/grants/'.length)))
  expect(grant).toMatchObject({ state: 'approved', decidedBy: 'gse-approver-1' })
})

/** Lists and cases that differ from another one looked at in nothing but their words. */
const ALIKE = new Set(['all', 'reviews', 'mine', 'reviewed', 'english'])

test('every page and state is accessible, and fits a telephone too', async () => {
  const faults: string[] = []
  const look = async (page: Page, name: string): Promise<void> => {
    faults.push(...(await faultsOf(page, `desktop-grants-${name}`, !ALIKE.has(name))))
    await page.setViewportSize(PHONE.viewport)
    faults.push(...(await faultsOf(page, `phone-grants-${name}`, name === 'to-decide')))
    await page.setViewportSize(DESKTOP.viewport)
  }
  let path = ''
  const operator = await inBrowser(DESKTOP, async (page) => {
    await asOperator(page, LINK)
    await look(page, 'ask')
    path = await ask(page, '10')
    await look(page, 'asked')
    await page.goto(`${served.url}/grants/mine`)
    await look(page, 'mine')
    await page.goto(served.url + LINK)
    await page.getByLabel('Codice della scheda').fill('11')
    await page.getByLabel('Per quanti minuti').fill('40')
    await page.getByLabel('Perché ti serve').fill('parola'.repeat(200))
    await page.getByLabel('È un’emergenza').check()
    await page.getByRole('button', { name: 'Invia la richiesta' }).click()
    await look(page, 'emergency-confirm')
    await page.getByRole('button', { name: 'Accedi in emergenza' }).click()
    await page.getByText('Non è stato fatto nulla').waitFor()
    await look(page, 'ask-refused')
    await page.getByLabel('Per quanti minuti').fill('20')
    await page.getByRole('button', { name: 'Invia la richiesta' }).click()
    await page.getByRole('button', { name: 'Accedi in emergenza' }).click()
    await page.getByText('L’accesso in emergenza è aperto').waitFor()
    await look(page, 'emergency-long-reason')
  })
  const approver = await inBrowser(DESKTOP, async (page) => {
    await served.signIn(page, 'approver-1', 'Pia Verdi', '/grants')
    for (const [name, address] of Object.entries({
      waiting: '/grants',
      reviews: '/grants?view=reviews',
      all: '/grants?view=all',
      'mine-empty': '/grants/mine',
      'to-decide': path,
    })) {
      await page.goto(served.url + address)
      await look(page, name)
    }
    await page.getByRole('button', { name: 'Approva' }).click()
    await look(page, 'confirm')
    await page.goto(`${served.url}/grants?view=reviews`)
    await page.locator('tbody a').first().click()
    await page.getByLabel('No, l’accesso non era giustificato').check()
    await page.getByLabel('Che cosa hai verificato').fill('nessuna urgenza trovata')
    await look(page, 'review')
    await page.getByRole('button', { name: 'Registra il riesame' }).click()
    await page.getByRole('button', { name: 'Registra il riesame' }).click()
    await page.getByText('Il riesame è registrato').waitFor()
    await look(page, 'reviewed')
    await page.goto(`${served.url}/language/en?to=${encodeURIComponent(path)}`)
    await look(page, 'english')
  })
  const dpo = await inBrowser(DESKTOP, async (page) => {
    await served.signIn(page)
    await page.goto(served.url + path)
    await look(page, 'dpo')
  })
  expect([...faults, ...operator, ...approver, ...dpo]).toEqual([])
})

async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press('Tab')
    const name = await page.evaluate<string>(
      '(document.activeElement?.id || document.activeElement?.textContent || "").trim()',
    )
    if (name === wanted) return
  }
  throw new Error(`nothing called ${wanted} takes the focus`)
}
