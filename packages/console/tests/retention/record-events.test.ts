import { asId, UnavailableError, type Pseudonym } from '@varco/core'
import type { Bundle, BundleDocument } from '@varco/policy'
import { expect, test } from 'vitest'
import { grantBundle } from '../../../engagement/tests/grants/grant-world.ts'
import { addEventRule } from '../support/event-rule.ts'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import { person, type Person } from '../support/person.ts'
import { reassign } from '../support/reassign.ts'

const PATH = '/retention/events'
const FORM = { event: 'antimafia_check/file-closed', key: '17', what: 'happened', day: '2026-11-02' }

/** Rules that wait for an event, and a record it can be told of. */
async function opened(over: Parameters<typeof openConsole>[0] = {}, more = addEventRule) {
  const bundle: Bundle = grantBundle(more)
  const console = await openConsole(over, { bundle })
  console.retention.due.push({ key: '17', trigger: '2020-01-02', dataSubject: 'P-1' })
  return console
}

const tell = ({ visitor, csrf }: Person, form: Record<string, string> = {}) =>
  visitor.post(PATH, { ...FORM, csrf, sure: 'yes', ...form })

const told = ({ retention }: OpenConsole) => retention.desk.store.toldEvents(10)

test('it is told by who proved who they are, asked twice, and is recorded with the record’s fingerprint alone', async () => {
  await using console = await opened()
  const unproved = await person(console, 'administrator-1', false)
  expect((await tell(unproved)).headers.get('location')).toContain('/login/again')
  const administrator = await person(console, 'administrator-1')
  const asked = await administrator.visitor.post(PATH, { ...FORM, csrf: administrator.csrf })
  const confirm = await asked.text()
  for (const words of ['Verifica antimafia: chiusura del fascicolo', '2 novembre 2026', 'niente'])
    expect(confirm).toContain(words)
  expect(await told(console)).toEqual([])
  const [reading] = (await console.reader.search({ kind: 'log-read', limit: 1 })).events
  expect(reading).toMatchObject({ operator: 'gse-administrator-1', detail: { page: 'record-event' } })
  if (reading === undefined) throw new Error('nothing was read')
  expect(await console.reader.disclosures(reading.id)).toMatchObject([
    { resource: 'antimafia_check', recordKey: '17' },
  ])

  expect((await tell(administrator)).headers.get('location')).toBe(`${PATH}?done=told`)
  expect(await told(console)).toMatchObject([{ on: '2026-11-02', toldBy: 'gse-administrator-1' }])
  const { events } = await console.reader.search({ kind: 'retention-event-told', limit: 2 })
  expect(events).toMatchObject([{ operator: 'gse-administrator-1', detail: { on: '2026-11-02' } }])
  const page = await administrator.visitor.text(PATH)
  for (const words of ['chiusura del fascicolo', 'gse-administrator-1', '2 novembre 2026'])
    expect(page).toContain(words)
  expect(page).not.toMatch(/>17</)
})

test('it is corrected and taken back, and who does so is told what had been told before', async () => {
  await using console = await opened()
  await tell(await person(console, 'administrator-1'))
  const approver = await person(console, 'approver-1')
  const asked = await approver.visitor.post(PATH, { ...FORM, day: '2026-11-20', csrf: approver.csrf })
  expect(await asked.text()).toContain('2 novembre 2026, da gse-administrator-1')
  await tell(approver, { day: '2026-11-20' })
  expect((await tell(approver, { what: 'not', day: '' })).headers.get('location')).toBe(
    `${PATH}?done=withdrawn`,
  )
  expect((await told(console)).map(({ on, toldBy }) => [on, toldBy])).toEqual([
    [null, 'gse-approver-1'],
    ['2026-11-20', 'gse-approver-1'],
    ['2026-11-02', 'gse-administrator-1'],
  ])
  expect(await approver.visitor.text(PATH)).toContain('ritirato')
  const again = await tell(approver, { what: 'not', day: '' })
  expect([again.status, (await again.text()).includes('Nessuno ha comunicato questo evento.')]).toEqual([
    400,
    true,
  ])
})

test('who agreed to a plan under another pseudonym of theirs tells by that one, by which its run knows them', async () => {
  await using console = await opened()
  const second = asId<Pseudonym>('gse-second-1')
  reassign(console, 'administrator-1', (assignment) => [
    assignment,
    { ...assignment, role: 'dpo', pseudonym: second },
  ])
  const { retention } = console
  const { visitor, csrf } = await person(console, 'administrator-1')
  await visitor.post('/retention/plans', { csrf, sure: 'yes' })
  const [plan] = [...retention.plans.values()]
  if (plan === undefined) throw new Error('no plan')
  const agreed = {
    ...plan,
    approvals: [{ by: second, as: 'dpo' as const, at: plan.plannedAt, reference: null }],
  }
  retention.plans.set(plan.id, { ...agreed, state: 'done' })
  await tell(await person(console, 'administrator-1'))
  retention.plans.set(plan.id, { ...agreed, state: 'approved' })
  await tell(await person(console, 'administrator-1'), { day: '2026-11-03' })
  expect((await told(console)).map(({ toldBy }) => toldBy)).toEqual(['gse-second-1', 'gse-administrator-1'])
})

