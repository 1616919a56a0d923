import { asId, UnavailableError } from '@varco/core'
import { restrictOnRequest } from '@varco/retention'
import { expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import { person, type Person } from '../support/person.ts'
import { reassign } from '../support/reassign.ts'

const PATH = '/retention/restrictions'
const FORM = { of: 'subject:producer', key: 'P-17', reason: 'Pratica <b>RPD</b> 2026-7, lettera a' }

const place = ({ visitor, csrf }: Person, form: Record<string, string> = {}) =>
  visitor.post(PATH, { ...FORM, csrf, sure: 'yes', ...form })

const lift = ({ visitor, csrf }: Person, restriction: string, form: Record<string, string> = {}) =>
  visitor.post(`${PATH}/lift`, { csrf, restriction, sure: 'yes', ...form })

const inForce = ({ retention }: OpenConsole) => retention.desk.restrictions.restrictions()

test('a restriction is placed by a DPO who proved who they are, asked twice, and is recorded', async () => {
  await using console = await openConsole()
  const unproved = await person(console, 'dpo-1', false)
  expect((await place(unproved)).headers.get('location')).toContain('/login/again')
  const dpo = await person(console, 'dpo-1')
  const asked = await (await dpo.visitor.post(PATH, { ...FORM, csrf: dpo.csrf })).text()
  for (const words of ['Un interessato: Produttore', 'P-17', 'nessuno vede, trova, conta o modifica'])
    expect(asked).toContain(words)
  expect(asked).not.toContain('<b>RPD')
  expect(await inForce(console)).toEqual([])

  expect((await place(dpo)).headers.get('location')).toBe(`${PATH}?done=placed`)
  expect(await inForce(console)).toMatchObject([
    { placedBy: 'gse-dpo-1', scope: { kind: 'data-subject', dataSubject: { kind: 'producer', id: 'P-17' } } },
  ])
  const { events } = await console.reader.search({ kind: 'restriction-placed', limit: 5 })
  expect(events).toMatchObject([{ operator: 'gse-dpo-1' }])
  expect(JSON.stringify(events[0]?.detail)).not.toMatch(/P-17|RPD/)
})

test('whom it is about is told to those who may lift it, as a disclosure, and to nobody else', async () => {
  await using console = await openConsole()
  const dpo = await person(console, 'dpo-1')
  await place(dpo)
  await place(dpo, { of: 'invoice', key: '4711' })
  const page = await dpo.visitor.text(PATH)
  for (const words of ['P-17', '4711', 'L’hai posta tu']) expect(page).toContain(words)
  expect(page).not.toContain('<b>RPD')
  const [own] = (await console.reader.search({ kind: 'log-read', limit: 1 })).events
  expect(own?.detail).toEqual({ page: 'restrictions', shown: 2 })
  const looked = await console.reader.search({
    ...{ kind: 'log-read', limit: 5 },
    dataSubject: { kind: 'producer', id: 'P-17' },
  })
  expect(looked.events.map(({ id }) => id)).toEqual([own?.id])

  const auditor = await person(console, 'auditor-1')
  const seen = await auditor.visitor.text(PATH)
  expect(seen).toContain('Un interessato: Produttore')
  // The letters alone may stand in a random token.
  for (const word of ['P-17', '4711', '>RPD<', '&gt;RPD&lt;', 'lettera a', 'name="reason"', `${PATH}/lift`])
    expect(seen).not.toContain(word)
  expect((await console.reader.search({ kind: 'log-read', limit: 1 })).events[0]?.operator).toBe(
    'gse-auditor-1',
  )
})

test('who placed it lifts it under none of their pseudonyms', async () => {
  await using console = await openConsole()
  await place(await person(console, 'dpo-1'))
  const id = (await inForce(console))[0]?.id ?? ''
  reassign(console, 'dpo-1', (assignment) => [
    { ...assignment, pseudonym: asId('gse-new-1') },
    { ...assignment, to: assignment.from },
  ])
  const same = await person(console, 'dpo-1')
  expect(await same.visitor.text(PATH)).toContain('L’hai posta tu')
  const answer = await lift(same, id)
  expect([answer.status, (await answer.text()).includes('Serve una seconda persona.')]).toEqual([400, true])
  expect(await inForce(console)).toMatchObject([{ id }])
})

test('it is lifted by a second person, asked twice; who placed it cannot', async () => {
  await using console = await openConsole()
  const dpo = await person(console, 'dpo-1')
  await place(dpo)
  const id = (await inForce(console))[0]?.id ?? ''
  const own = await lift(dpo, id)
  expect([own.status, (await own.text()).includes('Serve una seconda persona.')]).toEqual([400, true])
  const other = await person(console, 'administrator-1')
  const asked = await other.visitor.post(`${PATH}/lift`, { csrf: other.csrf, restriction: id })
  expect(await asked.text()).toContain('torna visibile a chi ne ha diritto')
  expect(await inForce(console)).toHaveLength(1)
  expect((await lift(other, id)).headers.get('location')).toBe(`${PATH}?done=lifted`)
  expect(await inForce(console)).toEqual([])
  expect((await lift(other, id)).status).toBe(400)
  expect((await lift(other, 'no-such')).status).toBe(404)
})

test('one that its data subject asked for is lifted only once they were told', async () => {
  await using console = await openConsole()
  const asked = { request: 'RQ-2026-000001', dataSubject: { kind: 'producer', id: 'P-1' } }
  await restrictOnRequest(console.retention.desk, {
    ...{ ...asked, reason: 'lettera a, esattezza contestata' },
    by: asId('gse-dpo-2'),
  })
  const id = (await inForce(console))[0]?.id ?? ''
  const dpo = await person(console, 'dpo-1')
  expect(await dpo.visitor.text(PATH)).toContain('name="informed"')
  const untold = await lift(dpo, id)
  expect([untold.status, (await untold.text()).includes('informa chi l’ha chiesta')]).toEqual([400, true])
  expect((await lift(dpo, id, { informed: 'yes' })).status).toBe(303)
  const { events } = await console.reader.search({ kind: 'restriction-lifted', limit: 1 })
  expect(events[0]?.detail).toMatchObject({ informed: true })
})

test.each(['officer-1', 'operator-1', 'manager-1', 'auditor-1', 'approver-1', 'administrator-1'])(
  '%s places none',
  async (sub) => {
    await using console = await openConsole()
    expect((await place(await person(console, sub))).status).toBe(403)
    expect(await inForce(console)).toEqual([])
  },
)

test.each<[string, Record<string, string>]>([
  ['of', { of: 'no-such-kind' }],
  ['of', { of: 'subject:__proto__' }],
  ['key', { key: ' ' }],
  ['key', { key: 'x'.repeat(257) }],
  ['reason', { reason: 'breve' }],
])('a form that is not right is asked for again, and what was typed stands: %s', async (field, wrong) => {
  await using console = await openConsole()
  const answer = await place(await person(console, 'dpo-1'), wrong)
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain(`href="#${field}"`)
  expect(await inForce(console)).toEqual([])
})

test('a key that no record can have is refused in the domain’s words', async () => {
  await using console = await openConsole()
  const answer = await place(await person(console, 'dpo-1'), { of: 'invoice', key: 'not a number' })
  expect([answer.status, (await answer.text()).includes('può avere questa chiave')]).toEqual([400, true])
})

test('a list whose reading cannot be recorded is not shown', async () => {
  await using base = await openConsole()
  await place(await person(base, 'dpo-1'))
  await using broken = await openConsole({
    retention: base.retention.access,
    log: { append: () => Promise.reject(new UnavailableError('access log')) },
  })
  const { visitor } = await person(broken, 'dpo-1')
  const answer = await visitor.get(PATH)
  expect([answer.status, (await answer.text()).includes('P-17')]).toEqual([503, false])
})
