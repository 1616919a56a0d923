import type { PolicyVersion } from '@varco/core'
import { fixtureDocument } from '@varco/policy/testing'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsOf, inBrowser } from './browser.ts'
import { runConsole, type ServedConsole } from './running-console.ts'

let served: ServedConsole
let draft: PolicyVersion

beforeAll(async () => {
  served = await runConsole()
  const inForce = (await served.deps.bundle()).document
  await served.policies.activate(await served.policies.put(inForce, 'ADM-9'), 'DPO-9')
  const document = fixtureDocument()
  for (const rule of document.access)
    if (rule.effect === 'permit') rule.role = [...(rule.role ?? []), 'antimafia.officer']
  document.access = document.access.filter(({ id }) => id !== 'cc-producer-enquiry')
  draft = await served.policies.put(document, 'ADM-9')
  await served.policies.put({ ...document, cases: [] }, 'x'.repeat(64))
})

afterAll(async () => {
  await served[Symbol.asyncDispose]()
})

test('a version is looked at, tried live, and put in force by a second person', async () => {
  const faults: string[] = []
  const look = async (page: Page, size: string, name: string): Promise<void> => {
    faults.push(...(await faultsOf(page, `${size}-versions-${name}`, size === 'desktop')))
  }
  const desktop = await inBrowser({ viewport: { width: 1280, height: 900 } }, async (page) => {
    await served.signIn(page)
    await page.goto(`${served.url}/policies/versions`)
    await look(page, 'desktop', 'list')
    await page.goto(`${served.url}/policies/versions/${draft}`)
    await look(page, 'desktop', 'widening')
    await page.getByRole('button', { name: 'Prova dal vivo' }).click()
    await page.getByRole('button', { name: 'Prova dal vivo' }).click()
    await page.getByText('La versione è in prova dal vivo').waitFor()
    const { version: active } = await served.deps.bundle()
    const kind = { role: 'contact-centre.operator', contract: 'aurora-2026', purpose: null, action: 'read' }
    await served.shadow.add(1, {
      ...{
        active,
        candidate: draft,
        asked: 120_000,
        differing: 7,
        left: 3,
        failed: 0,
        recordsNotCompared: 2,
      },
      differences: [{ ...kind, resource: 'invoice', active: 'x'.repeat(90), candidate: 'deny', count: 7 }],
    })
    await page.reload()
    await look(page, 'desktop', 'shadow')
    await page.goto(`${served.url}/policies/versions/${draft}`)
    await page.getByRole('button', { name: 'Metti in vigore' }).click()
    await page.getByRole('heading', { name: 'Conferma che sei tu' }).waitFor()
    await look(page, 'desktop', 'prove-again')
    await page.getByRole('link', { name: 'Conferma con le credenziali' }).click()
    await page.getByRole('button', { name: 'Metti in vigore' }).click()
    await look(page, 'desktop', 'confirm')
    await page.getByRole('button', { name: 'Metti in vigore' }).click()
    await page.getByText('La versione è in vigore.', { exact: true }).waitFor()
  })
  const phone = { viewport: { width: 390, height: 844 }, javaScriptEnabled: false }
  const narrow = await inBrowser(phone, async (page) => {
    await served.signIn(page, 'administrator-1', 'Aldo Blu', '/contracts')
    for (const [name, path] of Object.entries({
      list: '/policies/versions',
      version: `/policies/versions/${draft}`,
      shadow: '/policies/shadow',
      english: `/language/en?to=${encodeURIComponent(`/policies/versions/${draft}`)}`,
    })) {
      await page.goto(served.url + path)
      await look(page, 'phone', name)
    }
  })
  expect([...faults, ...desktop, ...narrow]).toEqual([])
  expect((await served.policies.lastActivation())?.activatedBy).toBe('gse-dpo-1')
})
