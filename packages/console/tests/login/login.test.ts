import fc from 'fast-check'
import { MICROS_PER_SECOND } from '@varco/core'
import { expect, test } from 'vitest'
import type { Lies } from '../support/fake-identity-provider.ts'
import { openConsole } from '../support/open-console.ts'

test('leads an unknown visitor to the login and back to the page they asked for', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  const asked = await visitor.get('/log?decision=deny')
  expect([asked.status, asked.headers.get('location')]).toEqual([303, '/login?to=%2Flog%3Fdecision%3Ddeny'])
  expect(await visitor.text('/login?to=%2Flog%3Fdecision%3Ddeny')).toContain(
    '/login/start?to=%2Flog%3Fdecision%3Ddeny',
  )
  const back = await visitor.signIn('/log?decision=deny')
  expect([back.status, back.headers.get('location')]).toEqual([303, '/log?decision=deny'])
  expect((await visitor.get('/log?decision=deny')).status).toBe(200)
})

test('asks with PKCE and answers with its secret, never with the stable issuer as an address', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  const start = new URL((await visitor.get('/login/start')).headers.get('location') ?? '')
  expect(start.origin).toBe(new URL(console.provider.address).origin)
  expect(start.searchParams.get('code_challenge_method')).toBe('S256')
  expect(start.searchParams.get('redirect_uri')).toBe('https://varco.gse.example/login/callback')
  await visitor.signIn()
  expect(console.provider.seen.secrets.at(-1)).toMatch(/^Basic /)
})

const LIES: readonly (readonly [string, Lies])[] = [
  ['another issuer', { issuer: 'https://login.aurora.example' }],
  ['another audience', { audience: 'another-client' }],
  ['another nonce', { nonce: 'not the one that was sent' }],
  ['a stranger’s signature', { strangersKey: true }],
  ['an expired token', { expired: true }],
]

test.each(LIES)('refuses a login vouched for with %s', async (_name, lies) => {
  await using console = await openConsole()
  console.provider.lies = lies
  const visitor = console.visitor()
  const back = await visitor.signIn()
  expect(back.status).toBe(400)
  expect(await back.text()).toContain('Accesso non riuscito')
  expect(console.sessions.rows.size).toBe(0)
  expect((await visitor.get('/')).status).toBe(303)
})

test('refuses a provider whose metadata name another issuer', async () => {
  await using console = await openConsole()
  console.provider.announces = 'https://login.elsewhere.example'
  expect((await console.visitor().get('/login/start')).status).toBe(400)
  console.provider.announces = console.provider.issuer
  expect((await console.visitor().get('/login/start')).status).toBe(303)
})

test('refuses a provider reached over plain http on another machine', async () => {
  await using console = await openConsole()
  const config = {
    ...console.deps.config,
    issuerAddresses: { 'https://login.gse.example': 'http://192.0.2.1/gse' },
  }
  await using other = await openConsole({ config })
  expect((await other.visitor().get('/login/start')).status).toBe(400)
})

test('refuses an answer nobody asked for, another login’s answer and one that comes too late', async () => {
  await using console = await openConsole()
  const unasked = await console.visitor().get('/login/callback?code=c&state=s')
  expect(unasked.status).toBe(400)

  const attacker = console.visitor()
  const start = await attacker.get('/login/start')
  const atProvider = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' })
  const back = new URL(atProvider.headers.get('location') ?? '')
  const victim = console.visitor()
  await victim.get('/login/start')
  expect((await victim.get(back.pathname + back.search)).status).toBe(400)

  console.clock.advance(601n * MICROS_PER_SECOND)
  expect((await attacker.get(back.pathname + back.search)).status).toBe(400)
  expect(console.sessions.rows.size).toBe(0)
})

test('an answer works once', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  const start = await visitor.get('/login/start')
  const atProvider = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' })
  const back = new URL(atProvider.headers.get('location') ?? '')
  expect((await visitor.get(back.pathname + back.search)).status).toBe(303)
  expect((await visitor.get(back.pathname + back.search)).status).toBe(400)
})

test('says so when the identity provider does not answer, and recovers by itself', async () => {
  await using console = await openConsole()
  const gone = {
    ...console.deps.config,
    issuerAddresses: { 'https://login.gse.example': 'http://127.0.0.1:1/gse' },
  }
  await using other = await openConsole({ config: gone })
  const answer = await other.visitor().get('/login/start')
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
})

test('logging out ends the session here and leads to the provider’s own end', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  const stolen = console.visitor()
  for (const [name, value] of visitor.cookies) stolen.cookies.set(name, value)
  const out = await visitor.post('/logout', { csrf: await visitor.csrf() })
  expect(out.status).toBe(200)
  const onward = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(await out.text())?.[1] ?? ''
  const end = new URL(onward.replaceAll('&amp;', '&'))
  expect(end.origin + end.pathname).toBe(`${console.provider.address}/session/end`)
  expect(end.searchParams.get('post_logout_redirect_uri')).toBe('https://varco.gse.example/')
  expect(console.sessions.rows.size).toBe(0)
  expect((await stolen.get('/log')).status).toBe(303)
})

test('logging out works while the identity provider is away', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  const csrf = await visitor.csrf()
  await using other = await openConsole({
    sessions: console.sessions,
    config: {
      ...console.deps.config,
      issuerAddresses: { 'https://login.gse.example': 'http://127.0.0.1:1/gse' },
    },
  })
  const elsewhere = other.visitor()
  for (const [name, value] of visitor.cookies) elsewhere.cookies.set(name, value)
  const out = await elsewhere.post('/logout', { csrf })
  expect(out.status).toBe(200)
  expect(await out.text()).toContain('content="0; url=https://varco.gse.example/"')
  expect(console.sessions.rows.size).toBe(0)
})

test('never leads to another site after a login or a change of language', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  const pieces = fc.constantFrom(
    '/',
    '//',
    '\\',
    'evil.example',
    'https:',
    'javascript:',
    '@',
    '.',
    '..',
    '%2f',
    '%5c',
    '\t',
    '?',
    '#',
    ' ',
    ':',
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join('')),
      async (to) => {
        for (const path of [
          `/login?to=${encodeURIComponent(to)}`,
          `/language/en?to=${encodeURIComponent(to)}`,
        ]) {
          const location = (await visitor.get(path)).headers.get('location') ?? ''
          expect(new URL(location, 'https://varco.gse.example').origin).toBe('https://varco.gse.example')
          expect(location).toMatch(/^\/(?![/\\])/)
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('whoever comes from a page is led back to it, from whichever company they sign in', async () => {
  await using console = await openConsole()
  const page = await console.visitor().text('/login?to=%2Fgrants%2Fnew')
  const links = [...page.matchAll(/href="(\/login\/start\?[^"]*)"/g)].map(([, href = '']) =>
    new URLSearchParams(href.replaceAll('&amp;', '&').split('?')[1]).get('to'),
  )
  expect(links.length).toBeGreaterThan(1)
  expect(new Set(links)).toEqual(new Set(['/grants/new']))
})
