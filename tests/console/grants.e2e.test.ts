import { asId } from '@varco/core'
import { ticketFact } from '@varco/engagement/testing'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { grantBundle } from '../../packages/engagement/tests/grants/grant-world.ts'
import { inBrowser } from './browser.ts'
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
  expect([...asking, ...deciding, ...givingUp]).toEqual([])
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
