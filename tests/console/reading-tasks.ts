import { asId } from '@varco/core'
import { planRetention } from '@varco/retention'
import { certified } from '../../packages/console/tests/support/certified.ts'
import { open, same, twice, type Desk, type MainTask } from './desk.ts'

const CONTRACT = '/contracts/aurora-2026'
const READERS = ['dpo', 'manager', 'administrator', 'auditor'] as const

/** Of pages that are there to be read: what somebody finds on them, and where they go from there. */
export const READING_TASKS: readonly MainTask[] = [
  {
    page: '/log/timeline',
    task: 'sees on which days there were refusals, and goes to those of one',
    roles: ['dpo'],
    steps: async (desk) => {
      const { page } = desk
      await open(desk, '/log?decision=deny')
      await page.getByRole('link', { name: 'Andamento nel tempo' }).click()
      await page.locator('main table th a').first().click()
      await page.waitForURL(/decision=deny.*from=|from=.*decision=deny/)
      await page.locator('.events .when').first().waitFor()
    },
  },
  {
    page: '/contracts/…/people',
    task: 'sees who works under a contract, by pseudonym',
    roles: READERS,
    steps: async (desk) => {
      await open(desk, CONTRACT)
      await desk.page.getByRole('link', { name: 'Persone', exact: true }).click()
      await desk.page.getByText('AUR-anna').first().waitFor()
    },
  },
  {
    page: '/contracts/…/drift',
    task: 'finds what no clause of the annex covers, in the months asked for',
    roles: READERS,
    steps: async (desk) => {
      workDone(desk)
      await monthsOf(desk, 'Attività e allegato')
      await desk.page.getByText('non è coperto da alcuna clausola').waitFor()
    },
  },
  {
    page: '/contracts/…/tickets',
    task: 'reads what the tickets of some months were worth',
    roles: READERS,
    steps: async (desk) => {
      workDone(desk)
      await monthsOf(desk, 'Pratiche')
      await desk.page.getByRole('row', { name: /episodi risolti/ }).waitFor()
    },
  },
  {
    page: '/contracts/…/friction',
    task: 'finds where the rules are in the way of the work',
    roles: READERS,
    steps: async (desk) => {
      workDone(desk)
      await monthsOf(desk, 'Attriti')
      await desk.page.getByRole('row', { name: /Stato della verifica antimafia/ }).waitFor()
    },
  },
  {
    page: '/policies/shadow',
    task: 'tries a version on what is really asked, reads what differs, and ends the trial',
    roles: ['dpo', 'administrator'],
    steps: async (desk) => {
      const { page, served, turn } = desk
      const bundle = await served.deps.bundle()
      const document = structuredClone(bundle.document)
      for (const rule of document.access) rule.because = `${rule.because} (prova ${turn})`
      const candidate = await served.policies.put(document, 'ADM-9')
      await open(desk, `/policies/versions/${candidate}`)
      await twice(desk, 'Prova dal vivo', 'La versione è in prova dal vivo')
      const kind = { role: 'contact-centre.operator', contract: 'aurora-2026', purpose: null, action: 'read' }
      const run = await served.shadow.lastRun()
      await served.shadow.add(run?.number ?? 0, {
        ...{ active: bundle.version, candidate, asked: 120, differing: 7, left: 0, failed: 0 },
        recordsNotCompared: 0,
        differences: [{ ...kind, resource: 'invoice', active: 'permit', candidate: 'deny', count: 7 }],
      })
      await open(desk, '/policies/shadow')
      await page.getByText('7 risposte diverse su 120').waitFor()
      await twice(desk, 'Ferma la prova', 'Finita')
    },
  },
  {
    page: '/policies',
    task: 'reads the rules in force, and whether the golden cases agree',
    roles: ['dpo', 'administrator', 'auditor'],
    steps: async (desk) => {
      await open(desk, '/me')
      await desk.page.getByRole('link', { name: 'Regole', exact: true }).click()
      await desk.page.getByText('Casi di prova', { exact: true }).waitFor()
      await desk.page.locator('.rule-cards').first().waitFor()
    },
  },
  {
    page: '/retention/plans/…/certificate',
    task: 'reads what was destroyed, and takes it along signed',
    roles: ['dpo', 'administrator', 'auditor', 'approver'],
    steps: async (desk) => {
      const { page, served } = desk
      const plan = await planRetention(served.retention.desk, { by: asId('gse-maker') })
      await certified(served, plan)
      await open(desk, `/retention/plans/${plan.id}`)
      await page.getByRole('link', { name: 'Apri il certificato' }).click()
      await page.getByRole('row', { name: /Art. 2220 c.c./ }).waitFor()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page
          .getByRole('link', { name: /certificat/i })
          .last()
          .click(),
      ])
      same(download.suggestedFilename(), /\.jws$/)
    },
  },
  {
    page: '/requests/calendar',
    task: 'sees on which day an answer is due, and opens the request',
    roles: ['dpo'],
    steps: async (desk) => {
      const { page, served } = desk
      const { id } = await served.deps.requests.desk.receive({
        ...{ right: 'access', receivedAt: served.clock.now(), channel: 'post', by: 'gse-dpo-9' },
        ...{ identifier: 'RSSMRA80A01H501U', replyTo: null },
      })
      await open(desk, '/requests')
      await page.getByRole('link', { name: 'Calendario', exact: true }).click()
      await page.getByRole('link', { name: /successivo/ }).click()
      await page.locator(`a[href="/requests/${id}"]:visible`).first().click()
      await page.getByText('RSSMRA80A01H501U').first().waitFor()
    },
  },
  {
    page: '/requests/all',
    task: 'finds a request that has its outcome',
    roles: ['dpo'],
    steps: async (desk) => {
      const { page, served } = desk
      const requests = served.deps.requests.desk
      const { id } = await requests.receive({
        ...{ right: 'access', receivedAt: served.clock.now(), channel: 'post', by: 'gse-dpo-9' },
        ...{ identifier: 'RSSMRA80A01H501U', replyTo: null },
      })
      await requests.withdraw(id, 'gse-dpo-9')
      await open(desk, '/requests')
      same(String(await page.getByRole('link', { name: id, exact: true }).count()), /^0$/)
      await page.getByRole('link', { name: 'Tutte', exact: true }).click()
      await page.getByRole('link', { name: id, exact: true }).click()
      await page.getByText('Ritirata').first().waitFor()
    },
  },
]

