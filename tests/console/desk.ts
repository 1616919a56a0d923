import type { Page } from 'playwright-core'
import type { ServedConsole } from './running-console.ts'

/** People of the tests' staff, each in the role they are named for; `operator` is the contractor's. */
export const ROLES = ['dpo', 'auditor', 'administrator', 'approver', 'manager', 'operator', 'nobody'] as const
export type Role = (typeof ROLES)[number]

/** Where a task is done: on what, by a page that is signed in as its role. */
export interface Desk {
  readonly served: ServedConsole
  readonly page: Page
  /** Another for each task, so that none finds what one before it did. */
  readonly turn: number
}

/** What a page is there for. */
export interface MainTask {
  readonly page: string
  readonly task: string
  /** Who may do it: each does. */
  readonly roles: readonly Role[]
  readonly steps: (desk: Desk) => Promise<void>
}

export async function open({ page, served }: Desk, path: string): Promise<void> {
  await page.goto(served.url + path)
}

/** Does what the button says, and says yes when asked a second time. */
export async function twice(desk: Desk, button: string, done: string): Promise<void> {
  await desk.page.getByRole('button', { name: button, exact: true }).first().click()
  await confirm(desk, button, done)
}

export async function confirm({ page }: Desk, button: string, done: string): Promise<void> {
  await page.getByText('non è ancora successo nulla').waitFor()
  await page.getByRole('button', { name: button, exact: true }).click()
  await page.getByText(done).first().waitFor()
}

/** Says yes when asked a second time, and gets a file. */
export async function downloads({ page }: Desk, button: string, name: RegExp): Promise<void> {
  await page.getByText('non è ancora successo nulla').waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ])
  same(download.suggestedFilename(), name)
}

export function same(name: string, expected: RegExp): void {
  if (!expected.test(name)) throw new Error(`the file is called ${name}`)
}
