import { asId, UnavailableError } from '@varco/core'
import type { RetentionPlan } from '@varco/retention'
import { describe, expect, test } from 'vitest'
import { certified } from '../support/certified.ts'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import { person, type Person } from '../support/person.ts'
import { reassign } from '../support/reassign.ts'

/** A plan of two due invoices, made through the pages by an administrator. */
async function planned(console: OpenConsole): Promise<RetentionPlan> {
  console.retention.due.push(
    { key: '1', trigger: '2010-01-02', dataSubject: 'P-1' },
    { key: '2', trigger: '2010-01-03', dataSubject: 'P-2' },
  )
  const { visitor, csrf } = await person(console, 'administrator-1')
  await visitor.post('/retention/plans', { csrf, sure: 'yes' })
  const [plan] = [...console.retention.plans.values()]
  if (plan === undefined) throw new Error('no plan')
  return plan
}

const act = (
  { visitor, csrf }: Person,
  plan: RetentionPlan,
  name: string,
  form: Record<string, string> = {},
) => visitor.post(`/retention/plans/${plan.id}/${name}`, { csrf, hash: plan.hash, sure: 'yes', ...form })

test('a plan’s page says how many records an event would let go that the log does not bear out', async () => {
  await using console = await openConsole()
  const plan = await planned(console)
  const { visitor } = await person(console, 'dpo-1')
  const path = `/retention/plans/${plan.id}`
  expect(await visitor.text(path)).not.toContain('non conferma')
  const rules = plan.rules.map((rule) => ({ ...rule, unproven: 3 }))
  console.retention.plans.set(plan.id, { ...plan, rules })
  expect(await visitor.text(path)).toContain('con un evento che il registro non conferma, da verificare: 3')
})

test('a plan is made after being told what it is, and shows no key', async () => {
  await using console = await openConsole()
  const { visitor, csrf } = await person(console, 'administrator-1')
  console.retention.due.push({ key: 'KEY-OF-A-RECORD', trigger: '2010-01-02', dataSubject: 'P-1' })
  expect(await (await visitor.post('/retention/plans', { csrf })).text()).toContain(
    'Nessun record viene toccato',
  )
  expect(console.retention.plans.size).toBe(0)
  const made = await visitor.post('/retention/plans', { csrf, sure: 'yes' })
  const page = await visitor.text(made.headers.get('location') ?? '')
  for (const words of [
    'Il piano è stato fatto',
    'Da approvare',
    'Codice civile, art. 2220',
    '2 gennaio 2010',
    'circa 1 secondo: nessuna esecuzione lo ha ancora mostrato qui',
  ])
    expect(page).toContain(words)
  expect(page).not.toContain('KEY-OF-A-RECORD')
})

test('the owner agrees, then the DPO, each another person, each asked twice and proved anew', async () => {
  await using console = await openConsole()
  const plan = await planned(console)
  const path = `/retention/plans/${plan.id}`
  const unproved = await person(console, 'approver-1', false)
  const led = await act(unproved, plan, 'approve')
  expect([led.status, led.headers.get('location')?.slice(0, 12)]).toEqual([303, '/login/again'])
  expect(console.retention.plans.get(plan.id)?.approvals).toEqual([])

  const owner = await person(console, 'approver-1')
  const asked = await (await owner.visitor.post(`${path}/approve`, { csrf: owner.csrf })).text()
  for (const words of ['2 record potranno essere cancellati', plan.hash]) expect(asked).toContain(words)
  expect(console.retention.plans.get(plan.id)?.approvals).toEqual([])
  expect((await act(owner, plan, 'approve')).status).toBe(303)

  const dpo = await person(console, 'dpo-1')
  expect((await act(dpo, plan, 'approve')).status).toBe(303)
  const kept = console.retention.plans.get(plan.id)
  expect([kept?.state, kept?.approvals.map(({ as, by }) => [as, by])]).toEqual([
    'approved',
    [
      ['owner', 'gse-approver-1'],
      ['dpo', 'gse-dpo-1'],
    ],
  ])
  const { events } = await console.reader.search({ kind: 'retention-approved', limit: 5 })
  expect(events.map(({ operator }) => operator)).toEqual(['gse-dpo-1', 'gse-approver-1'])
})

