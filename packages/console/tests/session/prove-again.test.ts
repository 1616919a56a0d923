import { MICROS_PER_SECOND } from '@varco/core'
import { createSessions } from '../../src/session/sessions.ts'
import { expect, test } from 'vitest'
import type { Lies } from '../support/fake-identity-provider.ts'
import { openConsole } from '../support/open-console.ts'

const MINUTE = 60n * MICROS_PER_SECOND

test('an ordinary login is no proof given for a sensitive act', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  expect([...console.sessions.rows.values()].map(({ provedAt }) => provedAt)).toEqual([null])
})

test('the provider is made to ask again, and leads back under a new session', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  const before = visitor.cookies.get('__Host-varco-session')
  expect(await visitor.text('/login/again?to=%2Fme')).toContain('/login/again/start?to=%2Fme')
  const back = await visitor.proveAgain('/me')
  expect([back.status, back.headers.get('location')]).toEqual([303, '/me'])
  expect(console.provider.seen.prompts).toEqual(['', 'login'])
  expect(visitor.cookies.get('__Host-varco-session')).not.toBe(before)
  expect([...console.sessions.rows.values()].map(({ provedAt }) => provedAt)).toEqual([console.clock.now()])
})

test('the proof holds for ten minutes, whatever one does meanwhile', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  await visitor.proveAgain()
  const sessions = createSessions({ store: console.sessions, newSecret: () => '', secure: true })
  const secret = visitor.cookies.get('__Host-varco-session') ?? ''
  const lately = async (): Promise<boolean | undefined> => {
    const c = { req: { raw: { headers: new Headers({ cookie: `__Host-varco-session=${secret}` }) } } }
    return (await sessions.current(c as never, console.clock.now()))?.provedLately
  }
  console.clock.advance(10n * MINUTE)
  await visitor.get('/me')
  expect(await lately()).toBe(true)
  console.clock.advance(1n)
  expect(await lately()).toBe(false)
})

test.each<[string, Lies]>([
  ['does not say when', { noAuthTime: true }],
  ['says a time before it was asked', { staleBy: 3_600 }],
  ['is signed by a stranger', { strangersKey: true }],
])('a proof that %s is none', async (_name, lies) => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  console.provider.lies = lies
  expect((await visitor.proveAgain()).status).toBe(400)
  expect([...console.sessions.rows.values()].map(({ provedAt }) => provedAt)).toEqual([null])
})

test('somebody else at the keyboard proves nothing for the one who is signed in', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  console.provider.person = { sub: 'administrator-1', name: 'Un’altra' }
  expect((await visitor.proveAgain()).status).toBe(400)
  const [session] = console.sessions.rows.values()
  expect([session?.externalId, session?.provedAt]).toEqual(['dpo-1', null])
})

test('an answer to an ordinary login is no proof, though the provider had asked again', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  // The attempt is sealed: what was begun as an ordinary login cannot be made another.
  const start = await visitor.get('/login/start')
  const url = new URL(start.headers.get('location') ?? '')
  url.searchParams.set('prompt', 'login')
  const atProvider = await fetch(url, { redirect: 'manual' })
  const back = new URL(atProvider.headers.get('location') ?? '')
  await visitor.get(back.pathname + back.search)
  expect([...console.sessions.rows.values()].map(({ provedAt }) => provedAt)).toEqual([null])
})

test('leads nowhere but to pages of this console', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  for (const evil of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)']) {
    expect(await visitor.text(`/login/again?to=${encodeURIComponent(evil)}`)).toContain(
      '/login/again/start?to=%2F"',
    )
    expect((await visitor.proveAgain(evil)).headers.get('location')).toBe('/')
  }
})
