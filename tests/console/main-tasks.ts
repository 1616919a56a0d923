import {
  asId,
  type ContractId,
  type GrantId,
  type ProcessorId,
  type Pseudonym,
  type PurposeId,
  type TicketId,
} from '@varco/core'
import type { Grant } from '@varco/engagement'
import { grantFact, ticketFact } from '@varco/engagement/testing'
import { commitOf, findingOf } from '@varco/oversight/testing'
import { makeProcessingRegister, renderJson } from '@varco/reports'
import { approvePlan, placeHold, planRetention, restrictRecords, type RetentionPlan } from '@varco/retention'
import { confirm, downloads, open, ROLES, same, twice, type Desk, type MainTask } from './desk.ts'
import { OWN_TASKS } from './own-tasks.ts'
import { READING_TASKS } from './reading-tasks.ts'
import type { ServedConsole } from './running-console.ts'

const SIGNED_IN = ROLES.filter((role) => role !== 'nobody')

export const MAIN_TASKS: readonly MainTask[] = [
  ...READING_TASKS,
  ...OWN_TASKS,
  {
    page: '/',
    task: 'goes from what waits to where it is done',
    roles: ['dpo'],
    steps: async (desk) => {
      await alertOf(desk, 'aur-somebody')
      await open(desk, '/')
      await desk.page.getByRole('link', { name: /da chiarire/ }).click()
      await desk.page.getByRole('heading', { name: 'Segnalazioni', exact: true }).waitFor()
    },
  },
  {
    page: '/log',
    task: 'narrows the log to refusals and sees the proof of one',
    roles: ['dpo'],
    steps: async (desk) => {
      const { page } = desk
      await open(desk, '/log')
      // Folded away on a telephone where a script can bring them back.
      if (!(await page.getByLabel('Esito').isVisible())) await page.locator('.filters summary').click()
      await page.getByLabel('Esito').selectOption('Negato')
      await page.getByRole('button', { name: 'Applica i filtri' }).click()
      await page.waitForURL(/decision=deny/)
      await page.locator('.events .when a').first().click()
      await page.getByText('Verificata ora, davanti a te').waitFor()
    },
  },
  {
    page: '/log/export',
    task: 'takes the refusals out as a file',
    roles: ['dpo'],
    steps: async (desk) => {
      await open(desk, '/log/export?decision=deny')
      await desk.page.getByLabel('Motivo').fill('Verifica annuale dei registri')
      await desk.page.getByRole('button', { name: 'Esporta il file' }).click()
      await downloads(desk, 'Esporta il file', /^varco-log-.*\.csv$/)
    },
  },
  {
    page: '/data-subjects',
    task: 'finds who looked at a person’s data, for a case',
    roles: ['dpo'],
    steps: async (desk) => {
      const { page } = desk
      await open(desk, '/data-subjects')
      await page.getByLabel('Cerca con').selectOption('Produttore · Codice fiscale')
      await page.getByLabel('Identificativo').fill('RSSMRA80A01H501U')
      await page.getByLabel('Riferimento della pratica').fill('RPD-2026-7')
      await page.getByRole('button', { name: 'Cerca gli accessi' }).click()
      await page.getByRole('heading', { name: 'Chi ha guardato' }).waitFor()
    },
  },
  {
    page: '/alerts/…',
    task: 'says that there was a reason',
    roles: ['dpo'],
    steps: async (desk) => {
      await open(desk, `/alerts/${await alertOf(desk, 'aur-somebody')}`)
      await desk.page.getByLabel('Quale ragione c’era').fill('era la sua pratica, assegnata ieri')
      await twice(desk, 'C’era una ragione', 'La segnalazione è spiegata.')
    },
  },
  {
    page: '/alerts',
    task: 'reads the facts of an alert',
    roles: ['auditor'],
    steps: async (desk) => {
      const id = await alertOf(desk, 'aur-somebody')
      await open(desk, '/alerts')
      await desk.page.locator(`a[href="/alerts/${id}"]`).first().click()
      await desk.page.getByRole('heading', { name: 'I fatti' }).waitFor()
    },
  },
  {
    page: '/alerts/…',
    task: 'asks for an identity to be opened',
    roles: ['dpo'],
    steps: async (desk) => {
      const { page } = desk
      await open(desk, `/alerts/${await alertOf(desk, await sealedOperator(desk))}`)
      await page.getByLabel('Riferimento della pratica').fill('RPD-2026-14')
      await page.getByLabel('Perché serve sapere chi è').fill('la violazione è confermata')
      await twice(desk, 'Chiedi di aprire l’identità', 'La richiesta aspetta una seconda persona.')
    },
  },
  {
    page: '/alerts/openings',
    task: 'opens an identity as the second person, asked for by command',
    roles: ['dpo', 'auditor'],
    steps: async (desk) => {
      const { page, served } = desk
      const pseudonym = await sealedOperator(desk)
      const reason = 'accessi dopo la fine del contratto'
      await served.vault.request({ pseudonym, caseId: 'RG 12/2026', reason, by: 'DPO-9' })
      await open(desk, '/alerts')
      await page.getByRole('link', { name: /^Aperture di identità/ }).click()
      await page.getByRole('link', { name: pseudonym }).click()
      await page.getByText('Nessuna segnalazione riguarda questo pseudonimo').waitFor()
      await twice(desk, 'Apri l’identità', 'la pagina non la mostrerà un’altra volta')
    },
  },
  {
    page: '/grants/new',
    task: 'asks for one file, from the link of a refusal',
    roles: ['operator'],
    steps: askFor,
  },
  {
    page: '/grants/…',
    task: 'approves for minutes',
    roles: ['approver'],
    steps: async (desk) => {
      const grant = await grantAsked(desk)
      await open(desk, `/grants/${grant}`)
      await desk.page.getByLabel('Per quanti minuti').fill('10')
      await twice(desk, 'Approva', 'l’accesso è aperto da ora')
    },
  },
  {
    page: '/grants',
    task: 'reviews an access taken in an emergency',
    roles: ['approver'],
    steps: async (desk) => {
      const { page, served } = desk
      const now = served.clock.now()
      const emergency = { reviewDue: now + 86_400_000_000n, review: null }
      const grant = await grantAsked(desk, { state: 'approved', expiresAt: now + 1n, emergency })
      await open(desk, '/grants?view=reviews')
      await page.getByRole('link', { name: grant, exact: true }).click()
      await page.getByLabel('Sì, l’accesso era giustificato').check()
      await page.getByLabel('Che cosa hai verificato').fill('chiamata registrata, urgenza vera')
      await twice(desk, 'Registra il riesame', 'Il riesame è registrato')
    },
  },
  {
    page: '/grants',
    task: 'follows what any unit was asked',
    roles: ['dpo'],
    steps: async (desk) => {
      const grant = await grantAsked(desk)
      await open(desk, '/grants?view=all')
      await desk.page.getByRole('link', { name: grant, exact: true }).click()
      await desk.page.getByText('chi chiama chiede il giorno').waitFor()
    },
  },
  {
    page: '/contracts/…',
    task: 'reads what a contract entrusts',
    roles: ['dpo', 'administrator', 'auditor'],
    steps: async (desk) => {
      await open(desk, '/contracts')
      await desk.page.locator('a[href="/contracts/aurora-2026"]').first().click()
      await desk.page.getByRole('heading', { name: /^Allegato/ }).waitFor()
    },
  },
  {
    page: '/contracts/…/life',
    task: 'gives notice',
    roles: ['manager'],
    steps: async (desk) => {
      await contractInForce(desk)
      await open(desk, '/contracts/aurora-2026/life')
      await desk.page.locator('#give-notice-reason').fill('la gara è aggiudicata ad altri')
      await twice(desk, 'Dai il preavviso', 'Il passo è fatto.')
    },
  },
  {
    page: '/policies/matrix',
    task: 'sees what a role sees of an invoice',
    roles: ['dpo', 'administrator', 'auditor'],
    steps: async (desk) => {
      await open(desk, '/policies/matrix')
      await desk.page.getByLabel('Dati', { exact: true }).selectOption('Fattura')
      await desk.page.getByRole('button', { name: 'Mostra' }).click()
      await desk.page.locator('table.matrix caption').waitFor()
    },
  },
  {
    page: '/policies/simulator',
    task: 'tries what somebody would see, and why',
    roles: ['dpo', 'administrator', 'auditor'],
    steps: async (desk) => {
      await open(desk, '/policies/simulator')
      await desk.page.getByLabel('Dati', { exact: true }).selectOption('Fattura')
      await desk.page.getByRole('button', { name: 'Prova', exact: true }).click()
      await desk.page.locator('.outcome').first().waitFor()
    },
  },
  {
    page: '/policies/versions/…',
    task: 'puts in force what another person wrote',
    roles: ['dpo', 'administrator'],
    steps: async (desk) => {
      const { policies, deps } = desk.served
      const document = structuredClone((await deps.bundle()).document)
      for (const rule of document.access) rule.because = `${rule.because} (${desk.turn})`
      const version = await policies.put(document, 'ADM-9')
      await open(desk, '/policies/versions')
      await desk.page.locator(`a[href="/policies/versions/${version}"]`).first().click()
      await twice(desk, 'Metti in vigore', 'La versione è in vigore.')
    },
  },
  {
    page: '/retention',
    task: 'makes a plan of what is due',
    roles: ['dpo', 'administrator'],
    steps: async (desk) => {
      await open(desk, '/retention')
      await twice(desk, 'Fai il piano', 'Il piano è stato fatto.')
    },
  },
  {
    page: '/retention/plans/…',
    task: 'agrees to a plan for its unit',
    roles: ['approver'],
    steps: async (desk) => {
      await open(desk, `/retention/plans/${(await planMade(desk)).id}`)
      await twice(desk, 'Acconsenti al piano', 'Fatto.')
    },
  },
  {
    page: '/retention/plans/…',
    task: 'takes the minutes of what was agreed to',
    roles: ['auditor', 'approver'],
    steps: async (desk) => {
      await open(desk, `/retention/plans/${(await planForAuthority(desk)).id}`)
      const [download] = await Promise.all([
        desk.page.waitForEvent('download'),
        desk.page.getByRole('link', { name: 'Scarica il verbale' }).click(),
      ])
      same(download.suggestedFilename(), /^verbale-di-scarto-.*\.pdf$/)
    },
  },
  {
    page: '/retention/plans/…',
    task: 'takes out the list for the authority',
    roles: ['dpo', 'administrator'],
    steps: async (desk) => {
      await open(desk, `/retention/plans/${(await planForAuthority(desk)).id}`)
      await desk.page.getByRole('button', { name: 'Scarica l’elenco' }).click()
      await downloads(desk, 'Scarica l’elenco', /^elenco-di-scarto-.*\.csv$/)
    },
  },
  {
    page: '/retention/plans/…/letter',
    task: 'records the authority’s leave for a part',
    roles: ['administrator'],
    steps: async (desk) => {
      const { page } = desk
      await open(desk, `/retention/plans/${(await planForAuthority(desk)).id}`)
      await page.getByRole('link', { name: 'L’autorità acconsente solo a una parte' }).click()
      await page.getByLabel('Numero di protocollo').fill('prot. 7/2026')
      const buffer = Buffer.from('rule,key\ninvoices-ten-years,1\n')
      await page
        .getByLabel('L’elenco autorizzato')
        .setInputFiles({ name: 'l.csv', mimeType: 'text/csv', buffer })
      await page.getByRole('button', { name: 'Leggi l’elenco' }).click()
      await page.getByText('1 record autorizzati su 2').waitFor()
      await page.getByRole('button', { name: 'Registra l’autorizzazione in parte' }).click()
      await page.getByText('L’autorizzazione in parte è registrata.').waitFor()
    },
  },
  {
    page: '/retention/rules/…',
    task: 'changes a rule as a draft',
    roles: ['dpo', 'administrator'],
    steps: async (desk) => {
      await open(desk, '/retention/rules')
      await desk.page.getByRole('link', { name: /^Modifica.*Dieci anni/ }).click()
      await desk.page.getByLabel('Durata').fill(`P${desk.turn + 11}Y`)
      await desk.page.getByText('Termini di altre norme').click()
      await desk.page.getByLabel('Il record resta almeno per').fill('P5Y')
      await desk.page.getByLabel('La norma che lo impone').fill('Codice civile, art. 2948')
      await twice(desk, 'Salva la bozza', 'entra in vigore quando una seconda persona')
    },
  },
  {
    page: '/retention/new-rule',
    task: 'adds a rule as a draft',
    roles: ['dpo', 'administrator'],
    steps: async (desk) => {
      const { page } = desk
      await open(desk, '/retention/rules')
      await page.getByRole('link', { name: 'Nuova regola' }).click()
      await page.getByLabel('Dati').selectOption('Verifica antimafia')
      await page.getByRole('button', { name: 'Prosegui' }).click()
      await page.getByLabel('Nome della regola nelle politiche').fill(`verifiche-${desk.turn}`)
      await page.getByLabel('Titolo in italiano').fill('Verifiche dopo otto anni')
      await page.getByLabel('Titolo in inglese').fill('Checks after eight years')
      await page.getByLabel('Durata').fill('P8Y')
      await page.getByLabel('In base a').fill('Art. 5, par. 1, lett. e, GDPR')
      await twice(desk, 'Salva la bozza', 'entra in vigore quando una seconda persona')
    },
  },
  {
    page: '/retention/events',
    task: 'tells what happened to a record',
    roles: ['administrator', 'approver'],
    steps: async (desk) => {
      const { page } = desk
      await open(desk, '/retention/events')
      await page
        .getByLabel('Evento', { exact: true })
        .selectOption('Verifica antimafia: chiusura del fascicolo')
      await page.getByLabel('Chiave del record').fill('2')
      // Its term runs on: no plan of another task takes it.
      await page.getByLabel('Giorno in cui è avvenuto').fill('2026-11-02')
      await twice(desk, 'Comunica l’evento', 'L’evento è annotato.')
    },
  },
  {
    page: '/retention/holds',
    task: 'places a hold on a record',
    roles: ['dpo', 'administrator'],
    steps: async (desk) => {
      await open(desk, '/retention/holds')
      await desk.page.getByLabel('Chiave del record').fill(String(desk.turn))
      await desk.page.getByLabel('Pratica o numero').fill('RG 12/2026')
      await desk.page.getByLabel('Motivo', { exact: true }).fill('causa pendente davanti al tribunale')
      await twice(desk, 'Poni il blocco', 'Il blocco è in vigore.')
    },
  },
  {
    page: '/retention/holds',
    task: 'keeps on a hold that another person placed',
    roles: ['dpo', 'administrator'],
    steps: async (desk) => {
      const { page, served, turn } = desk
      const { store } = served.retention.desk
      for (const hold of await store.holds())
        await store.releaseHold({ ...hold, releasedBy: asId('x'), releasedAt: 0n })
      await placeHold(served.retention.desk, {
        scope: { kind: 'record', resource: 'invoice', record: String(turn) },
        ...{ case: 'RG 9/2026', reason: 'causa pendente in appello', by: asId('gse-dpo-2') },
        reviewAt: served.clock.now() - 1n,
      })
      await open(desk, '/retention/holds')
      await page.getByText('Riesame scaduto').waitFor()
      await page.getByLabel('Da riesaminare di nuovo il').fill('2027-06-30')
      await page.getByLabel('Perché resta').fill('l’appello è ancora pendente')
      await twice(desk, 'Mantieni il blocco', 'Il blocco è mantenuto.')
    },
  },
  {
    page: '/retention/restrictions',
    task: 'restricts a person’s records',
    roles: ['dpo'],
    steps: async (desk) => {
      await open(desk, '/retention/restrictions')
      await desk.page.getByLabel('Che cosa', { exact: true }).selectOption('Un interessato: Produttore')
      await desk.page.getByLabel('Chiave del record').fill(`P-${desk.turn}`)
      await desk.page.getByLabel('Motivo').fill('esattezza contestata, lettera a')
      await twice(desk, 'Poni la limitazione', 'La limitazione è in vigore.')
    },
  },
  {
    page: '/retention/restrictions',
    task: 'lifts what another person restricted',
    roles: ['dpo', 'administrator'],
    steps: async (desk) => {
      const { desk: retention } = desk.served.retention
      for (const { id } of await retention.restrictions.restrictions())
        await retention.restrictions.liftRestriction({
          ...{ id, scope: { kind: 'record', resource: 'invoice', record: '1' } },
          ...{
            reason: '',
            request: null,
            placedBy: asId('x'),
            placedAt: 0n,
            liftedBy: asId('x'),
            liftedAt: 0n,
          },
        })
      await restrictRecords(retention, {
        scope: { kind: 'record', resource: 'invoice', record: String(desk.turn) },
        ...{ reason: 'contestata dal cliente', by: asId('gse-dpo-2') },
      })
      await open(desk, '/retention/restrictions')
      await twice(desk, 'Togli la limitazione', 'La limitazione è stata tolta.')
    },
  },
  {
    page: '/requests/new',
    task: 'takes a request in and answers it',
    roles: ['dpo'],
    steps: async (desk) => {
      const { page } = desk
      await open(desk, '/requests')
      await page.getByRole('link', { name: 'Registra una richiesta' }).click()
      await page.getByLabel('Arrivata il').fill('2026-11-20')
      await page.getByLabel('Identificativo indicato').fill('RSSMRA80A01H501U')
      await twice(desk, 'Registra la richiesta', 'La richiesta è stata registrata.')
      await page.getByText('Mancano 27 giorni').waitFor()
      await twice(desk, 'Conferma l’identità', 'confermata')
      await page.getByLabel('Impronta SHA-256').fill('ab'.repeat(32))
      await twice(desk, 'Chiudi con la risposta', 'Risposta data')
    },
  },
  {
    page: '/requests/…',
    task: 'restricts the records of who asked',
    roles: ['dpo'],
    steps: async (desk) => {
      const { page, served } = desk
      const { id } = await served.deps.requests.desk.receive({
        ...{ right: 'restriction', receivedAt: served.clock.now(), channel: 'post', by: 'gse-dpo-9' },
        ...{ identifier: 'RSSMRA80A01H501U', replyTo: null },
      })
      await served.deps.requests.desk.settleIdentity(id, true, 'gse-dpo-9')
      await open(desk, '/requests')
      await page.getByRole('link', { name: id, exact: true }).click()
      await page.locator('#restrict-reason').fill('esattezza contestata, lettera a')
      await twice(desk, 'Limita i record', 'I record dell’interessato sono limitati.')
    },
  },
  {
    page: '/requests/notices',
    task: 'notes that a recipient was told',
    roles: ['dpo'],
    steps: async (desk) => {
      const { page, served, turn } = desk
      await served.retention.desk.notices.queue([
        {
          id: `RQ-2026-000017/erasure/aurora-2026/producer-${turn}`,
          ...{ request: 'RQ-2026-000017', act: 'erasure', settled: null, queuedAt: served.clock.now() },
          ...{ processor: asId('aurora'), contract: asId('aurora-2026'), copies: ['console-1.1.9'] },
          ...{ resources: ['invoice'], dataSubject: { kind: 'producer', id: 'P-17' } },
        },
      ])
      await open(desk, '/requests/notices')
      await page
        .getByRole('link', { name: /^Aurora/ })
        .first()
        .click()
      await page.getByText('Produttore · P-17').waitFor()
      await page.getByLabel('È stato informato').check()
      await page.getByLabel('Come, e con quale atto').fill('prot. 812/2026, PEC')
      await twice(desk, 'Annota l’esito', 'L’esito è annotato.')
    },
  },
  {
    page: '/reports/register',
    task: 'makes the register of processing',
    roles: ['dpo', 'manager', 'auditor'],
    steps: async (desk) => {
      await open(desk, '/reports/register')
      await desk.page.getByLabel('Formato').selectOption('json')
      await desk.page.getByRole('button', { name: 'Prepara il documento' }).click()
      await downloads(desk, 'Prepara il documento', /^varco-register-.*\.json$/)
    },
  },
  {
    page: '/me',
    task: 'sees what the log keeps of them',
    roles: SIGNED_IN,
    steps: async (desk) => {
      await open(desk, '/me')
      await desk.page.getByRole('heading', { name: 'I miei accessi', exact: true }).waitFor()
      await desk.page.getByText('pseudonimo').first().waitFor()
    },
  },
  {
    page: '/me/alerts',
    task: 'has their say on an alert about them',
    roles: ['operator'],
    steps: async (desk) => {
      const id = await alertOf(desk, 'AUR-anna')
      await open(desk, '/me/alerts')
      await desk.page.locator(`#text-${id}`).fill('era la pratica che avevo in carico')
      await desk.page
        .locator('article', { has: desk.page.locator(`#text-${id}`) })
        .getByRole('button')
        .click()
      await confirm(desk, 'Aggiungi alla segnalazione', 'Le tue parole sono state aggiunte')
    },
  },
  {
    page: '/verify',
    task: 'has a document checked without signing in',
    roles: ['nobody'],
    steps: async (desk) => {
      const { page, served } = desk
      const asOf = { bundle: await served.deps.bundle(), at: served.clock.now() }
      const deps = { log: served.log, reader: served.reader, requestId: () => 'r-1' }
      const report = await makeProcessingRegister(deps, { asOf, locale: 'it', requestedBy: 'RPD-1' })
      const buffer = Buffer.from(renderJson(report))
      await open(desk, '/verify')
      await page
        .getByLabel('Il documento ricevuto')
        .setInputFiles({ name: 'r.json', mimeType: 'application/json', buffer })
      await page.getByRole('button', { name: 'Verifica' }).click()
      await page.getByText('Il documento è quello registrato').waitFor()
    },
  },
  {
    page: '/language/…',
    task: 'reads the login in English',
    roles: ['nobody'],
    steps: async (desk) => {
      await open(desk, '/language/en?to=%2Flogin')
      await desk.page
        .getByRole('link', { name: /^Sign in with/ })
        .first()
        .waitFor()
      await open(desk, '/language/it?to=%2Flogin')
    },
  },
]

