import { UnavailableError } from '@varco/core'
import { expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

const PERSON = { kind: 'producer', id: 'P-1' }
const OF_PERSON = { disclosures: [{ resource: 'invoice', recordKey: '7', dataSubject: PERSON }] }

/** Looks the person up for a case, through the form; returns where it leads. */
async function lookedUp(console: OpenConsole): Promise<{ visitor: Visitor; csrf: string; path: string }> {
  const visitor = console.visitor()
  await visitor.signIn()
  const csrf = await visitor.csrf('/data-subjects')
  const found = await visitor.post('/log/data-subject', {
    csrf,
    by: 'producer:tax_code',
    identifier: 'RSSMRA80A01H501U',
    case: 'RPD-2026-7',
    next: 'looks',
  })
  return { visitor, csrf, path: found.headers.get('location') ?? '' }
}

test('who looked is told by month, company, unit and purpose, never by person', async () => {
  await using console = await openConsole()
  for (const operator of ['aur-1', 'aur-2']) await console.access({ ...OF_PERSON, operator })
  console.clock.advance(10n * 86_400_000_000n)
  await console.access({
    ...OF_PERSON,
    operator: 'gse-9',
    processor: null,
    contract: null,
    unit: 'antimafia-unit',
    purpose: 'antimafia-assessment',
  })
  await console.access({ operator: 'aur-3' })
  const { visitor, path } = await lookedUp(console)
  expect(path).toMatch(/^\/data-subjects\/looks\?subject=/)
  expect(path).not.toMatch(/RSSMRA|P-1/)
  const page = await visitor.text(path)
  for (const words of [
    'Aurora Servizi S.r.l., Contact centre',
    'Unità antimafia',
    'novembre 2026',
    'dicembre 2026',
  ])
    expect(page).toContain(words)
  expect(page.indexOf('dicembre 2026')).toBeLessThan(page.indexOf('novembre 2026'))
  expect(page).not.toMatch(/aur-[123]|gse-9|RSSMRA/)
})

test('the page is itself an access to the person’s data, written before it is shown', async () => {
  await using console = await openConsole()
  await console.access(OF_PERSON)
  const { visitor, path } = await lookedUp(console)
  await visitor.get(path)
  const { events } = await console.reader.search({ dataSubject: PERSON, kind: 'log-read', limit: 5 })
  expect(events.map(({ detail }) => detail)).toEqual([
    { page: 'looks', shown: 1, dataSubject: true, case: 'RPD-2026-7' },
  ])
  const log = { ...console.log, append: () => Promise.reject(new UnavailableError('access log')) }
  await using broken = await openConsole({ log, reader: console.reader })
  const other = await lookedUp(broken)
  const answer = await other.visitor.get(other.path)
  expect([answer.status, (await answer.text()).includes('Aurora')]).toEqual([503, false])
})

test('what another session sealed, or nobody did, shows nobody', async () => {
  await using console = await openConsole()
  await console.access(OF_PERSON)
  const { path } = await lookedUp(console)
  const thief = console.visitor()
  await thief.signIn()
  for (const address of [path, '/data-subjects/looks', '/data-subjects/looks?subject=x']) {
    const answer = await thief.get(address)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/data-subjects'])
  }
})

test('a request of theirs is taken in from there, by kind and key, asked twice', async () => {
  await using console = await openConsole()
  const { visitor, csrf, path } = await lookedUp(console)
  const page = await visitor.text(path)
  expect(page).toContain('name="identifier" value="producer P-1"')
  const form = {
    csrf,
    identifier: 'producer P-1',
    right: 'erasure',
    channel: 'counter',
    received: '2026-11-24',
  }
  expect(await (await visitor.post('/requests/new', form)).text()).toContain('Cancellazione (art. 17)')
  await visitor.post('/requests/new', { ...form, sure: 'yes' })
  expect(await console.requests.open()).toMatchObject([{ right: 'erasure', identifier: 'producer P-1' }])
})
