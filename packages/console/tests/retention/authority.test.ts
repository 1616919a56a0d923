import { asId } from '@varco/core'
import { approvePlan, planRetention, type RetentionPlan } from '@varco/retention'
import { describe, expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import { person, type Person } from '../support/person.ts'
import { reassign } from '../support/reassign.ts'

/** A plan of three due invoices that its owner and the DPO have agreed to, and an authority is asked about. */
async function asked(console: OpenConsole): Promise<RetentionPlan> {
  for (const key of ['1', '2', '3'])
    console.retention.due.push({ key, trigger: '2010-01-02', dataSubject: `P-${key}` })
  const made = await planRetention(console.retention.desk, { by: asId('gse-maker') })
  console.retention.plans.set(made.id, { ...made, approval: 'authority' })
  for (const [as, by] of [
    ['owner', 'gse-owner'],
    ['dpo', 'gse-dpo-9'],
  ] as const)
    await approvePlan(console.retention.desk, { plan: made.id, as, by: asId(by) })
  return console.retention.plans.get(made.id) ?? made
}

const pathOf = ({ id }: RetentionPlan, end: string) => `/retention/plans/${id}/${end}`
const kept = (console: OpenConsole, { id }: RetentionPlan) => console.retention.plans.get(id)
const LIST =
  'rule,resource,key,from\ninvoices-ten-years,invoice,1,2010-01-02\ninvoices-ten-years,invoice,3,\n'

const letter = (
  { visitor, csrf }: Person,
  plan: RetentionPlan,
  list: string,
  form: Record<string, string> = {},
) =>
  visitor.send(pathOf(plan, 'letter'), {
    ...{ csrf, hash: plan.hash, reference: 'prot. 7/2026', ...form },
    list: new File([list], 'list.csv'),
  })

/** What the page that asks a second time would send. */
async function confirmed(who: Person, plan: RetentionPlan, answer: Response): Promise<Response> {
  const hidden = [...(await answer.text()).matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)]
  return who.visitor.post(
    pathOf(plan, 'letter'),
    Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value.replaceAll('&quot;', '"')])),
  )
}

describe('the list for the authority', () => {
  test('is taken out after being told that it names records, and is in the log and among the copies first', async () => {
    await using console = await openConsole()
    const plan = await asked(console)
    const { visitor, csrf } = await person(console, 'administrator-1')
    expect(await visitor.text(`/retention/plans/${plan.id}`)).toContain('Elenco per l’autorità')
    const told = await (await visitor.post(pathOf(plan, 'list'), { csrf, format: 'csv' })).text()
    expect(told).toContain('nomina i record uno per uno')
    expect((await console.reader.search({ kind: 'report-made', limit: 5 })).events).toEqual([])

    const file = await visitor.post(pathOf(plan, 'list'), { csrf, format: 'csv', sure: 'yes' })
    expect(file.headers.get('content-disposition')).toContain(`elenco-di-scarto-${plan.id}.csv`)
    expect(await file.text()).toBe('csv\n' + ['1', '2', '3'].map((k) => `invoices-ten-years,${k}\n`).join(''))
    const { events } = await console.reader.search({ kind: 'report-made', limit: 5 })
    expect(events).toMatchObject([
      { operator: 'gse-administrator-1', detail: { report: 'disposal-list', plan: plan.id } },
    ])
    expect(await console.copies.copies({ limit: 5 })).toMatchObject([
      { event: events[0]?.id, owner: 'gse-administrator-1', records: 3 },
    ])
    const pdf = await visitor.post(pathOf(plan, 'list'), { csrf, format: 'pdf', sure: 'yes' })
    expect(pdf.headers.get('content-type')).toBe('application/pdf')
  })

  test.each(['auditor-1', 'approver-1', 'manager-1', 'operator-1'])('is not for %s', async (sub) => {
    await using console = await openConsole()
    const plan = await asked(console)
    const { visitor, csrf } = await person(console, sub)
    const answer = await visitor.post(pathOf(plan, 'list'), { csrf, format: 'csv', sure: 'yes' })
    expect([answer.status, (await answer.text()).includes('invoices-ten-years')]).toEqual([403, false])
  })

  test('is of no plan that no authority is asked about, and of none that has begun', async () => {
    await using console = await openConsole()
    const plan = await asked(console)
    const { visitor, csrf } = await person(console, 'administrator-1')
    const take = () => visitor.post(pathOf(plan, 'list'), { csrf, format: 'csv', sure: 'yes' })
    console.retention.plans.set(plan.id, { ...plan, approval: 'owner-and-dpo' })
    expect((await take()).status).toBe(404)
    console.retention.plans.set(plan.id, { ...plan, state: 'running', startedAt: 1n })
    expect((await take()).status).toBe(404)
    expect((await console.reader.search({ kind: 'report-made', limit: 5 })).events).toEqual([])
  })
})