test('who approves for a unit tells it of that unit’s records alone', async () => {
  await using console = await opened()
  const other = await person(console, 'approver-2')
  expect(await other.visitor.text(PATH)).toContain('Nessuna regola attende un evento')
  const answer = await tell(other)
  expect([answer.status, (await answer.text()).includes('href="#event"')]).toEqual([400, true])
  expect(await told(console)).toEqual([])
  await using owned = await opened({}, (document: BundleDocument) => {
    addEventRule(document)
    document.varco.units['invoicing'] = { title: { it: 'Fatturazione', en: 'Invoicing' } }
    for (const rule of document.retention) rule.owner = 'invoicing'
  })
  expect((await tell(await person(owned, 'approver-1'))).status).toBe(400)
  expect((await tell(await person(owned, 'approver-2'))).status).toBe(303)
})

test.each(['dpo-1', 'auditor-1'])('%s sees what was told, and tells none', async (sub) => {
  await using console = await opened()
  await tell(await person(console, 'administrator-1'))
  const { visitor, csrf } = await person(console, sub)
  const page = await visitor.text(PATH)
  expect(page).toContain('chiusura del fascicolo')
  expect(page).not.toContain('name="key"')
  expect((await tell({ visitor, csrf })).status).toBe(403)
  expect(await told(console)).toHaveLength(1)
})

test.each<[string, Record<string, string>]>([
  ['event', { event: 'invoice/file-closed' }],
  ['event', { event: 'antimafia_check/__proto__' }],
  ['key', { key: ' ' }],
  ['key', { key: 'x'.repeat(257) }],
  ['what', { what: 'perhaps' }],
  ['day', { day: '' }],
  ['day', { day: '+012026-11-02' }],
])('a form that is not right is asked for again: %s', async (field, wrong) => {
  await using console = await opened()
  const answer = await tell(await person(console, 'administrator-1'), wrong)
  expect([answer.status, (await answer.text()).includes(`href="#${field}"`)]).toEqual([400, true])
  expect(await told(console)).toEqual([])
})

test.each<[string, Record<string, string>]>([
  ['Il record non esiste.', { key: '99' }],
  ['può avere questa chiave', { key: 'seventeen' }],
  ['L’evento non è ancora avvenuto.', { day: '2026-11-25' }],
])('what cannot be told is refused before the second question: %s', async (words, wrong) => {
  await using console = await opened()
  const { visitor, csrf } = await person(console, 'administrator-1')
  const answer = await visitor.post(PATH, { ...FORM, ...wrong, csrf })
  expect([answer.status, (await answer.text()).includes(words)]).toEqual([400, true])
})

test.each<[string, string, Record<string, string>]>([
  ['unknown-record', '99', { key: '099' }],
  ['unknown-record', '99', { key: '099', sure: 'yes' }],
  ['event-untold', '17', { what: 'not', day: '' }],
  ['event-untold', '17', { what: 'not', day: '', sure: 'yes' }],
])(
  'that there is nothing is answered when who asked is recorded, and not before: %s of %s, %j',
  async (refused, recordKey, form) => {
    await using base = await opened()
    const { visitor, csrf } = await person(base, 'administrator-1')
    expect((await visitor.post(PATH, { ...FORM, ...form, csrf })).status).toBe(400)
    const [reading] = (await base.reader.search({ kind: 'log-read', limit: 1 })).events
    expect(reading).toMatchObject({
      ...{ operator: 'gse-administrator-1', action: 'search' },
      detail: { page: 'record-event', refused },
    })
    if (reading === undefined) throw new Error('nothing was recorded')
    expect(await base.reader.disclosures(reading.id)).toMatchObject([
      { resource: 'antimafia_check', recordKey },
    ])

    await using broken = await opened({
      retention: base.retention.access,
      log: { append: () => Promise.reject(new UnavailableError('access log')) },
    })
    const other = await person(broken, 'administrator-1')
    expect((await other.visitor.post(PATH, { ...FORM, ...form, csrf: other.csrf })).status).toBe(503)
  },
)

test('whose reading cannot be recorded is not told what there is of a record', async () => {
  await using base = await opened()
  await tell(await person(base, 'administrator-1'))
  await using broken = await opened({
    retention: base.retention.access,
    log: { append: () => Promise.reject(new UnavailableError('access log')) },
  })
  const { visitor, csrf } = await person(broken, 'administrator-1')
  const answer = await visitor.post(PATH, { ...FORM, csrf })
  expect([answer.status, (await answer.text()).includes('2 novembre')]).toEqual([503, false])
})

test('a long list is walked by its key, and a row that somebody spoilt breaks no page', async () => {
  await using console = await opened()
  for (let at = 0; at < 51; at++)
    await console.retention.desk.store.addEvent({
      ...{ id: `e-${at}`, resource: 'antimafia_check', event: 'file-closed', hash: 'ab'.repeat(32) },
      ...{ on: at === 50 ? '+012026-01-01' : '2026-01-01', toldBy: asId(`gse-${at}`), toldAt: 0n },
      seal: null,
    })
  const { visitor } = await person(console, 'auditor-1')
  const first = await visitor.text(PATH)
  expect([first.includes('+012026-01-01'), first.includes('>gse-1<'), first.includes('>gse-0<')]).toEqual([
    true,
    true,
    false,
  ])
  expect(await visitor.text(`${PATH}?after=e-1`)).toContain('>gse-0<')
})