/** From the contract's page to one of its figures, for the months that there is something of. */
async function monthsOf(desk: Desk, section: string): Promise<void> {
  const { page } = desk
  await open(desk, CONTRACT)
  await page.getByRole('link', { name: section, exact: true }).click()
  await page.getByLabel('Da', { exact: true }).fill('2026-09')
  await page.getByLabel('A', { exact: true }).fill('2026-10')
  await page.getByRole('button', { name: 'Mostra', exact: true }).click()
  await page.waitForURL(/from=2026-09/)
}

/** What the watch counted of two months, some of it beyond the annex. */
function workDone({ served: { figures, clock } }: Desk): void {
  const now = clock.now()
  const of = (value: string, month: string, accesses: number) => ({
    ...{ month, value, accesses, dimension: 'purpose' as const, decision: 'permit' as const, workers: 40 },
    ...{ firstAt: now, fifthAt: now, evidence: ['console-1.1.0'] },
  })
  figures.workOf.set(
    'aurora-2026',
    ['2026-09', '2026-10'].flatMap((month) => [
      of('invoice-enquiry', month, 1_200),
      of('antimafia-assessment', month, 90),
    ]),
  )
  figures.refusalsOf.set('aurora-2026', [
    {
      ...{ month: '2026-10', purpose: 'antimafia-status', resource: 'antimafia_check', reason: 'no-grant' },
      ...{ field: 'outcome', refusals: 40, granted: 31, minutes: 620, workers: 9, grantedWorkers: 8 },
    },
  ])
  const openedAt = Number(now) - 60 * 86_400_000_000
  figures.ticketsOf.set('aurora-2026', [
    {
      ...{ id: 'T-1', dataSubject: 'k', purpose: 'invoice-enquiry', reopened: 0, price: 7.4 },
      ...{ openedAt, closedAt: openedAt + 600_000_000 },
    },
  ])
}
