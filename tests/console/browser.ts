import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import sparticuz from '@sparticuz/chromium'
import { chromium, type BrowserContextOptions, type Page } from 'playwright-core'

/** Pictures of every page looked at; a folder that git does not see. */
const PICTURES = path.join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'console-pages')

/**
 * Opens a page in a browser of its own, for this build of Chromium runs in one process and ends with its
 * first context. What the page's policy blocks, what fails in its script and what does not load is
 * returned as complaints.
 */
export async function inBrowser(
  options: BrowserContextOptions,
  work: (page: Page) => Promise<void>,
): Promise<readonly string[]> {
  const browser = await chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: [
      ...sparticuz.args,
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
  const complaints: string[] = []
  try {
    const context = await browser.newContext({ locale: 'it-IT', ...options })
    const page = await context.newPage()
    page.on('console', (message) => {
      // The address of a refusal is asked for on purpose.
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
        complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`))
    await work(page)
  } finally {
    await browser.close()
  }
  return complaints
}

/** Takes the page's picture and returns what is wrong with it: WCAG 2.2 A and AA by axe, and scrolling sideways. */
export async function faultsOf(page: Page, name: string): Promise<readonly string[]> {
  await mkdir(PICTURES, { recursive: true })
  const height = await page.evaluate<number>('document.documentElement.scrollHeight')
  const width = page.viewportSize()?.width ?? 0
  await page.screenshot({
    path: path.join(PICTURES, `${name}.png`),
    fullPage: true,
    clip: { x: 0, y: 0, width, height: Math.min(1900, height) },
  })
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const beyond = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  return [
    ...violations.map(
      ({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
    ),
    ...(beyond > 0 ? [`${name}: scrolls sideways by ${beyond} pixels`] : []),
  ]
}