test('nobody agrees out of turn or to their own plan, and no role agrees for another', async () => {
  await using console = await openConsole()
  const plan = await planned(console)
  const dpo = await person(console, 'dpo-1')
  const early = await act(dpo, plan, 'approve')
  expect([early.status, (await early.text()).includes('Accesso non consentito')]).toEqual([403, true])
  // The one who made the plan comes to be its owner too: the domain refuses, and the page says why.
  reassign(console, 'administrator-1', (administrator) => [
    administrator,
    { ...administrator, role: 'unit-approver' },
  ])
  const own = await act(await person(console, 'administrator-1'), plan, 'approve')
  expect([own.status, (await own.text()).includes('Chi ha fatto il piano non lo approva.')]).toEqual([
    400,
    true,
  ])
  for (const sub of ['auditor-1', 'manager-1', 'officer-1', 'operator-1']) {
    expect([sub, (await act(await person(console, sub), plan, 'approve')).status]).toEqual([sub, 403])
  }
  expect(console.retention.plans.get(plan.id)?.approvals).toEqual([])
})

test('whoever has two pseudonyms agrees once', async () => {
  await using console = await openConsole()
  const plan = await planned(console)
  reassign(console, 'approver-1', (assignment) => [
    assignment,
    { ...assignment, role: 'dpo', pseudonym: asId('gse-second-1') },
  ])
  const both = await person(console, 'approver-1')
  expect((await act(both, plan, 'approve')).status).toBe(303)
  expect((await act(both, plan, 'approve')).status).toBe(400)
  expect(console.retention.plans.get(plan.id)).toMatchObject({
    state: 'planned',
    approvals: [{ by: 'gse-approver-1' }],
  })
})

test('a plan tells what foreign keys would do by themselves', async () => {
  await using console = await openConsole()
  console.retention.foreignKeys.push({
    ...{ name: 'scan_invoice', child: 'gse.antimafia_check', childColumns: ['invoice_id'] },
    ...{ parent: 'gse.invoice', parentColumns: ['id'], onDelete: 'cascade' },
  })
  const { id } = await planned(console)
  const { visitor } = await person(console, 'administrator-1')
  const page = await visitor.text(`/retention/plans/${id}`)
  for (const words of [
    'scan_invoice',
    'gse.antimafia_check',
    'verrebbero cancellate',
    'Non previste dal piano',
  ])
    expect(page).toContain(words)
})

test('what is agreed to is the fingerprint that was shown', async () => {
  await using console = await openConsole()
  const plan = await planned(console)
  const owner = await person(console, 'approver-1')
  const answer = await act(owner, plan, 'approve', { hash: '0'.repeat(64) })
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain('non è più nello stato in cui l’hai visto')
  expect(console.retention.plans.get(plan.id)?.approvals).toEqual([])
})

