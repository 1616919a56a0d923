import { actDraft } from '@varco/access-log'
import { asId } from '@varco/core'
import { commitOf, findingOf } from '@varco/oversight/testing'
import { describe, expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'
import { reassign } from '../support/reassign.ts'

async function signedIn(console: OpenConsole, sub: string): Promise<Visitor> {
  console.provider.person = { sub, name: 'Otto Verdi' }
  const visitor = console.visitor()
  await visitor.signIn('/me')
  return visitor
}

async function alertAbout(console: OpenConsole, operator: string): Promise<string> {
  const finding = findingOf({ key: `self|${operator}`, operator, contract: null })
  await console.oversight.commit(commitOf({ findings: [finding], now: console.clock.now() }))
  const [alert] = await console.oversight.alerts({ operator, limit: 1 })
  return alert?.id ?? ''
}

test('a worker sees the alerts about them, with the facts, and none about others', async () => {
  await using console = await openConsole()
  const own = await alertAbout(console, 'gse-operator-1')
  const page = await (await signedIn(console, 'operator-1')).text('/me/alerts')
  for (const words of [own, 'Dati propri', 'L’interessato è chi guarda.', 'Da chiarire'])
    expect(page).toContain(words)
  const others = await (await signedIn(console, 'officer-1')).text('/me/alerts')
  expect(others).not.toContain(own)
  expect(others).toContain('Nessuna segnalazione riguarda i tuoi accessi.')
})

test('reading one’s own alerts and openings is itself recorded', async () => {
  await using console = await openConsole()
  const visitor = await signedIn(console, 'operator-1')
  await visitor.get('/me/alerts')
  await visitor.get('/me/openings')
  const { events } = await console.reader.search({ kind: 'log-read', limit: 10 })
  expect(events.map(({ detail, operator }) => [detail?.['page'], operator]).reverse()).toEqual([
    ['me-alerts', 'gse-operator-1'],
    ['me-openings', 'gse-operator-1'],
  ])
})

test('a worker has their say after being asked twice, and the log keeps that, not the words', async () => {
  await using console = await openConsole()
  const id = await alertAbout(console, 'gse-operator-1')
  const visitor = await signedIn(console, 'operator-1')
  const csrf = await visitor.csrf('/me/alerts')
  const path = `/me/alerts/${id}/contest`
  const text = 'Era la <b>mia</b> pratica, me l’ha chiesta il capo.'
  const asked = await (await visitor.post(path, { csrf, text })).text()
  expect(asked).toContain('non è ancora successo nulla')
  expect(asked).toContain('Era la &lt;b&gt;mia&lt;/b&gt;')
  expect((await console.oversight.alert(id))?.contests).toEqual([])

  const done = await visitor.post(path, { csrf, text, sure: 'yes' })
  expect([done.status, done.headers.get('location')]).toEqual([303, '/me/alerts?done=contest'])
  expect((await console.oversight.alert(id))?.contests.map((contest) => contest.text)).toEqual([text])
  const { events } = await console.reader.search({ kind: 'alert-contested', limit: 10 })
  expect(events.map(({ operator, detail }) => [operator, detail])).toEqual([
    ['gse-operator-1', { alert: id }],
  ])
  const page = await visitor.text('/me/alerts?done=contest')
  expect(page).toContain('Le tue parole sono state aggiunte')
  expect(page).not.toContain('<b>mia')
})

test('nobody has a say on another’s alert, nor learns whether there is one', async () => {
  await using console = await openConsole()
  const id = await alertAbout(console, 'gse-operator-1')
  const visitor = await signedIn(console, 'dpo-1')
  const csrf = await visitor.csrf('/me/alerts')
  const form = { csrf, text: 'Non sono io.', sure: 'yes' }
  const others = await visitor.post(`/me/alerts/${id}/contest`, form)
  const nobodys = await visitor.post('/me/alerts/A-0/contest', form)
  expect([others.status, nobodys.status]).toEqual([404, 404])
  expect((await console.oversight.alert(id))?.contests).toEqual([])
})

test.each([
  ['', 400],
  ['x'.repeat(4_001), 400],
])('words that say nothing, or too much, are asked for again', async (text, status) => {
  await using console = await openConsole()
  const id = await alertAbout(console, 'gse-operator-1')
  const visitor = await signedIn(console, 'operator-1')
  const csrf = await visitor.csrf('/me/alerts')
  const answer = await visitor.post(`/me/alerts/${id}/contest`, { csrf, text, sure: 'yes' })
  expect(answer.status).toBe(status)
  expect(await answer.text()).toContain('in al più 4.000 caratteri')
  expect((await console.oversight.alert(id))?.contests).toEqual([])
})

test('a worker sees who opened their identity, for what, and not who opened others’', async () => {
  await using console = await openConsole()
  for (const pseudonym of ['gse-operator-1', 'gse-operator-2']) {
    await console.log.append(
      actDraft('identity-opened', {
        requestId: `r-${pseudonym}`,
        operator: 'gse-dpo-1',
        detail: {
          pseudonym,
          case: `RPD-2026-${pseudonym.slice(-1)}`,
          reason: 'Accesso ai dati di un familiare',
          requestedBy: 'gse-dpo-2',
        },
      }),
    )
  }
  const page = await (await signedIn(console, 'operator-1')).text('/me/openings')
  expect(page).toContain('RPD-2026-1')
  expect(page).toContain('chiesta da gse-dpo-2, approvata da gse-dpo-1')
  expect(page).not.toContain('RPD-2026-2')
  reassign(console, 'operator-1', (first) => [{ ...first, pseudonym: asId('gse-operator-3') }])
  expect(await (await signedIn(console, 'operator-1')).text('/me/openings')).toContain(
    'Nessuno ha aperto la tua identità.',
  )
})

describe('somebody whose work has ended', () => {
  const BEA = 'https://login.aurora.example bea'

  async function formerly(console: OpenConsole): Promise<Visitor> {
    reassign(console, BEA, (assignment) => [{ ...assignment, to: console.clock.now() - 1n }])
    console.aurora.person = { sub: 'bea', name: 'Bea Verdi' }
    const visitor = console.visitor()
    await visitor.signIn('/', 'aurora')
    return visitor
  }

  test('still sees what the log keeps of them, their alerts and the openings of their identity', async () => {
    await using console = await openConsole()
    await console.access({ operator: 'AUR-bea', ticket: 'T-BEA-1' })
    const alert = await alertAbout(console, 'AUR-bea')
    const visitor = await formerly(console)
    expect((await visitor.get('/')).headers.get('location')).toBe('/me')
    const page = await visitor.text('/me')
    for (const words of ['AUR-bea', 'T-BEA-1', 'Questo incarico è finito', 'Aurora Servizi S.r.l.'])
      expect(page).toContain(words)
    expect(await visitor.text('/me/alerts')).toContain(alert)
    const csrf = await visitor.csrf('/me/alerts')
    const said = await visitor.post(`/me/alerts/${alert}/contest`, {
      csrf,
      text: 'Ero in ferie.',
      sure: 'yes',
    })
    expect(said.status).toBe(303)
    const { events } = await console.reader.search({ kind: 'log-read', operator: 'AUR-bea', limit: 5 })
    expect(events[0]).toMatchObject({ contract: 'aurora-2026', processor: 'aurora' })
  })

  test('sees nothing else, and nothing of anybody else', async () => {
    await using console = await openConsole()
    await console.access({ operator: 'AUR-anna', ticket: 'T-ANNA-1' })
    const visitor = await formerly(console)
    expect(await visitor.text('/me?as=AUR-anna')).not.toContain('T-ANNA-1')
    for (const path of ['/log', '/grants', '/contracts', '/policies', '/retention', '/requests', '/reports'])
      expect([path, (await visitor.get(path)).status]).toEqual([path, 403])
    const page = await visitor.text('/grants/mine')
    expect(page).not.toContain('href="/grants/new"')
  })
})
