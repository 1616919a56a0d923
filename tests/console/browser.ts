import { copyFile, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import sparticuz from '@sparticuz/chromium'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll } from 'vitest'

/** Pictures of every page looked at, with VARCO_SCREENSHOTS=all; a folder that git does not see. */
const PICTURES = path.join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'console-pages')
/** Those of the READMEs, with VARCO_SCREENSHOTS=keep. */
const SCREENSHOTS = path.join(import.meta.dirname, '..', 'screenshots')
const KEPT: Readonly<Record<string, string>> = {
  'desktop-log': 'access-log',
  'desktop-today-waiting': 'today',
  'desktop-plan-authority': 'retention-plan',
  'desktop-request': 'request',
  'phone-me-alerts': 'own-alerts',
}

/** In one process, as this build of Chromium comes, it would end with its first context. */
const ONE_PROCESS = ['--single-process']

let opened: Promise<Browser> | null = null

/** The browser of a test file, started at the first use. */
async function theBrowser(): Promise<Browser> {
  opened ??= chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: [
      ...sparticuz.args.filter((each) => !ONE_PROCESS.includes(each)),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-dev-shm-usage',
      '--disable-sync',
      '--no-first-run',
    ],
    timeout: 120_000,
  })
  return opened
}

afterAll(async () => {
  await (await opened)?.close()
  opened = null
})

/**
 * Opens a page as a browser that has never been here would. What the page's policy blocks, what fails in its script and
 * what does not load is returned as complaints.
 */
export async function inBrowser(
  options: BrowserContextOptions,
  work: (page: Page) => Promise<void>,
): Promise<readonly string[]> {
  const complaints: string[] = []
  const context = await (
    await theBrowser()
  ).newContext({ locale: 'it-IT', timezoneId: 'Europe/Rome', ...options })
  try {
    const page = await context.newPage()
    page.on('console', (message) => {
      // The address of a refusal is asked for on purpose.
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
        complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('requestfailed', (request) => {
      // Leaving a page, or closing a stream, ends what was under way.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`${request.url()} failed`)
    })
    await work(page)
  } finally {
    await context.close()
  }
  return complaints
}

/** Where pictures are asked for; each costs about as long as its page. */
async function takePicture(page: Page, name: string): Promise<void> {
  const wanted = process.env['VARCO_SCREENSHOTS']
  const kept = KEPT[name]
  if (wanted !== 'all' && (wanted !== 'keep' || kept === undefined)) return
  await mkdir(PICTURES, { recursive: true })
  const height = await page.evaluate<number>('document.documentElement.scrollHeight')
  const width = page.viewportSize()?.width ?? 0
  const picture = path.join(PICTURES, `${name.replaceAll(/[^\w-]+/g, '-').slice(0, 100)}.png`)
  await page.screenshot({
    path: picture,
    fullPage: true,
    clip: { x: 0, y: 0, width, height: Math.min(wanted === 'keep' ? 1_300 : 1_900, height) },
  })
  if (wanted === 'keep') await copyFile(picture, path.join(SCREENSHOTS, `${kept}.png`))
}

/** Words that stand in a column as wide as a letter. */
const SQUEEZED = `[...document.querySelectorAll('caption, h1, h2, h3, th, dt, dd, label, legend, a, button')]
  .filter((each) => each.offsetWidth > 1 && each.offsetWidth < 24 && each.offsetHeight > 96)
  .map((each) => each.textContent.slice(0, 40))`

/**
 * What is wrong with a page: WCAG 2.2 A and AA by axe, scrolling sideways, and words that nobody can read for want of room.
 * @param wholly `false`: only what the width changes; axe has seen the page at another
 */
export async function faultsOf(
  page: Page,
  name: string,
  wholly: boolean | 'with the axe that is there' = true,
): Promise<readonly string[]> {
  // A click that leads elsewhere is over before the page it leads to is there.
  await page.waitForLoadState('load')
  await takePicture(page, name)
  const violations =
    wholly === false ? [] : await axeViolations(page, wholly === 'with the axe that is there')
  const squeezed = await page.evaluate<string[]>(SQUEEZED)
  const beyond = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  return [
    ...violations.map(
      ({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
    ),
    ...squeezed.map((words) => `${name}: no room for the words: ${words}`),
    ...(beyond > 0 ? [`${name}: scrolls sideways by ${beyond} pixels`] : []),
  ]
}

async function axeViolations(
  page: Page,
  isThere: boolean,
): Promise<Awaited<ReturnType<AxeBuilder['analyze']>>['violations']> {
  const { violations } = await new AxeBuilder({ page, ...(isThere ? { axeSource: 'void 0' } : {}) })
    // What passes is not gathered node by node.
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    // No page holds a frame: a second page to gather their results from would only cost time.
    .setLegacyMode(true)
    .analyze()
  return violations
}
