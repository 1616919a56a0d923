import { asId, isoToMicros, type Json } from '@varco/core'
import { placeHold } from '@varco/retention'
import { expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import { person, type Person } from '../support/person.ts'
import { reassign } from '../support/reassign.ts'

async function placed(console: OpenConsole, { visitor, csrf }: Person, form: Record<string, string> = {}) {
  const whole = { scope: 'record', of: 'invoice', key: '7', case: 'RG 1', reason: 'Una causa pendente' }
  await visitor.post('/retention/holds', { ...whole, ...form, csrf, sure: 'yes' })
  const hold = (await console.retention.desk.store.holds()).at(-1)
  if (hold === undefined) throw new Error('no hold was placed')
  return hold
}

test.each<[string, Record<string, string>]>([
  ['scope', { scope: 'everything' }],
  ['of', { of: 'no-such-kind' }],
  ['of', { scope: 'data-subject', of: 'invoice' }],
  ['key', { key: '' }],
  ['case', { case: '' }],
  ['reason', { reason: 'breve' }],
  ['review', { review: 'soon' }],
])('a hold that is not right is asked for again: %s', async (field, wrong) => {
  await using console = await openConsole()
  const { visitor, csrf } = await person(console, 'dpo-1')
  const form = { scope: 'record', of: 'invoice', key: '7', case: 'RG 1', reason: 'Una causa pendente' }
  const answer = await visitor.post('/retention/holds', { ...form, ...wrong, csrf, sure: 'yes' })
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain(`href="#${field}"`)
  expect(await console.retention.desk.store.holds()).toEqual([])
})

test('a hold is placed and released by two people, and its list is a recorded reading', async () => {
  await using console = await openConsole()
  const dpo = await person(console, 'dpo-1')
  const form = {
    scope: 'data-subject',
    of: 'subject:producer',
    key: 'P-17',
    case: 'RG 12/2026',
    reason: 'Una causa <b>pendente</b>',
  }
  const asked = await (await dpo.visitor.post('/retention/holds', { ...form, csrf: dpo.csrf })).text()
  expect(asked).toContain('Produttore · P-17')
  expect(asked).not.toContain('<b>pendente')
  await dpo.visitor.post('/retention/holds', { ...form, csrf: dpo.csrf, sure: 'yes' })
  const [hold] = await console.retention.desk.store.holds()
  expect(hold).toMatchObject({ placedBy: 'gse-dpo-1', scope: { kind: 'data-subject' } })
  const page = await dpo.visitor.text('/retention/holds')
  expect(page).toContain('RG 12/2026')
  expect(page).not.toContain('<b>pendente')
  const { events } = await console.reader.search({ kind: 'log-read', limit: 1 })
  expect(events[0]?.detail).toEqual({ page: 'holds', shown: 1 })

  const release = `/retention/holds/${hold?.id}/release`
  const own = await dpo.visitor.post(release, { csrf: dpo.csrf, sure: 'yes' })
  expect([own.status, (await own.text()).includes('Serve una seconda persona.')]).toEqual([400, true])
  const other = await person(console, 'administrator-1')
  expect((await other.visitor.post(release, { csrf: other.csrf, sure: 'yes' })).status).toBe(303)
  expect(await console.retention.desk.store.holds()).toEqual([])
})

test('whom a hold is about is told to those who may release it, as a disclosure, and to nobody else', async () => {
  await using console = await openConsole()
  const dpo = await person(console, 'dpo-1')
  await placed(console, dpo, { scope: 'data-subject', of: 'subject:producer', key: 'P-17' })
  const page = await dpo.visitor.text('/retention/holds')
  for (const words of ['P-17', 'L’hai posto tu']) expect(page).toContain(words)
  expect(page).not.toContain('/review')
  const looked = await console.reader.search({
    ...{ kind: 'log-read', limit: 5 },
    dataSubject: { kind: 'producer', id: 'P-17' },
  })
  expect(looked.events.map(({ operator }) => operator)).toEqual(['gse-dpo-1'])
  const auditor = await person(console, 'auditor-1')
  const seen = await auditor.visitor.text('/retention/holds')
  expect(seen).toContain('Un interessato: Produttore')
  for (const word of ['P-17', 'causa pendente', 'name="reason"']) expect(seen).not.toContain(word)
})

/** Asks nothing of anybody: the command alone places one by a condition. */
async function placedOn({ retention }: OpenConsole, resource: string, where: Json) {
  const outcome = await placeHold(retention.desk, {
    ...{ scope: { kind: 'query', resource, where }, case: 'RG 1', reason: 'Una causa pendente' },
    ...{ by: asId('gse-dpo-2'), reviewAt: null },
  })
  if (!outcome.ok) throw new Error(outcome.code)
  return outcome.hold
}

test('whom a hold’s condition names is a disclosure wherever it is shown, and is shown to those alone who may release it', async () => {
  await using console = await openConsole()
  const { id } = await placedOn(console, 'invoice', {
    or: [{ producer_id: { in: ['P-17', 'P-18'] } }, { id: { eq: 7 } }, { amount: { gt: 9000 } }],
  })
  const dpo = await person(console, 'dpo-1')
  const told = async () => {
    const [reading] = (await console.reader.search({ kind: 'log-read', limit: 1 })).events
    return reading === undefined ? [] : console.reader.disclosures(reading.id)
  }
  const named = [
    { resource: 'producer', recordKey: 'P-17' },
    { resource: 'producer', recordKey: 'P-18' },
    { resource: 'invoice', recordKey: '7' },
  ]
  expect(await dpo.visitor.text('/retention/holds')).toContain('P-18')
  expect(await told()).toMatchObject(named)
  const release = `/retention/holds/${id}/release`
  expect(await (await dpo.visitor.post(release, { csrf: dpo.csrf })).text()).toContain('P-18')
  expect(await told()).toMatchObject(named)

  const ofThem = { kind: 'log-read', limit: 5, dataSubject: { kind: 'producer', id: 'P-18' } } as const
  expect((await console.reader.search(ofThem)).events).toHaveLength(2)

  const auditor = await person(console, 'auditor-1')
  const seen = await auditor.visitor.text('/retention/holds')
  expect(seen).toContain('Alcuni record: Fattura')
  expect(seen).not.toMatch(/P-17|9000/)
  expect(await told()).toEqual([])
})

test.each([['invoice'], ['no-such-resource']])(
  'a condition that the catalogue can no longer read names nobody on the page: of %s',
  async (resource) => {
    await using console = await openConsole()
    await placedOn(console, resource, { former_owner: { eq: 'P-17' } })
    const page = await (await person(console, 'dpo-1')).visitor.text('/retention/holds')
    expect(page).toContain('il catalogo non sa più leggere la condizione')
    expect(page).not.toContain('P-17')
  },
)

test('a hold whose review is due is kept on by another person, with a reason, asked twice', async () => {
  await using console = await openConsole()
  const dpo = await person(console, 'dpo-1')
  const { id } = await placed(console, dpo, { review: '2026-11-20' })
  const path = `/retention/holds/${id}/review`
  const form = { until: '2027-06-30', reason: 'L’appello <b>pende</b>' }
  const own = await dpo.visitor.post(path, { ...form, csrf: dpo.csrf, sure: 'yes' })
  expect([own.status, (await own.text()).includes('Serve una seconda persona.')]).toEqual([400, true])
  const other = await person(console, 'administrator-1')
  expect(await other.visitor.text('/retention/holds')).toContain('Riesame scaduto')
  const asked = await (await other.visitor.post(path, { ...form, csrf: other.csrf })).text()
  for (const words of ['30 giugno 2027', 'Fattura · 7', 'RG 1']) expect(asked).toContain(words)
  expect(asked).not.toContain('<b>pende')
  const [reading] = (await console.reader.search({ kind: 'log-read', limit: 1 })).events
  expect(reading?.detail).toEqual({ page: 'hold', hold: id })
  expect(await console.retention.desk.store.hold(id)).toMatchObject({ reviewed: null })

  const done = await other.visitor.post(path, { ...form, csrf: other.csrf, sure: 'yes' })
  expect(done.headers.get('location')).toBe('/retention/holds?done=reviewed')
  expect(await console.retention.desk.store.hold(id)).toMatchObject({
    ...{ reviewAt: isoToMicros('2027-06-30T00:00:00+02:00'), releasedAt: null },
    reviewed: { by: 'gse-administrator-1', reason: form.reason },
  })
  const { events } = await console.reader.search({ kind: 'hold-reviewed', limit: 2 })
  expect(events).toMatchObject([{ operator: 'gse-administrator-1', detail: { hold: id } }])
  const page = await other.visitor.text('/retention/holds?done=reviewed')
  for (const words of ['Il blocco è mantenuto.', 'gse-administrator-1', '30 giugno 2027'])
    expect(page).toContain(words)
  expect(page).not.toMatch(/Riesame scaduto|<b>pende/)
})

test.each<[string, Record<string, string>]>([
  ['until', { until: '2026-11-24' }],
  ['until', { until: 'soon' }],
  ['reason', { reason: 'breve' }],
])('a review that is not right is asked for again beside its hold: %s', async (field, wrong) => {
  await using console = await openConsole()
  const { id } = await placed(console, await person(console, 'dpo-1'))
  await placed(console, await person(console, 'dpo-1'), { key: '8' })
  const { visitor, csrf } = await person(console, 'administrator-1')
  const form = { until: '2027-06-30', reason: 'L’appello pende ancora', ...wrong, csrf, sure: 'yes' }
  const answer = await visitor.post(`/retention/holds/${id}/review`, form)
  const page = await answer.text()
  expect([answer.status, page.includes(`href="#${field}-${id}"`)]).toEqual([400, true])
  expect(page.match(/aria-invalid/g)).toHaveLength(1)
  expect(page).toContain(field === 'until' ? 'L’appello pende ancora' : 'value="2027-06-30"')
  expect(await console.retention.desk.store.hold(id)).toMatchObject({ reviewed: null })
  expect((await visitor.post('/retention/holds/no-such/review', form)).status).toBe(404)
})

test('who placed a hold releases it under none of their pseudonyms', async () => {
  await using console = await openConsole()
  const hold = await placed(console, await person(console, 'dpo-1'))
  reassign(console, 'dpo-1', (assignment) => [
    { ...assignment, pseudonym: asId('gse-new-1') },
    { ...assignment, to: assignment.from },
  ])
  const same = await person(console, 'dpo-1')
  expect(await same.visitor.text('/retention/holds')).not.toContain(`/retention/holds/${hold.id}/release`)
  for (const act of ['release', 'review']) {
    const form = { csrf: same.csrf, sure: 'yes', until: '2027-12-01', reason: 'La causa pende ancora' }
    const answer = await same.visitor.post(`/retention/holds/${hold.id}/${act}`, form)
    expect([act, answer.status, (await answer.text()).includes('seconda persona')]).toEqual([act, 400, true])
  }
  expect(await console.retention.desk.store.holds()).toMatchObject([{ id: hold.id }])
})
