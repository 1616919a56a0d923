import type { Page } from 'playwright-core'
import { faultsOf } from './browser.ts'

const PHONE = { width: 390, height: 844 }

/**
 * What is wrong with an answer that was got without a browser: by axe on a wide page, sideways on a telephone too. Written into
 * the page that is open, of the same console, so that what axe and the styles took to load is there for the next.
 * @param isFirst nothing was looked at in this page before
 */
export async function faultsOfAnswer(
  page: Page,
  { name, page: body }: { readonly name: string; readonly page: string },
  isFirst: boolean,
): Promise<readonly string[]> {
  const wide = page.viewportSize()
  await page.setContent(body)
  // What is folded away is looked at too.
  await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
  const faults = [...(await faultsOf(page, name, isFirst ? true : 'with the axe that is there'))]
  await page.setViewportSize(PHONE)
  faults.push(...(await faultsOf(page, `${name}, on a phone`, false)))
  if (wide !== null) await page.setViewportSize(wide)
  return faults
}