test('nothing runs before everybody agreed; then it begins, and tells how far it is', async () => {
  await using console = await openConsole()
  const plan = await planned(console)
  const administrator = await person(console, 'administrator-1')
  expect((await act(administrator, plan, 'run')).status).toBe(400)
  expect(console.retention.started).toEqual([])
  await act(await person(console, 'approver-1'), plan, 'approve')
  await act(await person(console, 'dpo-1'), plan, 'approve')
  const begun = await act(administrator, plan, 'run')
  expect(begun.headers.get('location')).toContain('done=run')
  expect(console.retention.started).toEqual([`${plan.id} gse-administrator-1`])

  const approved = console.retention.plans.get(plan.id) ?? plan
  console.retention.plans.set(plan.id, { ...approved, state: 'running', startedAt: console.clock.now() })
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
  console.retention.totals.set(plan.id, new Map([['invoices-ten-years', { ...none, done: 1 }]]))
  const page = await administrator.visitor.text(`/retention/plans/${plan.id}`)
  expect(page).toContain('<progress max="2" value="1"')
  expect(page).toContain('1 record su 2')
  expect(page).toContain(`data-progress="/retention/plans/${plan.id}/progress"`)
  expect(page).not.toContain('In attesa di altri sistemi')
  const errand = { rule: 'invoices-ten-years', resource: 'invoice', by: 'id', parent: '7' }
  await console.retention.desk.outbox.queue([{ plan: plan.id, ...errand }], console.clock.now())
  await console.retention.desk.outbox.queue([{ plan: 'another', ...errand }], console.clock.now())
  const waiting = await administrator.visitor.text(`/retention/plans/${plan.id}`)
  expect(waiting).toMatch(/In attesa di altri sistemi: Fattura.*1 record, dal/s)
  expect(waiting).not.toContain('>7<')
  console.retention.plans.set(plan.id, { ...approved, state: 'done', startedAt: 1n, endedAt: 2n })
  const stream = await administrator.visitor.get(`/retention/plans/${plan.id}/progress`)
  expect(stream.headers.get('content-type')).toContain('text/event-stream')
  const said = (await stream.text()).match(/^data: (.*)$/m)?.[1] ?? '{}'
  expect(JSON.parse(said)).toEqual({ settled: 1, all: 2, text: '1 record su 2', state: 'done' })
})

test('the certificate says what went and what stayed, and the file is what was signed', async () => {
  await using console = await openConsole()
  const plan = await planned(console)
  const { visitor } = await person(console, 'auditor-1')
  const path = `/retention/plans/${plan.id}/certificate`
  expect((await visitor.get(path)).status).toBe(404)
  const evil = '<script>alert(1)</script>'
  const { jws } = await certified(console, plan, evil)
  const page = await visitor.text(path)
  for (const words of [plan.hash, 'Fattura', 'gse-approver-1', '22 febbraio 2027', '&lt;script&gt;'])
    expect(page).toContain(words)
  expect(page).not.toContain(evil)
  const file = await visitor.get(`${path}.jws`)
  expect([await file.text(), file.headers.get('content-disposition')]).toEqual([
    ...[jws, 'attachment; filename="certificate.jws"'],
  ])
})

test('a plan is called off before it has begun, and not after', async () => {
  await using console = await openConsole()
  const plan = await planned(console)
  const administrator = await person(console, 'administrator-1')
  expect((await act(administrator, plan, 'cancel')).status).toBe(303)
  expect(console.retention.plans.get(plan.id)?.state).toBe('cancelled')
  expect((await act(administrator, plan, 'cancel')).status).toBe(400)
})

test('a plan that has begun is ended early, and goes on only to its certificate', async () => {
  await using console = await openConsole()
  const plan = await planned(console)
  const administrator = await person(console, 'administrator-1')
  expect((await act(administrator, plan, 'end')).status).toBe(400)
  const approved = console.retention.plans.get(plan.id) ?? plan
  console.retention.plans.set(plan.id, { ...approved, state: 'paused', startedAt: console.clock.now() })
  expect((await act(await person(console, 'auditor-1'), plan, 'end')).status).toBe(403)
  expect((await act(administrator, plan, 'end')).status).toBe(303)
  expect(console.retention.plans.get(plan.id)).toMatchObject({
    state: 'ending',
    endedEarly: { why: 'asked', by: 'gse-administrator-1' },
  })
  expect(console.retention.started).toEqual([`${plan.id} gse-administrator-1`])
  const page = await administrator.visitor.text(`/retention/plans/${plan.id}`)
  expect(page).toContain('In chiusura')
  expect(page).toContain('è stato chiesto')
  expect(page).toContain(`data-progress="/retention/plans/${plan.id}/progress" data-state="ending"`)
  expect(page).toContain('Completa la chiusura')
  expect(page).not.toContain('Esegui il piano')
  for (const name of ['pause', 'run', 'end', 'cancel'])
    expect([name, (await act(administrator, plan, name)).status]).toEqual([name, 400])
})