const LINK = '/grants/new?resource=antimafia_check&action=read&purpose=antimafia-status&ticket=T-main-task'

async function askFor(desk: Desk): Promise<void> {
  const { page, served, turn } = desk
  ticketOf(served)
  await open(desk, LINK)
  await page.getByLabel('Codice della scheda').fill(String(turn))
  await page.getByLabel('Perché ti serve').fill('chi chiama chiede il giorno della domanda')
  await page.getByRole('button', { name: 'Invia la richiesta' }).click()
  await page.getByText('La richiesta è stata inviata').waitFor()
}

/** An alert about somebody; its id. */
async function alertOf({ served, turn }: Desk, operator: string): Promise<string> {
  const finding = findingOf({ key: `main-task|${turn}`, operator, contract: 'aurora-2026' })
  const before = new Set((await served.oversight.alerts({ limit: 500 })).map(({ id }) => id))
  let base = 0
  while (
    (await served.oversight.commit(commitOf({ base, findings: [finding], now: served.clock.now() }))) !==
    'committed'
  )
    base++
  const made = (await served.oversight.alerts({ limit: 500 })).find(({ id }) => !before.has(id))
  if (made === undefined) throw new Error('no alert was raised')
  return made.id
}

/** A pseudonym whose identity is kept. */
function sealedOperator({ served, turn }: Desk): Promise<Pseudonym> {
  const identity = { issuer: 'https://login.aurora.example', externalId: `operator-${turn}` }
  return served.vault.enroll(identity, 'aurora-2026')
}

