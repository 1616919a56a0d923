import { createHash } from 'node:crypto'
import { MICROS_PER_SECOND } from '@varco/core'
import { expect, test } from 'vitest'
import { openConsole } from '../support/open-console.ts'

const MINUTE = 60n * MICROS_PER_SECOND

test('a session ends half an hour after the last request', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  for (let time = 0; time < 5; time++) {
    console.clock.advance(29n * MINUTE)
    expect((await visitor.get('/')).status).toBe(200)
  }
  console.clock.advance(31n * MINUTE)
  expect((await visitor.get('/')).status).toBe(303)
  expect(console.sessions.rows.size).toBe(0)
})

test('a session ends after ten hours, however busy', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  for (let time = 0; time < 30; time++) {
    console.clock.advance(20n * MINUTE)
    expect((await visitor.get('/')).status).toBe(200)
  }
  console.clock.advance(1n)
  expect((await visitor.get('/')).status).toBe(303)
})

test('a login never takes over the session id the browser came with', async () => {
  await using console = await openConsole()
  const victim = console.visitor()
  victim.cookies.set('__Host-varco-session', 'planted-by-an-attacker')
  await victim.signIn()
  expect(victim.cookies.get('__Host-varco-session')).not.toBe('planted-by-an-attacker')
  const attacker = console.visitor()
  attacker.cookies.set('__Host-varco-session', 'planted-by-an-attacker')
  expect((await attacker.get('/log')).status).toBe(303)
})

test('a second login gives a new id and ends the first', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  const first = visitor.cookies.get('__Host-varco-session') ?? ''
  await visitor.signIn()
  expect(visitor.cookies.get('__Host-varco-session')).not.toBe(first)
  expect(console.sessions.rows.size).toBe(1)
  const old = console.visitor()
  old.cookies.set('__Host-varco-session', first)
  expect((await old.get('/')).status).toBe(303)
})

test('the store knows the secret’s hash, never the secret', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  const secret = visitor.cookies.get('__Host-varco-session') ?? ''
  const rows = JSON.stringify([...console.sessions.rows], (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  expect(secret.length).toBeGreaterThanOrEqual(43)
  expect(rows).not.toContain(secret)
  expect(rows).toContain(createHash('sha256').update(secret).digest('base64url'))
})

test('cookies are tied to this host, to TLS and to HTTP', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  const cookies = [
    ...(await visitor.get('/login/start')).headers.getSetCookie(),
    ...(await visitor.signIn()).headers.getSetCookie(),
    ...(await visitor.get('/language/en')).headers.getSetCookie(),
  ]
  expect(cookies.length).toBeGreaterThanOrEqual(4)
  for (const cookie of cookies) {
    expect(cookie).toMatch(/^__Host-varco-(session|login|language)=/)
    for (const attribute of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'])
      expect(cookie).toContain(`; ${attribute}`)
    expect(cookie).not.toContain('Domain')
  }
})

test('on plain http, as in the demo, cookies go without what only TLS allows', async () => {
  await using console = await openConsole({}, { consoleUrl: 'http://127.0.0.1:4401' })
  const visitor = console.visitor()
  const [cookie = ''] = (await visitor.signIn()).headers
    .getSetCookie()
    .filter((line) => line.includes('session'))
  expect(cookie).toMatch(/^varco-session=/)
  expect(cookie).toContain('HttpOnly; SameSite=Lax')
  expect(cookie).not.toContain('Secure')
})

test('an assignment that ends closes the pages at the next request', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  expect((await visitor.get('/log')).status).toBe(200)
  console.engagement.people.set('dpo-1', [])
  expect((await visitor.get('/log')).status).toBe(403)
})