test('what a process left being ended is finished under words that promise no erasure', async () => {
  await using console = await openConsole()
  const plan = await planned(console)
  const administrator = await person(console, 'administrator-1')
  expect((await act(administrator, plan, 'finish-ending')).status).toBe(400)
  const endedEarly = { why: 'asked', by: plan.plannedBy, at: console.clock.now() } as const
  const ending = { ...plan, state: 'ending', startedAt: console.clock.now(), endedEarly } as const
  console.retention.plans.set(plan.id, ending)
  expect((await act(await person(console, 'auditor-1'), plan, 'finish-ending')).status).toBe(403)
  const { visitor, csrf } = administrator
  const path = `/retention/plans/${plan.id}/finish-ending`
  const asked = await (await visitor.post(path, { csrf })).text()
  expect(asked).toContain('Con questo piano non viene cancellato altro')
  expect(asked).not.toContain('non si torna indietro')
  expect(console.retention.started).toEqual([])
  const done = await act(administrator, plan, 'finish-ending')
  expect(await visitor.text(done.headers.get('location') ?? '')).toContain('La chiusura è cominciata.')
  expect(console.retention.started).toEqual([`${plan.id} gse-administrator-1`])
  expect(console.retention.plans.get(plan.id)).toEqual(ending)
  const stream = await visitor.get(`/retention/plans/${plan.id}/progress`)
  console.retention.plans.set(plan.id, { ...ending, state: 'done', endedAt: console.clock.now() })
  const told = [...(await stream.text()).matchAll(/"state":"(\w+)"/g)].map(([, state]) => state)
  expect(told).toEqual(['ending', 'done'])
})

