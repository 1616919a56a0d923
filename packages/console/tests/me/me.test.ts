import { asId } from '@varco/core'
import { compileBundle } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'
import { reassign } from '../support/reassign.ts'

async function signedIn(console: OpenConsole, sub: string): Promise<Visitor> {
  console.provider.person = { sub, name: 'Otto Verdi' }
  const visitor = console.visitor()
  await visitor.signIn('/me')
  return visitor
}

test('shows a worker their own requests and nobody else’s', async () => {
  await using console = await openConsole()
  await console.access({ operator: 'gse-operator-1', ticket: 'T-MINE' })
  await console.access({ operator: 'gse-operator-2', ticket: 'T-OTHERS' })
  const page = await (await signedIn(console, 'operator-1')).text('/me')
  expect(page).toContain('T-MINE')
  expect(page).not.toContain('T-OTHERS')
  for (const words of [
    'gse-operator-1',
    'Aurora Servizi S.r.l.',
    'Contact centre',
    'Consultazione · Fattura',
  ]) {
    expect(page).toContain(words)
  }
  expect(page).not.toContain('href="/log')
})

test('a pseudonym that is not one’s own shows one’s own', async () => {
  await using console = await openConsole()
  await console.access({ operator: 'gse-operator-2', ticket: 'T-OTHERS' })
  const page = await (await signedIn(console, 'operator-1')).text('/me?as=gse-operator-2')
  expect(page).not.toContain('T-OTHERS')
  expect(page).toContain('Con questo incarico non risulta ancora nessuna richiesta.')
})

test('who has several assignments sees each under its own pseudonym', async () => {
  await using console = await openConsole()
  reassign(console, 'operator-1', (first) => [
    first,
    { ...first, contract: asId('borea-2023'), pseudonym: asId('bor-1') },
  ])
  await console.access({ operator: 'bor-1', ticket: 'T-BOREA' })
  const visitor = await signedIn(console, 'operator-1')
  const page = await visitor.text('/me')
  expect(page).not.toContain('T-BOREA')
  expect(page).toContain('href="/me?as=bor-1"')
  const other = await visitor.text('/me?as=bor-1')
  expect(other).toContain('T-BOREA')
  expect(other).toContain('Borea Contact S.p.A.')
})

test('tells workers under which agreement with them their accesses are recorded, or that there is none', async () => {
  const agreement = {
    kind: 'union-agreement',
    with: 'RSU <Aurora>',
    signed: '2025-12-15',
    reference: 'prot. 51990',
  } as const
  const bare = await openConsole()
  expect(await (await signedIn(bare, 'operator-1')).text('/me')).toContain('alcun accordo sindacale')
  await bare[Symbol.asyncDispose]()
  const document = fixtureDocument()
  for (const each of document.processors)
    if (each.processor === 'aurora') each.workers_agreement = { ...agreement }
  const bundle = compileBundle(document)
  await using console = await openConsole({ bundle: async () => bundle })
  const page = await (await signedIn(console, 'operator-1')).text('/me')
  expect(page).toContain('all’accordo con RSU &lt;Aurora&gt; del 15 dicembre 2025 (prot. 51990;')
  expect(page).not.toContain('alcun accordo sindacale')
})

test('is recorded under the assignment looked at', async () => {
  await using console = await openConsole()
  await (await signedIn(console, 'operator-1')).get('/me')
  const { events } = await console.reader.search({ kind: 'log-read', limit: 10 })
  expect(events).toMatchObject([
    {
      operator: 'gse-operator-1',
      processor: 'aurora',
      contract: 'aurora-2026',
      detail: { page: 'me', shown: 0 },
    },
  ])
})

test('who has no assignment is told so, and nothing is searched', async () => {
  await using console = await openConsole()
  const page = await (await signedIn(console, 'nobody-1')).text('/me')
  expect(page).toContain('Non risulta alcun incarico a tuo nome')
  expect((await console.reader.search({ kind: 'log-read', limit: 10 })).events).toEqual([])
})

test('leads a worker of a company to that company’s login, those that work no more apart', async () => {
  await using console = await openConsole()
  const config = {
    ...console.deps.config,
    issuerAddresses: { 'https://login.aurora.example': console.provider.address },
  }
  console.provider.announces = 'https://login.aurora.example'
  await using other = await openConsole({ config })
  const page = await other.visitor().text('/login')
  expect(page).toContain('Aurora Servizi S.r.l.')
  expect(page.indexOf('Borea Contact')).toBeGreaterThan(page.indexOf('non lavora più per l’ente?'))
  const start = await other.visitor().get('/login/start?with=aurora&to=%2Fme')
  expect(new URL(start.headers.get('location') ?? '').origin).toBe(new URL(console.provider.address).origin)
  expect((await other.visitor().get('/login/start?with=nobody')).status).toBe(404)
})
