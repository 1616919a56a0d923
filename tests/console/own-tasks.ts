import { actDraft } from '@varco/access-log'
import { asId, microsToIso } from '@varco/core'
import { grantFact } from '@varco/engagement/testing'
import { makeProcessingRegister, renderJson } from '@varco/reports'
import type { ReportOutcome } from '@varco/console'
import { open, ROLES, same, twice, type Desk, type MainTask } from './desk.ts'

const STAFF = ROLES.filter((role) => role !== 'nobody' && role !== 'operator')

/** What somebody does for themselves: on what they asked for, what is about them, and the pages' own ways. */
export const OWN_TASKS: readonly MainTask[] = [
  {
    page: '/grants/mine',
    task: 'finds what they asked for, and gives it up',
    roles: ['operator'],
    steps: async (desk) => {
      const { page, served, turn } = desk
      const own = { operator: asId<never>('operator-anna'), pseudonym: asId<never>('AUR-anna') }
      const grant = grantFact({ ...own, id: asId(`G-own-${turn}`), askedAt: served.clock.now() })
      await served.grants.addGrant(grant)
      await open(desk, '/me')
      await page.getByRole('link', { name: 'Le mie richieste' }).click()
      await page.getByRole('link', { name: grant.id, exact: true }).click()
      await twice(desk, 'Rinuncia', 'L’autorizzazione non vale più')
    },
  },
  {
    page: '/me/openings',
    task: 'sees who opened their identity, and why',
    roles: ['operator'],
    steps: async (desk) => {
      const { page, served, turn } = desk
      const detail = { pseudonym: 'AUR-anna', case: `RG ${turn}/2026`, requestedBy: 'gse-dpo-3' }
      await served.log.append(
        actDraft('identity-opened', {
          ...{ requestId: `opened-${turn}`, operator: 'gse-dpo-2' },
          detail: { ...detail, reason: 'la violazione è confermata' },
        }),
      )
      await open(desk, '/me')
      await page.getByRole('link', { name: 'Aperture della mia identità' }).click()
      await page
        .getByRole('row', { name: `RG ${turn}/2026` })
        .getByText('approvata da gse-dpo-2')
        .waitFor()
    },
  },
  {
    page: '/reports/under-way/…',
    task: 'waits for a long document, and fetches it when it is there',
    roles: ['dpo', 'auditor'],
    steps: async (desk) => {
      const { page } = desk
      const { promise, resolve } = Promise.withResolvers<ReportOutcome>()
      const short = nextIsLong(desk, promise)
      await open(desk, '/reports/register')
      await twice(desk, 'Prepara il documento', 'Righe impaginate: 300 di 1.250.')
      desk.served.reports.make = short
      resolve(await madeOf(desk))
      // By itself where a script can see to it, else when somebody looks.
      if (!(await page.evaluate<boolean>('matchMedia("(scripting: enabled)").matches')))
        await page.getByRole('link', { name: 'Aggiorna' }).click()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Scarica il documento' }).click(),
      ])
      same(download.suggestedFilename(), /^varco-register-.*\.pdf$/)
      await page.getByRole('button', { name: 'Elimina subito' }).click()
      await page.getByRole('heading', { name: 'Documenti', exact: true }).waitFor()
    },
  },
  {
    page: '/help',
    task: 'goes from a page to what it is for, and by a key of the list to another',
    roles: STAFF,
    steps: async (desk) => {
      const { page } = desk
      await open(desk, '/me')
      await page.getByRole('link', { name: 'Aiuto su questa pagina' }).click()
      await page.waitForURL(/\/help#me$/)
      await page.locator('#me').getByText('Quello che il registro conserva di te').waitFor()
      await page
        .locator('#keys')
        .getByRole('row', { name: /I miei accessi/ })
        .getByRole('link')
        .click()
      await page.getByRole('heading', { name: 'I miei accessi', exact: true }).waitFor()
    },
  },
  {
    page: '/time-zone',
    task: 'chooses whose clocks the pages go by',
    roles: ['nobody'],
    steps: async (desk) => {
      const { page } = desk
      await open(desk, '/accessibility')
      await page.getByRole('link', { name: 'Cambia fuso orario' }).click()
      await page.getByLabel('Fuso orario').selectOption('Asia/Tokyo')
      await page.getByRole('button', { name: 'Usa questo fuso' }).click()
      await page.getByText('Gli orari sono quelli di Asia/Tokyo.').waitFor()
    },
  },
  {
    page: '/accessibility',
    task: 'learns how to report what is in their way',
    roles: ['nobody'],
    steps: async (desk) => {
      await open(desk, '/login')
      await desk.page.getByRole('link', { name: 'Accessibilità' }).click()
      await desk.page.getByRole('heading', { name: 'Dichiarazione di accessibilità' }).waitFor()
      await desk.page.locator('main a[href^="mailto:"]').first().waitFor()
    },
  },
]

/** The next document that is asked for is a long one. Returns what makes the others. */
function nextIsLong({ served }: Desk, outcome: Promise<ReportOutcome>) {
  const make = served.reports.make.bind(served.reports)
  served.reports.make = async () => ({
    progress: () => ({ step: 'setting', done: 300, of: 1_250 }),
    outcome,
    [Symbol.asyncDispose]: async () => {},
  })
  return make
}

async function madeOf({ served }: Desk): Promise<ReportOutcome> {
  const asOf = { bundle: await served.deps.bundle(), at: served.clock.now() }
  const deps = { log: served.log, reader: served.reader, requestId: () => 'r-1' }
  const report = await makeProcessingRegister(deps, { asOf, locale: 'it', requestedBy: 'gse-dpo-1' })
  const bytes = Buffer.from(renderJson(report))
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes
  }
  const made = { ...report.made, at: microsToIso(served.clock.now()) }
  return { kind: 'made', file: { made, size: bytes.length, pieces } }
}