test('a draft has who answers for the rule, its schedule, what a request does, and the contract it waits for', async () => {
  await using console = await openConsole()
  const { visitor, csrf } = await person(console, 'administrator-1')
  const path = '/retention/rules/invoices-ten-years'
  const save = async (form: Record<string, string>) => {
    await visitor.post(path, { csrf, sure: 'yes', ...form })
    const [latest] = await console.retention.policies.list()
    const stored = latest === undefined ? null : await console.retention.policies.find(latest.version)
    return stored?.document.retention.find(({ id }) => id === 'invoices-ten-years')
  }
  const whole = { owner: 'antimafia-unit', schedule: '0 2 * * 1', 'on-request': 'withhold' }
  expect(await save({ ...whole, 'contract-end': 'number' })).toMatchObject({
    ...{ owner: 'antimafia-unit', schedule: '0 2 * * 1', on_request: 'withhold', after: 'P10Y' },
    trigger: { field: 'issued_on', contract_end: 'number' },
  })
  const asked = await visitor.post(path, { ...whole, 'contract-end': 'number', approval: 'authority', csrf })
  const stated = Object.fromEntries(
    [...(await asked.text()).matchAll(/<dt>([^<]+)<\/dt><dd>([^<]+)<\/dd>/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  )
  expect(stated).toMatchObject({
    'Unità responsabile': 'Unità antimafia',
    'Accordi necessari': 'Anche autorità esterna',
    'Se l’interessato chiede la cancellazione prima del termine': 'Resta, in base alla norma',
    'Quando si fa il piano da sé': '0 2 * * 1',
    'E dalla fine del contratto indicato in': 'Numero',
  })
  const emptied = { csrf, owner: '', schedule: '', 'on-request': '', 'contract-end': '', approval: 'none' }
  const without = await (await visitor.post(path, emptied)).text()
  for (const words of [
    'Quella indicata nel catalogo',
    'Solo a comando',
    'Nessun contratto',
    'Non è detto: resta',
  ])
    expect(without).toContain(`<dd>${words}</dd>`)
  const wrong = await visitor.post(path, { csrf, sure: 'yes', schedule: '60 2 * * *' })
  expect([wrong.status, (await wrong.text()).includes('schedule')]).toEqual([400, true])
})

test('a draft has the terms of other norms, what is told, what is related, and what must not be recognised', async () => {
  await using console = await openConsole()
  const { visitor, csrf } = await person(console, 'administrator-1')
  const path = '/retention/rules/invoices-ten-years'
  const stored = async () => {
    const [latest] = await console.retention.policies.list()
    const version = latest === undefined ? null : await console.retention.policies.find(latest.version)
    return version?.document.retention.find(({ id }) => id === 'invoices-ten-years')
  }
  const form = {
    ...{ 'last-of': 'producer.birth_date', after: 'P10Y', csrf },
    ...{ 'event-id': 'file-closed', 'event-it': 'chiusura', 'event-en': 'closing' },
    ...{ 'floor-0-trigger': 'issued_on', 'floor-0-after': 'P5Y', 'floor-0-align': 'year-end' },
    ...{ 'floor-0-because': 'Codice civile, art. 2948', 'floor-1-after': '', 'floor-1-because': ' ' },
  }
  const asked = await (await visitor.post(path, form)).text()
  for (const words of [
    'Produttore · ',
    'chiusura / closing (file-closed)',
    '5 anni',
    'a fine anno',
    'Codice civile, art. 2948',
  ])
    expect(asked).toContain(words)
  expect(asked).toContain('name="floor-0-after" value="P5Y"')
  expect((await visitor.post(path, { ...form, sure: 'yes' })).status).toBe(303)
  expect(await stored()).toMatchObject({
    trigger: {
      field: 'issued_on',
      last_of: { relation: 'producer', field: 'birth_date' },
      event: { id: 'file-closed', title: { it: 'chiusura', en: 'closing' } },
    },
    keep_at_least: [
      {
        ...{ trigger: { field: 'issued_on' }, after: 'P5Y', align: 'year-end' },
        because: 'Codice civile, art. 2948',
      },
    ],
  })

  // The form holds what was typed, with room for one more.
  const again = await (await visitor.post(`${path}/preview`, form)).text()
  for (const field of ['name="floor-0-after"', 'name="floor-1-after"', 'value="file-closed"'])
    expect(again).toContain(field)
  expect(again).not.toContain('name="floor-2-after"')
  expect(again).toContain('<option value="producer.birth_date" selected="">')

  const emptied = { 'event-id': '', 'last-of': '', 'floor-0-after': '', 'floor-0-because': '' }
  expect((await visitor.post(path, { ...form, ...emptied, sure: 'yes' })).status).toBe(303)
  expect(Object.keys((await stored())?.trigger ?? {})).toEqual(['field'])
  expect((await stored())?.keep_at_least).toBeUndefined()

  const anonymised = {
    ...{ action: 'anonymise', 'mask-iban': 'clear', csrf, sure: 'yes' },
    ...{ 'quasi-asked': 'yes', 'quasi-field-period': 'yes', 'quasi-field-status': 'yes', 'quasi-least': '5' },
  }
  expect((await visitor.post(path, anonymised)).status).toBe(303)
  expect((await stored())?.quasi_identifiers).toEqual({ fields: ['period', 'status'], at_least: 5 })
})

test.each([
  [
    'a term of another norm that outlives the rule',
    { 'floor-0-trigger': 'issued_on', 'floor-0-after': 'P30Y' },
  ],
  ['one without a norm', { 'floor-0-after': 'P5Y', 'floor-0-because': '' }],
  ['one that counts from no day', { 'floor-0-trigger': 'number', 'floor-0-after': 'P5Y' }],
  ['an event without a name in English', { 'event-id': 'file-closed', 'event-it': 'chiusura' }],
  ['a day of records that are not related', { 'last-of': 'nothing.day' }],
  [
    'one field alike among none',
    { action: 'anonymise', 'mask-iban': 'clear', 'quasi-asked': 'yes', 'quasi-field-period': 'yes' },
  ],
])('a rule with %s makes no draft, and what was typed stands', async (_name, wrong) => {
  await using console = await openConsole()
  const { visitor, csrf } = await person(console, 'administrator-1')
  const norm = { 'floor-0-because': 'Codice civile, art. 2948' }
  const form = { ...norm, ...wrong, because: 'una norma tutta nuova', csrf, sure: 'yes' }
  const answer = await visitor.post('/retention/rules/invoices-ten-years', form)
  const page = await answer.text()
  expect([answer.status, page.includes('una norma tutta nuova')]).toEqual([400, true])
  expect(page).toContain('Così la regola non è valida')
  expect(await console.retention.policies.list()).toEqual([])
})

test('what is wrong with a rule is told by its field in the reader’s language, what the policy says of it as English', async () => {
  await using console = await openConsole()
  const { visitor, csrf } = await person(console, 'administrator-1')
  const form = { after: 'dieci anni', because: '', 'title-en': '', csrf, sure: 'yes' }
  const page = await (await visitor.post('/retention/rules/invoices-ten-years', form)).text()
  for (const words of [
    '<a href="#after">Durata (ISO 8601)</a>: non ha la forma che serve. <small lang="en">',
    '<a href="#title-en">Titolo in inglese</a>: non ha la forma che serve.',
    '<a href="#because">In base a</a>: non ha la forma che serve.',
  ])
    expect(page).toContain(words)
  expect(page.replaceAll(/<small lang="en">.*?<\/small>/g, '')).not.toContain('must be')
})

test('a rule’s change shows what would be due, and makes a draft under the person’s pseudonym', async () => {
  await using console = await openConsole()
  console.retention.due.push(
    { key: '1', trigger: '2010-01-02', dataSubject: null },
    { key: '2', trigger: '2020-01-02', dataSubject: null },
  )
  const { visitor, csrf } = await person(console, 'administrator-1')
  const path = '/retention/rules/invoices-ten-years'
  expect(await visitor.text(path)).toContain('value="P10Y"')
  const form = { csrf, after: 'P5Y', because: 'Codice civile, art. 2948' }
  const fragment = await visitor.post(`${path}/preview`, form, { 'varco-fragment': 'preview' })
  const text = await fragment.text()
  expect(text).not.toContain('<html')
  expect([...text.matchAll(/<dd>(\d+) \(/g)].map(([, count]) => count)).toEqual(['1', '2'])
  expect(await (await visitor.post(`${path}/preview`, form)).text()).toContain('value="P5Y"')

  const asked = await (await visitor.post(path, form)).text()
  expect(asked).toContain('non cambiano finché una seconda persona non la attiva')
  expect(await console.retention.policies.list()).toEqual([])
  const saved = await visitor.post(path, { ...form, sure: 'yes' })
  const [draft] = await console.retention.policies.list()
  expect(draft?.putBy).toBe('gse-administrator-1')
  expect(saved.headers.get('location')).toBe(`/retention/rules?draft=${draft?.version.slice(0, 12)}`)
  const stored = draft === undefined ? null : await console.retention.policies.find(draft.version)
  expect(stored?.document.retention).toMatchObject([{ id: 'invoices-ten-years', after: 'P5Y' }])
  expect(await console.retention.policies.active()).toBeNull()
})

test.each([[{ after: 'ten years' }], [{ after: 'P-1Y' }], [{ trigger: 'no_such_field' }], [{ because: '' }]])(
  'a rule that the policy’s own check refuses makes no draft: %j',
  async (wrong) => {
    await using console = await openConsole()
    const { visitor, csrf } = await person(console, 'administrator-1')
    const answer = await visitor.post('/retention/rules/invoices-ten-years', { ...wrong, csrf, sure: 'yes' })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('Così la regola non è valida')
    expect(await console.retention.policies.list()).toEqual([])
  },
)

test('without the records no preview is made up', async () => {
  await using console = await openConsole()
  const desk = {
    ...console.retention.desk,
    records: {
      ...console.retention.desk.records,
      due: () => Promise.reject(new UnavailableError('records')),
    },
  }
  await using broken = await openConsole({ retention: { ...console.retention.access, desk } })
  const { visitor } = await person(broken, 'administrator-1')
  expect((await visitor.get('/retention/rules/invoices-ten-years')).status).toBe(503)
})

describe('a new rule', () => {
  const FORM = {
    ...{ id: 'checks-two-years', resource: 'antimafia_check', after: 'P2Y', action: 'erase' },
    ...{
      'title-it': 'Verifiche dopo due anni',
      'title-en': 'Checks after two years',
      because: 'Una norma qualunque',
    },
  }

  test('is written from the data it is for, with its preview, and makes a draft beside the others', async () => {
    await using console = await openConsole()
    console.retention.due.push({ key: '1', trigger: '2010-01-02', dataSubject: null })
    const { visitor, csrf } = await person(console, 'administrator-1')
    expect(await visitor.text('/retention/rules')).toContain('href="/retention/new-rule"')
    expect(await visitor.text('/retention/new-rule')).toContain('<option value="antimafia_check">')
    const blank = await visitor.text('/retention/new-rule?resource=antimafia_check')
    expect(blank).toContain('1 (fino al 23 novembre 2025)')
    const fragment = await visitor.post(
      '/retention/new-rule/preview',
      { ...FORM, id: '', because: '', after: 'P30Y', csrf },
      { 'varco-fragment': 'preview' },
    )
    expect(await fragment.text()).toContain('0 (fino al 23 novembre 1996)')
    const asked = await (await visitor.post('/retention/new-rule', { ...FORM, csrf })).text()
    for (const words of ['non cambiano finché', 'Verifiche dopo due anni', 'Una norma qualunque'])
      expect(asked).toContain(words)
    expect(await console.retention.policies.list()).toEqual([])
    const saved = await visitor.post('/retention/new-rule', { ...FORM, csrf, sure: 'yes' })
    const [draft] = await console.retention.policies.list()
    expect(saved.headers.get('location')).toBe(`/retention/rules?draft=${draft?.version.slice(0, 12)}`)
    const stored = draft === undefined ? null : await console.retention.policies.find(draft.version)
    expect(stored?.document.retention.map(({ id }) => id)).toEqual(['invoices-ten-years', 'checks-two-years'])
  })

  test('that anonymises says how each field is', async () => {
    await using console = await openConsole()
    const { visitor, csrf } = await person(console, 'administrator-1')
    const form = { ...FORM, action: 'anonymise', csrf, sure: 'yes' }
    expect((await visitor.post('/retention/new-rule', form)).status).toBe(400)
    const masked = { ...form, 'mask-notes': 'clear', 'mask-status': '' }
    expect((await visitor.post('/retention/new-rule', masked)).status).toBe(303)
    const [draft] = await console.retention.policies.list()
    const stored = draft === undefined ? null : await console.retention.policies.find(draft.version)
    expect(stored?.document.retention.at(-1)).toMatchObject({
      action: 'anonymise',
      masks: { notes: 'clear' },
    })
  })

  test.each([
    ['without a name', { id: '' }],
    ['with a name that is taken', { id: 'invoices-ten-years' }],
    ['with a name that is none', { id: 'Due Anni!' }],
    ['without a norm', { because: ' ' }],
    ['without a title', { 'title-en': '' }],
    ['with no length of time', { after: 'presto' }],
  ])('is refused %s, and what was typed stands', async (_name, wrong) => {
    await using console = await openConsole()
    const { visitor, csrf } = await person(console, 'administrator-1')
    const answer = await visitor.post('/retention/new-rule', { ...FORM, ...wrong, csrf, sure: 'yes' })
    expect(answer.status).toBe(400)
    const page = await answer.text()
    expect(page).toContain('Così la regola non è valida')
    expect(page).toContain('Verifiche dopo due anni')
    expect(await console.retention.policies.list()).toEqual([])
  })

  test('is of data that exist and have a day', async () => {
    await using console = await openConsole()
    const { visitor, csrf } = await person(console, 'administrator-1')
    expect((await visitor.get('/retention/new-rule?resource=nothing')).status).toBe(404)
    const answer = await visitor.post('/retention/new-rule', {
      ...FORM,
      resource: 'nothing',
      csrf,
      sure: 'yes',
    })
    expect(answer.status).toBe(404)
  })
})
