import { asId } from '@varco/core'
import { commitOf, findingOf } from '@varco/oversight/testing'
import { compileBundle } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import {
  approvePlan,
  placeHold,
  planRetention,
  restrictOnRequest,
  type RetentionPlan,
} from '@varco/retention'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certified } from '../../packages/console/tests/support/certified.ts'
import { addEventRule } from '../../packages/console/tests/support/event-rule.ts'
import { faultsOf, inBrowser } from './browser.ts'
import { runConsole, type ServedConsole } from './running-console.ts'

const PHONE = { viewport: { width: 390, height: 844 } } as const
const DESKTOP = { viewport: { width: 1280, height: 900 } } as const
const LONG = 'parola-lunghissima-senza-spazi-'.repeat(12)

let served: ServedConsole

beforeAll(async () => {
  const document = fixtureDocument()
  addEventRule(document)
  // As in a picture of the README.
  document.varco.roles['administrator'] = {
    title: { it: 'Amministratore delle regole', en: 'Administrator' },
  }
  served = await runConsole({}, compileBundle(document))
  served.retention.due.push(
    { key: '1', trigger: '2010-01-02', dataSubject: 'P-1' },
    { key: '2', trigger: '2010-01-03', dataSubject: 'P-2' },
  )
})

afterAll(async () => {
  await served[Symbol.asyncDispose]()
})

/** Signs in and proves anew who it is, as before a sensitive act. */
async function proved(page: Page, sub: string, home = '/'): Promise<void> {
  await served.signIn(page, sub, 'Una Persona', home)
  await page.goto(`${served.url}/login/again/start?to=%2Fme`)
  await page.waitForURL(`${served.url}/me`)
}

function planMade(): Promise<RetentionPlan> {
  return planRetention(served.retention.desk, { by: asId('gse-administrator-1') })
}

async function received(): Promise<string> {
  const request = await served.deps.requests.desk.receive({
    right: 'access',
    receivedAt: served.clock.now() - 20n * 86_400_000_000n,
    channel: 'certified-email',
    identifier: 'RSSMRA80A01H501U',
    replyTo: 'rossi@posta.example',
    by: 'gse-dpo-1',
  })
  return request.id
}

async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate<string>('(document.activeElement?.textContent ?? "").trim()')
    if (here === wanted) return
  }
  throw new Error(`nothing called ${wanted} takes the focus`)
}

test('with the keyboard alone a retention plan is agreed to by its owner, then by the DPO', async () => {
  const plan = await planMade()
  const complaints: string[] = []
  for (const [sub, home] of [
    ['approver-1', '/retention'],
    ['dpo-1', '/'],
  ] as const) {
    complaints.push(
      ...(await inBrowser(DESKTOP, async (page) => {
        await served.signIn(page, sub, 'Una Persona', home)
        await page.goto(`${served.url}/retention`)
        await tabTo(page, plan.id)
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { name: 'Accordi', exact: true }).waitFor()
        await tabTo(page, 'Acconsenti al piano')
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { name: 'Conferma che sei tu' }).waitFor()
        await tabTo(page, 'Conferma con le credenziali')
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { name: 'Accordi', exact: true }).waitFor()
        await tabTo(page, 'Acconsenti al piano')
        await page.keyboard.press('Enter')
        await page.getByText('non è ancora successo nulla').waitFor()
        await tabTo(page, 'Acconsenti al piano')
        await page.keyboard.press('Enter')
        await page.getByText('Fatto.').waitFor()
      })),
    )
  }
  expect(complaints).toEqual([])
  expect(served.retention.plans.get(plan.id)?.approvals.map(({ as, by }) => [as, by])).toEqual([
    ['owner', 'gse-approver-1'],
    ['dpo', 'gse-dpo-1'],
  ])
})

