import { asId, type ContractId } from '@varco/core'
import { readFile } from 'node:fs/promises'
import { sealedWorkKeys } from '@varco/engagement'
import { closingsIn, memoryWork, RecordedActs } from '@varco/engagement/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsOf, inBrowser } from './browser.ts'
import { runConsole, type ServedConsole } from './running-console.ts'

const DESKTOP = { viewport: { width: 1280, height: 900 } } as const
const PHONE = { viewport: { width: 390, height: 844 } } as const
const log = new RecordedActs()
const keys = sealedWorkKeys(Buffer.alloc(32, 4))
const work = { store: memoryWork(), keys, log, closings: closingsIn(log) }

let served: ServedConsole

beforeAll(async () => {
  served = await runConsole({ work })
})

afterAll(async () => {
  await served[Symbol.asyncDispose]()
})

const asWorker = `/login/start?with=aurora&to=${encodeURIComponent('/me/work')}`

test('a worker’s browser makes the token; a month later, without JavaScript or login, it is handed in', async () => {
  let token = ''
  const sent: string[] = []
  const faults: string[] = []
  const taking = await inBrowser(DESKTOP, async (page) => {
    page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`))
    await page.goto(served.url + asWorker)
    await page.getByRole('button', { name: 'Ritira il gettone' }).click()
    await page.getByText('Il gettone è pronto').waitFor()
    token = await page.getByLabel('Il tuo gettone').inputValue()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Salva il file' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('varco-aurora-2026-2026-11.json')
    expect((await readFile(await download.path(), 'utf8')).trim()).toBe(token)
    faults.push(...(await faultsOf(page, 'desktop-me-work')))
    await page.reload()
    await page.getByRole('button', { name: 'Ritira il gettone' }).click()
    await page.getByText('è già stato ritirato').waitFor()
  })
  // What is in the token was never sent.
  const { message, signature } = JSON.parse(token) as { readonly message: string; readonly signature: string }
  expect(sent.some((request) => request.includes('blinded='))).toBe(true)
  for (const secret of [message, signature])
    expect(sent.filter((request) => request.includes(secret))).toEqual([])

  served.clock.advance(30n * 86_400_000_000n)
  const handing = await inBrowser({ ...PHONE, javaScriptEnabled: false }, async (page) => {
    await page.goto(`${served.url}/work`)
    await page.getByLabel('Il tuo gettone').fill(token)
    await page.getByLabel('Valutazione antimafia').fill('30')
    faults.push(...(await faultsOf(page, 'phone-work', false)))
    await page.getByRole('button', { name: 'Consegna la dichiarazione' }).click()
    await page.getByText('presa in consegna').waitFor()
  })
  expect([...taking, ...handing, ...faults]).toEqual([])
  const [month] = await work.store.declared(asId<ContractId>('aurora-2026'), '2026-11', '2026-11')
  expect(month?.declarations.map(({ hours }) => hours)).toEqual([{ 'antimafia-assessment': 30 }])
})

test('without JavaScript the page says how a token is taken', async () => {
  const complaints = await inBrowser({ ...DESKTOP, javaScriptEnabled: false }, async (page) => {
    await page.goto(served.url + asWorker)
    await page.getByText('varco work take').waitFor()
    expect(await page.getByRole('button', { name: 'Ritira il gettone' }).isDisabled()).toBe(true)
  })
  expect(complaints).toEqual([])
})
