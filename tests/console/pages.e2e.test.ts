import { fixtureDocument } from '@varco/policy/testing'
import { compileBundle } from '@varco/policy'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsOf, inBrowser } from './browser.ts'
import { runConsole, type ServedConsole } from './running-console.ts'

const SIZES = [
  ['desktop', { width: 1280, height: 900 }],
  ['phone', { width: 390, height: 844 }],
] as const

/** Pages whose tables are laid out otherwise on a telephone. */
const WIDTH_CHANGES = new Set(['log', 'event-permitted', 'contracts', 'matrix', 'me-worker'])

let served: ServedConsole

beforeAll(async () => {
  served = await runConsole()
})

afterAll(async () => {
  await served[Symbol.asyncDispose]()
})

/** Opens each address in turn and gathers what is wrong. */
async function faultsOn(
  page: Page,
  size: string,
  pages: Readonly<Record<string, string>>,
): Promise<string[]> {
  const faults: string[] = []
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(served.url + path)
    // What is accessible on the wider page is on the narrower, but for what the width itself changes.
    const wholly = size === 'desktop' || WIDTH_CHANGES.has(name)
    faults.push(...(await faultsOf(page, `${size}-${name}`, wholly)))
  }
  return faults
}

describe.each(SIZES)('at the size of a %s', (size, viewport) => {
  test('every page and state of the DPO is accessible and fits', async () => {
    const find = async (decision: 'permit' | 'deny'): Promise<string> => {
      const { events } = await served.reader.search({ decision, limit: 1 })
      return `/log/events/${events[0]?.id ?? ''}`
    }
    const faults: string[] = []
    const complaints = await inBrowser({ viewport }, async (page) => {
      faults.push(
        ...(await faultsOn(page, size, {
          login: '/login',
          accessibility: '/accessibility',
          verify: '/verify',
          'time-zone': '/time-zone',
          // A fault's page: nothing comes back from a login that nobody began.
          failure: '/login/callback',
        })),
      )
      await served.signIn(page)
      faults.push(
        ...(await faultsOn(page, size, {
          today: '/',
          log: '/log',
          'log-filtered': '/log?decision=deny&processor=borea&from=2026-11-24',
          'log-empty': '/log?ticket=T-0',
          'log-wrong': '/log?from=2026-11-24&to=2026-11-01',
          'log-all': '/log?kind=all',
          'data-subject': '/log/data-subject',
          'event-permitted': await find('permit'),
          'event-denied': await find('deny'),
          contracts: '/contracts',
          contract: '/contracts/aurora-2026',
          'contract-ended': '/contracts/borea-2023',
          policies: '/policies',
          matrix: '/policies/matrix?contract=aurora-2026&role=contact-centre.operator&resource=invoice',
          simulator: '/policies/simulator',
          versions: '/policies/versions',
          shadow: '/policies/shadow',
          grants: '/grants',
          'contract-people': '/contracts/aurora-2026/people',
          'contract-drift': '/contracts/aurora-2026/drift',
          me: '/me',
          'not-found': '/nowhere',
        })),
      )
      await page.goto(`${served.url}/log/data-subject`)
      await page.getByLabel('Identificativo').fill('nessuno')
      await page.getByLabel('Riferimento della pratica').fill('per curiosità')
      await page.getByRole('button', { name: 'Cerca gli accessi' }).click()
      faults.push(...(await faultsOf(page, `${size}-data-subject-wrong`)))
      await page.goto(`${served.url}/policies/simulator`)
      await page
        .getByLabel('Lavora per')
        .selectOption('Aurora Servizi S.r.l., Servizio di contact centre 2026-2027')
      await page.getByLabel('Incarico', { exact: true }).selectOption('Operatore di contact centre')
      await page.getByLabel('Dati').selectOption('Fattura')
      await page.getByLabel('Finalità', { exact: true }).selectOption('Informazioni sulle fatture')
      await page.getByRole('button', { name: 'Prova' }).click()
      faults.push(...(await faultsOf(page, `${size}-simulator-permit`)))
      await page.getByLabel('Finalità', { exact: true }).selectOption('Valutazione antimafia')
      await page.getByRole('button', { name: 'Prova' }).click()
      faults.push(...(await faultsOf(page, `${size}-simulator-deny`)))
      await page.goto(`${served.url}/language/en?to=%2Flog`)
      faults.push(...(await faultsOf(page, `${size}-log-english`)))
    })
    expect([...faults, ...complaints]).toEqual([])
  })

  test('so are the pages of somebody whose assignment opens nothing', async () => {
    const faults: string[] = []
    const complaints = await inBrowser({ viewport }, async (page) => {
      await served.signIn(page, 'nobody-1', 'Chi Bussa')
      faults.push(...(await faultsOn(page, size, { 'no-page': '/', forbidden: '/log', 'me-nobody': '/me' })))
    })
    expect([...faults, ...complaints]).toEqual([])
  })

  test('so is the page of a worker', async () => {
    const faults: string[] = []
    await served.access({
      operator: 'gse-officer-1',
      processor: null,
      contract: null,
      decision: 'deny',
      reasons: ['no-grant'],
    })
    const complaints = await inBrowser({ viewport }, async (page) => {
      await served.signIn(page, 'officer-1', 'Otto Verdi', '/me')
      faults.push(...(await faultsOn(page, size, { 'me-worker': '/me' })))
    })
    expect([...faults, ...complaints]).toEqual([])
  })

  test('the longest names there can be break no page', async () => {
    const long =
      'Denominazione-lunghissima-senza-alcuno-spazio-che-non-si-può-spezzare-da-nessuna-parte-'.repeat(2)
    const document = fixtureDocument()
    const title = { it: long, en: long }
    document.varco.controller.name = long
    document.varco.controller.dpo.name = long
    for (const named of [...Object.values(document.varco.roles), ...Object.values(document.varco.units)]) {
      named.title = title
    }
    for (const purpose of Object.values(document.purposes)) Object.assign(purpose, { title, plain: title })
    for (const processor of document.processors) processor.name = long
    for (const resource of document.catalogue) resource.title = title
    const bundle = compileBundle(document)
    await using console = await runConsole({ bundle: async () => bundle })
    const word = 'x'.repeat(128)
    const id = await console.access({
      operator: word,
      ticket: word,
      workstation: word,
      instructedBy: word,
      grant: word,
      rules: [word],
    })
    const faults: string[] = []
    const complaints = await inBrowser({ viewport }, async (page) => {
      await console.signIn(page, 'dpo-1', 'N'.repeat(80))
      for (const [name, path] of Object.entries({
        today: '/',
        log: `/log?ticket=${word}`,
        event: `/log/events/${id}`,
      })) {
        await page.goto(console.url + path)
        faults.push(...(await faultsOf(page, `${size}-long-${name}`)))
      }
    })
    expect([...faults, ...complaints]).toEqual([])
  })
})
