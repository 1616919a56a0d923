import { UnavailableError } from '@varco/core'
import { describe, expect, test } from 'vitest'
import { openConsole, type OpenConsole } from './support/open-console.ts'
import type { ConsoleDeps } from '@varco/console'

const gone = (service: string) => () => Promise.reject(new UnavailableError(service))

async function signedIn(console: OpenConsole) {
  const visitor = console.visitor()
  await visitor.signIn()
  return visitor
}

describe('when the database is gone', () => {
  test('a reading that cannot be recorded is not shown', async () => {
    let recording = true
    await using base = await openConsole()
    await using console = await openConsole({
      reader: base.reader,
      log: { append: (draft) => (recording ? base.log.append(draft) : gone('access log')()) },
    })
    const id = await base.access({ ticket: 'T-SECRET' })
    const visitor = await signedIn(console)
    recording = false
    for (const path of ['/log', `/log/events/${id}`]) {
      const answer = await visitor.get(path)
      expect(answer.status).toBe(503)
      expect(await answer.text()).not.toContain('T-SECRET')
    }
    const csrf = await visitor.csrf('/log/data-subject')
    const inVain = { csrf, by: 'producer:id', identifier: 'P-none', case: 'RPD-2026-1' }
    expect((await visitor.post('/log/data-subject', inVain)).status).toBe(503)
    recording = true
    expect(await visitor.text('/log')).toContain('T-SECRET')
  })

  test.each<[string, (deps: ConsoleDeps) => Partial<ConsoleDeps>]>([
    ['sessions', ({ sessions }) => ({ sessions: { ...sessions, find: gone('session store') } })],
    [
      'the log',
      ({ reader }) => ({ reader: { ...reader, search: gone('access log'), state: gone('access log') } }),
    ],
    ['assignments', ({ engagement }) => ({ engagement: { ...engagement, whoIs: gone('engagement') } })],
    ['the bundle', () => ({ bundle: gone('policy') })],
  ])('without %s the page says so, in the reader’s language', async (_name, broken) => {
    await using base = await openConsole()
    const visitor = await signedIn(base)
    await using console = await openConsole({ ...base.deps, ...broken(base.deps) })
    const cookies = { cookie: [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
    for (const path of ['/', '/log']) {
      const answer = await console.visitor({ 'accept-language': 'en', ...cookies }).get(path)
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
      const page = await answer.text()
      expect(page).toContain('<html lang="en">')
      expect(page).toContain('Service not available at the moment')
    }
    expect(base.technicalLog.at(-1)?.fields).toMatchObject({ service: expect.any(String) as string })
  })
})

test('a fault shows a number to quote and tells nothing of what went wrong', async () => {
  await using base = await openConsole()
  await using console = await openConsole({
    reader: { ...base.reader, search: () => Promise.reject(new Error('row RSSMRA80A01H501U is broken')) },
  })
  const visitor = await signedIn(console)
  const answer = await visitor.get('/log?ticket=T-SECRET')
  expect(answer.status).toBe(500)
  const page = await answer.text()
  expect(page).not.toContain('RSSMRA80A01H501U')
  const entry = console.technicalLog.at(-1)
  expect(entry?.message).toBe('page not shown: a fault')
  expect(page).toContain(String(entry?.fields?.['requestId']))
  expect(JSON.stringify(console.technicalLog)).not.toMatch(/RSSMRA80A01H501U|T-SECRET/)
})
