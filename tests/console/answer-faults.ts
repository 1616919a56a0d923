import type { Page } from 'playwright-core'
import { faultsOf } from './browser.ts'

const PHONE = { width: 390, height: 844 }

/** What is wrong with an answer that was got without a browser: by axe on a wide page, sideways on a telephone too. */
export async function faultsOfAnswer(
  page: Page,
  consoleUrl: string,
  { name, page: body }: { readonly name: string; readonly page: string },
): Promise<readonly string[]> {
  const wide = page.viewportSize()
  const address = `${consoleUrl}/answer`
  const progress = '**/progress'
  await page.route(progress, (route) => route.fulfill({ contentType: 'text/event-stream', body: '' }))
  await page.route(address, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }))
  try {
    await page.goto(address)
    // What is folded away is looked at too.
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    const faults = [...(await faultsOf(page, name))]
    await page.setViewportSize(PHONE)
    faults.push(...(await faultsOf(page, `${name}, on a phone`, false)))
    return faults
  } finally {
    if (wide !== null) await page.setViewportSize(wide)
    await page.unrouteAll()
  }
}