async function contractInForce({ served }: Desk): Promise<void> {
  const contract = asId<ContractId>('aurora-2026')
  const processor = asId<ProcessorId>('aurora')
  await served.grants.putContractState({ contract, processor, state: 'active', since: 0n })
}

/** What an operator asked for; its id. */
async function grantAsked({ served, turn }: Desk, over: Partial<Grant> = {}): Promise<string> {
  const ticket = ticketOf(served)
  const asked = grantFact({ id: asId<GrantId>(`G-main-${turn}`), askedAt: served.clock.now() })
  const reason = 'chi chiama chiede il giorno della domanda'
  await served.grants.addGrant({ ...asked, ...over, reason, matter: { ...asked.matter, ticket } })
  return asked.id
}

/** The ticket that grants are asked for. */
function ticketOf({ engagement }: ServedConsole): TicketId {
  const of = { contract: asId<ContractId>('aurora-2026'), purpose: asId<PurposeId>('antimafia-status') }
  const ticket = ticketFact({ ...of, id: asId('T-main-task'), dataSubject: 'P-1' })
  engagement.tickets.set(ticket.id, ticket)
  return ticket.id
}

function planMade({ served }: Desk): Promise<RetentionPlan> {
  return planRetention(served.retention.desk, { by: asId('gse-maker') })
}

/** A plan that its owner and the DPO agreed to, and whose list an authority is sent. */
async function planForAuthority(desk: Desk): Promise<RetentionPlan> {
  const { retention } = desk.served
  const plan = await planMade(desk)
  retention.plans.set(plan.id, { ...plan, approval: 'authority' })
  for (const as of ['owner', 'dpo'] as const)
    await approvePlan(retention.desk, { plan: plan.id, as, by: asId(`gse-${as}-9`) })
  return plan
}