test('while a rule is written its preview follows; a draft is saved', async () => {
  const complaints = await inBrowser(DESKTOP, async (page) => {
    await served.signIn(page, 'administrator-1', 'Una Persona', '/contracts')
    await page.goto(`${served.url}/retention/rules`)
    await page.getByRole('link', { name: /^Modifica.*Dieci anni/ }).click()
    await page
      .getByText(/^2 \(fino al .* 2016/)
      .nth(1)
      .waitFor()
    await page.getByLabel('Durata').fill('P30Y')
    await page.getByLabel('Titolo in italiano').focus()
    await page.getByText(/^0 \(fino al .* 1996/).waitFor()
    await page.getByRole('button', { name: 'Salva la bozza' }).click()
    await page.getByText('non è ancora successo nulla').waitFor()
    await page.getByRole('button', { name: 'Salva la bozza' }).click()
    await page.getByText('entra in vigore quando una seconda persona').waitFor()
  })
  expect(complaints).toEqual([])
  expect(await served.retention.policies.list()).toHaveLength(1)
})

test('the progress of a run comes by itself, also while it is ended early, to its end', async () => {
  const plan = await planMade()
  const running = { ...plan, state: 'running' as const, startedAt: served.clock.now() }
  served.retention.plans.set(plan.id, running)
  const none = {
    held: 0,
    referenced: 0,
    notDue: 0,
    busy: 0,
    gone: 0,
    identifiable: 0,
    foundAgain: 0,
    notReached: 0,
    upstream: 0,
  }
  const settle = (done: number): void => {
    served.retention.totals.set(plan.id, new Map([['invoices-ten-years', { ...none, done }]]))
  }
  settle(0)
  const complaints = await inBrowser(DESKTOP, async (page) => {
    await served.signIn(page)
    await page.goto(`${served.url}/retention/plans/${plan.id}`)
    await page.getByText('0 record su 2').waitFor()
    settle(1)
    await page.getByText('1 record su 2').waitFor()
    let loads = 0
    page.on('framenavigated', () => {
      loads += 1
    })
    served.retention.plans.set(plan.id, { ...running, state: 'ending' })
    await page.getByText('In chiusura').waitFor()
    settle(2)
    await page.getByText('2 record su 2').waitFor()
    served.retention.plans.set(plan.id, { ...running, state: 'done', endedAt: served.clock.now() })
    await page.getByRole('link', { name: 'Apri il certificato' }).waitFor()
    // Once into each state, and not again while it lasts.
    expect(loads).toBe(2)
  })
  expect(complaints).toEqual([])
})

type Visit = (name: string, path: string) => Promise<void>
type Look = (name: string) => Promise<void>

describe.each([
  ['desktop', DESKTOP],
  ['phone', PHONE],
] as const)(
  'what others have done, and what is wrong with a form, is accessible and fits: %s',
  (size, options) => {
    /** What is wrong with the pages somebody goes through, having proved who they are. */
    async function wrongOn(
      work: (page: Page, look: Look, visit: Visit) => Promise<void>,
      [sub, home] = ['dpo-1', '/'],
    ): Promise<string[]> {
      const faults: string[] = []
      const complaints = await inBrowser(options, async (page) => {
        // What is accessible on the wider page is on the narrower, but for what the width itself changes.
        const look: Look = async (name) => {
          faults.push(...(await faultsOf(page, `${size}-${name}`, size === 'desktop')))
        }
        await proved(page, sub, home)
        await work(page, look, async (name, path) => {
          await page.goto(served.url + path)
          await look(name)
        })
      })
      return [...faults, ...complaints]
    }

    test('retention: plans in each state, a rule that cannot be, a record that is none', async () => {
      const plan = await planMade()
      const { id: running } = await planMade()
      await certified(served, await planMade(), LONG)
      const now = served.clock.now()
      served.retention.plans.set(running, { ...plan, id: running, state: 'running', startedAt: now })
      const wrong = await wrongOn(async (page, look, visit) => {
        await visit('retention', '/retention')
        await page.goto(`${served.url}/retention/rules/invoices-ten-years`)
        await page.getByLabel('Durata').fill('dieci anni')
        await page.getByRole('button', { name: 'Aggiorna l’anteprima' }).click()
        await look('retention-rule-wrong')
        await visit('retention-running', `/retention/plans/${running}`)
        await page.goto(`${served.url}/retention/holds`)
        await page.getByLabel('Chiave del record').fill('not-a-number')
        await page.getByLabel('Pratica o numero').fill('RG 12/2026')
        await page.getByLabel('Motivo').fill(LONG)
        await page.getByRole('button', { name: 'Poni il blocco' }).click()
        await page.getByRole('button', { name: 'Poni il blocco' }).click()
        await look('retention-holds-refused')
        await page.goto(`${served.url}/language/en?to=%2Fretention`)
        await look('retention-english')
      })
      expect(wrong).toEqual([])
    })

    test('holds that another person reviews', async () => {
      const { desk } = served.retention
      await placeHold(desk, {
        scope: { kind: 'record', resource: 'invoice', record: `${size.length}` },
        ...{ case: LONG.slice(0, 90), reason: LONG, by: asId('gse-dpo-2') },
        reviewAt: served.clock.now() - 1n,
      })
      const wrong = await wrongOn(
        async (page, look) => {
          await page.goto(`${served.url}/retention/holds`)
          const hold = page.locator('section.own-alert', { hasText: LONG.slice(0, 90) }).last()
          await hold.getByLabel('Da riesaminare di nuovo il').fill('2026-01-01')
          await hold.getByLabel('Perché resta').fill(LONG)
          await hold.getByRole('button', { name: 'Mantieni il blocco' }).click()
          await look('hold-review-wrong')
        },
        ['administrator-1', '/contracts'],
      )
      expect(wrong).toEqual([])
    })

    test('restrictions that a request asked for', async () => {
      await restrictOnRequest(served.retention.desk, {
        ...{ request: `RQ-2026-00000${size.length}`, dataSubject: { kind: 'producer', id: 'P-1' } },
        ...{ reason: 'esattezza contestata, lettera a', by: asId('gse-dpo-2') },
      })
      expect(
        await wrongOn((_page, _look, visit) => visit('restrictions', '/retention/restrictions')),
      ).toEqual([])
    })

    test('an outside authority’s leave for a part', async () => {
      const plan = await planMade()
      served.retention.plans.set(plan.id, { ...plan, approval: 'authority' })
      for (const as of ['owner', 'dpo'] as const)
        await approvePlan(served.retention.desk, { plan: plan.id, as, by: asId(`gse-${as}-9`) })
      // Somebody else made the plan than who records what the authority said.
      const asked = served.retention.plans.get(plan.id) ?? plan
      served.retention.plans.set(plan.id, { ...asked, plannedBy: asId('gse-dpo-3') })
      const path = `/retention/plans/${plan.id}`
      const wrong = await wrongOn(
        async (page, look, visit) => {
          await visit('plan-authority', path)
          await page.goto(`${served.url}${path}/letter`)
          await page.getByLabel('Numero di protocollo').fill(LONG.slice(0, 100))
          const buffer = Buffer.from('rule,key\ninvoices-ten-years,1\n')
          await page
            .getByLabel('L’elenco autorizzato')
            .setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer })
          await page.getByRole('button', { name: 'Leggi l’elenco' }).click()
          await page.getByRole('button', { name: 'Registra l’autorizzazione in parte' }).click()
          await look('plan-part')
        },
        ['administrator-1', '/contracts'],
      )
      expect(wrong).toEqual([])
    })

    test('what waits, an alert about oneself, a request near its end', async () => {
      const now = served.clock.now()
      const times = { firstAt: now - 7_200_000_000n, lastAt: now - 3_600_000_000n }
      const finding = findingOf({ ...times, key: `self|${size}`, operator: 'gse-dpo-1', contract: null })
      await served.oversight.commit(commitOf({ base: size === 'desktop' ? 0 : 1, findings: [finding], now }))
      const request = await received()
      const wrong = await wrongOn(async (_page, _look, visit) => {
        await visit('me-alerts', '/me/alerts')
        await visit('request', `/requests/${request}`)
        await visit('requests', '/requests')
        await visit('today-waiting', '/')
      })
      expect(wrong).toEqual([])
    })
  },
)