describe('the authority’s letter', () => {
  test('shows what stays before it is recorded, and then the plan holds the agreed part alone', async () => {
    await using console = await openConsole()
    const plan = await asked(console)
    const administrator = await person(console, 'administrator-1')
    const { visitor } = administrator
    expect(await visitor.text(`/retention/plans/${plan.id}`)).toContain(
      'L’autorità acconsente solo a una parte',
    )
    expect(await visitor.text(pathOf(plan, 'letter'))).toContain('enctype="multipart/form-data"')
    const told = await letter(administrator, plan, LIST)
    const page = await told.clone().text()
    for (const words of ['2 record autorizzati su 3', 'Restano', 'prot. 7/2026'])
      expect(page).toContain(words)
    expect(kept(console, plan)?.state).toBe('planned')

    const answer = await confirmed(administrator, plan, told)
    expect(answer.headers.get('location')).toBe(`/retention/plans/${plan.id}?done=part`)
    expect(kept(console, plan)).toMatchObject({ state: 'approved', rules: [{ records: 3, authorised: 2 }] })
    const after = await visitor.text(`/retention/plans/${plan.id}?done=part`)
    for (const words of ['in parte è registrata', 'Fino a 2 record vengono', 'prot. 7/2026'])
      expect(after).toContain(words)
    const { events } = await console.reader.search({ kind: 'retention-approved', limit: 1 })
    expect(events[0]).toMatchObject({ operator: 'gse-administrator-1', detail: { in_part: true } })
    expect(JSON.stringify(events[0]?.detail)).not.toContain('7/2026')
  })

  test.each<[string, string, Record<string, string>, string]>([
    ['without a reference', LIST, { reference: ' ' }, 'numero di protocollo'],
    ['without a file', '', {}, 'Scegli il file'],
    [
      'with a file that is no list',
      'a,b\n1,2\n',
      {},
      'Riga 1: l’intestazione nomina una colonna che non esiste',
    ],
    ['with nothing agreed to', 'rule,key\n', {}, 'annulla il piano'],
    ['of another plan', 'rule,key\ninvoices-ten-years,9\n', {}, 'risponde a un altro elenco'],
    ['for another fingerprint', LIST, { hash: '0'.repeat(64) }, 'non è più nello stato'],
    ['of a list that is too long', `${LIST}${'x'.repeat(5 * 1024 * 1024)}`, {}, 'supera i 4 MB'],
    [
      'that a second page carries with nothing in it',
      LIST,
      { agreed: '{}', sure: 'yes' },
      'annulla il piano',
    ],
    ['carried along by nobody', LIST, { agreed: '{"a":1}', sure: 'yes' }, 'Scegli il file'],
  ])('is not taken %s', async (_name, list, form, words) => {
    await using console = await openConsole()
    const plan = await asked(console)
    const answer = await letter(await person(console, 'administrator-1'), plan, list, form)
    expect([answer.status, (await answer.text()).includes(words)]).toEqual([400, true])
    expect(kept(console, plan)).toMatchObject({ state: 'planned' })
  })

  test('that a crooked second page made longer is refused whole', async () => {
    await using console = await openConsole()
    const plan = await asked(console)
    const { visitor, csrf } = await person(console, 'administrator-1')
    const agreed = JSON.stringify({ 'invoices-ten-years': ['1', '99'] })
    const form = { csrf, hash: plan.hash, reference: 'prot. 7', agreed, sure: 'yes' }
    const answer = await visitor.post(pathOf(plan, 'letter'), form)
    expect([answer.status, (await answer.text()).includes('che il piano non contiene')]).toEqual([400, true])
    expect(kept(console, plan)?.approvals).toHaveLength(2)
  })

  test('is not recorded by who made the plan, nor out of turn, nor by another role, nor unproved', async () => {
    await using console = await openConsole()
    const plan = await asked(console)
    for (const sub of ['dpo-1', 'auditor-1', 'approver-1', 'operator-1']) {
      const other = await person(console, sub)
      expect([sub, (await letter(other, plan, 'rule,key\n')).status]).toEqual([sub, 403])
      expect([sub, (await other.visitor.get(pathOf(plan, 'letter'))).status]).toEqual([sub, 403])
    }
    const unproved = await person(console, 'administrator-1', false)
    const led = await letter(unproved, plan, LIST)
    expect(led.headers.get('location')).toContain('/login/again')

    const own = { ...plan, plannedBy: asId<never>('gse-administrator-1') }
    console.retention.plans.set(plan.id, own)
    const administrator = await person(console, 'administrator-1')
    const refused = await confirmed(administrator, own, await letter(administrator, own, LIST))
    expect([refused.status, (await refused.text()).includes('Chi ha fatto il piano')]).toEqual([400, true])

    reassign(console, 'administrator-1', (assignment) => [
      { ...assignment, pseudonym: asId('gse-new-1') },
      { ...assignment, to: assignment.from },
    ])
    const renamed = await confirmed(administrator, own, await letter(administrator, own, LIST))
    expect([renamed.status, (await renamed.text()).includes('Chi ha fatto il piano')]).toEqual([400, true])

    console.retention.plans.set(plan.id, { ...plan, approvals: plan.approvals.slice(0, 1) })
    expect((await letter(administrator, plan, LIST)).status).toBe(400)
    expect((await administrator.visitor.get(pathOf(plan, 'letter'))).status).toBe(404)
  })

  test('may be longer than other forms, for who may record it alone', async () => {
    await using console = await openConsole()
    const plan = await asked(console)
    const long = `${LIST}${'\n'.repeat(20_000)}`
    const administrator = await person(console, 'administrator-1')
    expect((await letter(administrator, plan, long)).status).toBe(200)
    const refused = await letter(await person(console, 'dpo-1'), plan, long)
    expect([refused.status, (await refused.text()).includes('Richiesta non accettata')]).toEqual([403, true])
    const elsewhere = await administrator.visitor.post(pathOf(plan, 'approve'), {
      ...{ csrf: administrator.csrf, reference: 'x'.repeat(20_000) },
    })
    expect(elsewhere.status).toBe(403)
  })
})

