import { UnavailableError } from '@varco/core'
import { fixtureDocument } from '@varco/policy/testing'
import { compileBundle } from '@varco/policy'
import { makeProcessingRegister, renderJson } from '@varco/reports'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openConsole } from '../../packages/console/tests/support/open-console.ts'
import { addressOf, routesOf } from '../../packages/console/tests/support/routes-of.ts'
import { writtenEverywhere } from '../../packages/console/tests/support/written-everywhere.ts'
import { faultsOfAnswer } from './answer-faults.ts'
import { faultsOf, inBrowser } from './browser.ts'
import { everyAnswer } from './every-answer.ts'
import { looksIn } from './looks-in.ts'
import { runConsole, type ServedConsole } from './running-console.ts'
import { moreToSee, signedIn, visitedConsole, WRITTEN } from './visited-console.ts'

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
  test('what a busy morning shows the DPO is accessible and fits', async () => {
    const find = async (decision: 'permit' | 'deny'): Promise<string> => {
      const { events } = await served.reader.search({ decision, limit: 1 })
      return `/log/events/${events[0]?.id ?? ''}`
    }
    const faults: string[] = []
    const complaints = await inBrowser({ viewport }, async (page) => {
      faults.push(
        ...(await faultsOn(page, size, {
          login: '/login',
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
          'log-wrong': '/log?from=2026-11-24&to=2026-11-01',
          'log-all': '/log?kind=all',
          'event-permitted': await find('permit'),
          'event-denied': await find('deny'),
          contracts: '/contracts',
          policies: '/policies',
          matrix: '/policies/matrix?contract=aurora-2026&role=contact-centre.operator&resource=invoice',
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
      await page.getByLabel('Finalità', { exact: true }).selectOption('Valutazione antimafia')
      await page.getByRole('button', { name: 'Prova' }).click()
      faults.push(...(await faultsOf(page, `${size}-simulator-deny`)))
      await page.goto(`${served.url}/language/en?to=%2Flog`)
      faults.push(...(await faultsOf(page, `${size}-log-english`)))
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

  test('so are the verdicts of a document that somebody was sent', async () => {
    const asOf = { bundle: await served.deps.bundle(), at: served.clock.now() }
    const deps = { log: served.log, reader: served.reader, requestId: () => 'r-1' }
    const report = renderJson(
      await makeProcessingRegister(deps, { asOf, locale: 'it', requestedBy: 'RPD-1' }),
    )
    const faults: string[] = []
    const options = { viewport, javaScriptEnabled: size === 'desktop' }
    const complaints = await inBrowser(options, async (page) => {
      for (const [name, content, words] of [
        ['good', report, 'Il documento è quello registrato'],
        ['bad', report.replace(/"title":"/, '"title":"x'), 'Il documento non è quello registrato'],
        ['unreadable', 'x'.repeat(5_000), 'non è una relazione'],
      ] as const) {
        await page.goto(`${served.url}/verify`)
        const file = { name: 'report.json', mimeType: 'application/json', buffer: Buffer.from(content) }
        await page.getByLabel('Il documento ricevuto').setInputFiles(file)
        await page.getByRole('button', { name: 'Verifica' }).click()
        await page.getByText(words).waitFor()
        faults.push(...(await faultsOf(page, `${size}-verify-${name}`, size === 'desktop')))
      }
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

/** Who goes everywhere, in this order: the second persons after those who ask for something. */
const EVERYBODY = [
  ...['administrator-1', 'approver-1', 'dpo-1', 'auditor-1', 'manager-1', 'manager-2', 'dpo-2'],
  ...['aurora', 'nobody-1', null],
] as const
/** What is no page, or is opened by nobody without a browser. */
const NO_PAGE =
  /^\/(?:healthz|assets|language|time-zone\/set|logout|login\/(?:start|callback|again\/start)|work\/key|me\/work\/token)|\/(?:progress|file|preview|minutes\.pdf|certificate\.jws)$/

test('every answer of every route to everybody, with every form sent in every way, is accessible and fits', async () => {
  await using console = await visitedConsole(served.url)
  await using empty = await openConsole({}, { consoleUrl: served.url })
  const ids = await writtenEverywhere(console, await signedIn(console, 'dpo-1'), WRITTEN)
  await moreToSee(console)
  const routes = routesOf(console)
  const patterns = routes.filter(({ method, pattern }) => method === 'GET' && !NO_PAGE.test(pattern))
  const addresses = [...patterns.map(({ pattern }) => addressOf(pattern, ids)), '/work?done=yes']
  const looks = new Set<string>()
  const shown = new Set<string>()
  const faults: string[] = []
  const complaints = await inBrowser({ viewport: SIZES[0][1] }, async (page) => {
    // What runs in a page has run; where figures come by themselves none does.
    await page.route('**/progress', (route) => route.fulfill({ contentType: 'text/event-stream', body: '' }))
    await page.goto(`${served.url}/login`)
    let isFirst = true
    const look = async (name: string, body: string): Promise<void> => {
      const unseen = looksIn(body).filter((each) => !looks.has(each))
      if (unseen.length === 0) return
      for (const each of unseen) looks.add(each)
      faults.push(...(await faultsOfAnswer(page, { name, page: body }, isFirst)))
      isFirst = false
    }
    for (const who of EVERYBODY) {
      for await (const answer of everyAnswer(await signedIn(console, who), routes, addresses)) {
        if (![403, 404].includes(answer.status)) shown.add(`${answer.method} ${answer.pattern}`)
        if (answer.page !== null) await look(`${String(who)}: ${answer.name}`, answer.page)
      }
    }
    // Where there is nothing yet, and where something is missing or broken.
    const first = await signedIn(empty, 'dpo-1')
    for (const { pattern } of patterns) {
      const answer = await first.get(addressOf(pattern, { '/contracts/:id': 'aurora-2026' }))
      if (answer.status !== 303) await look(`nothing yet: ${pattern}`, await answer.text())
    }
    for (const fault of [new UnavailableError('records'), new TypeError('a fault')]) {
      await using broken = await openConsole({ bundle: () => Promise.reject(fault) })
      await look(fault.message, await broken.visitor().text('/login'))
    }
  })
  expect([...faults, ...complaints]).toEqual([])
  const forgotten = routes
    .filter(({ pattern }) => !NO_PAGE.test(pattern))
    .map(({ method, pattern }) => `${method} ${pattern}`)
    .filter((route) => !shown.has(route))
  expect(forgotten).toEqual([])
}, 600_000)

test('what is wrong is seen in a page that is written over another, too', async () => {
  const page = (inside: string): string =>
    `<!doctype html><html lang="it"><head><title>t</title></head><body><main><h1>t</h1>${inside}</main></body></html>`
  const wrong = page(
    '<img src="x"><input type="text"><p style="color:#eee">pallido</p><h2 style="width:9px;overflow-wrap:anywhere">Scadenze</h2>',
  )
  await inBrowser({ viewport: SIZES[0][1] }, async (tab) => {
    await tab.goto('about:blank')
    expect(await faultsOfAnswer(tab, { name: 'a', page: page('') }, true)).toEqual([])
    const seen = await faultsOfAnswer(tab, { name: 'b', page: wrong }, false)
    for (const rule of ['color-contrast', 'image-alt', 'label', 'no room for the words: Scadenze'])
      expect([rule, seen.some((fault) => fault.startsWith(`b: ${rule}`))]).toEqual([rule, true])
    expect(await faultsOfAnswer(tab, { name: 'c', page: page('') }, false)).toEqual([])
  })
})