test('the minutes are for whoever reads the plan', async () => {
  await using console = await openConsole()
  const plan = await asked(console)
  const { visitor } = await person(console, 'auditor-1')
  expect(await visitor.text(`/retention/plans/${plan.id}`)).toContain(pathOf(plan, 'minutes.pdf'))
  const minutes = await visitor.get(pathOf(plan, 'minutes.pdf'))
  expect(minutes.headers.get('content-type')).toBe('application/pdf')
  expect(await minutes.text()).toBe(`minutes of ${plan.id}`)
  expect((await visitor.get('/retention/plans/none/minutes.pdf')).status).toBe(404)
})

test('an authority that agrees to all is recorded with its reference', async () => {
  await using console = await openConsole()
  const plan = await asked(console)
  const { visitor, csrf } = await person(console, 'administrator-1')
  const form = { csrf, hash: plan.hash, reference: 'prot. 8/2026', sure: 'yes' }
  const told = await (await visitor.post(pathOf(plan, 'approve'), { ...form, sure: '' })).text()
  expect(told).toContain('Registra l’autorizzazione per tutto l’elenco')
  expect((await visitor.post(pathOf(plan, 'approve'), form)).status).toBe(303)
  expect(kept(console, plan)).toMatchObject({
    state: 'approved',
    approvals: [{}, {}, { reference: 'prot. 8/2026' }],
  })
})
