import { createHash } from 'node:crypto'
import { UnavailableError } from '@varco/core'
import { readReport } from '@varco/reports'
import { expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

async function dpo(console: OpenConsole): Promise<{ visitor: Visitor; csrf: string }> {
  const visitor = console.visitor()
  await visitor.signIn()
  await visitor.proveAgain('/reports')
  return { visitor, csrf: await visitor.csrf('/reports') }
}

async function requested(console: OpenConsole, identifier: string | null): Promise<string> {
  const request = await console.deps.requests.desk.receive({
    right: 'access',
    receivedAt: console.clock.now(),
    channel: 'post',
    identifier,
    replyTo: null,
    by: 'gse-dpo-1',
  })
  return request.id
}

test('a document is made after being asked twice, and its fingerprint is in the log', async () => {
  await using console = await openConsole()
  const { visitor, csrf } = await dpo(console)
  const asked = await visitor.post('/reports/register', { csrf, format: 'json' })
  expect(await asked.text()).toContain('non è ancora successo nulla')
  expect((await console.reader.search({ kind: 'report-made', limit: 5 })).events).toEqual([])
  const file = await visitor.post('/reports/register', { csrf, format: 'json', sure: 'yes' })
  expect(file.headers.get('content-disposition')).toMatch(
    /^attachment; filename="varco-register-[\w-]+\.json"$/,
  )
  const json = await file.text()
  const report = JSON.parse(json) as { made: { content: string } }
  const [event] = (await console.reader.search({ kind: 'report-made', limit: 1 })).events
  expect(event).toMatchObject({ operator: 'gse-dpo-1' })
  expect(JSON.stringify(event?.detail)).toContain(report.made.content)
  expect(createHash('sha256').update(json).digest('hex')).toHaveLength(64)
})

test('the report on a person is made for a request alone, by who has proved who they are', async () => {
  await using console = await openConsole()
  const id = await requested(console, 'RSSMRA80A01H501U')
  const unproved = console.visitor()
  await unproved.signIn()
  const led = await unproved.get(`/reports/subject?request=${id}`)
  expect([led.status, led.headers.get('location')?.slice(0, 12)]).toEqual([303, '/login/again'])

  const { visitor, csrf } = await dpo(console)
  expect((await visitor.get('/reports/subject')).headers.get('location')).toBe('/requests')
  expect(await visitor.text(`/reports/subject?request=${id}`)).toContain(id)
  const file = await visitor.post('/reports/subject', { csrf, request: id, format: 'html', sure: 'yes' })
  // A file, never a page under the console's own address.
  expect(file.headers.get('content-type')).toBe('application/octet-stream')
  const read = readReport(Buffer.from(await file.arrayBuffer()))
  expect(JSON.stringify(read)).toContain('RSSMRA80A01H501U')
  const { events } = await console.reader.search({ kind: 'log-read', limit: 5 })
  expect(events.map(({ detail }) => detail)).toContainEqual({ page: 'subject-report', request: id })
})

test.each([
  [null, 'non indica con che cosa'],
  ['HOMONYM', 'porta a più persone'],
])('whom a request does not name clearly is not guessed: %s', async (identifier, words) => {
  await using console = await openConsole()
  const id = await requested(console, identifier)
  const { visitor, csrf } = await dpo(console)
  const answer = await visitor.post('/reports/subject', { csrf, request: id, format: 'pdf', sure: 'yes' })
  expect([answer.status, (await answer.text()).includes(words)]).toEqual([400, true])
})

test.each([
  ['/reports/tickets', { from: '', to: '2026-11-01' }, 400],
  ['/reports/tickets', { from: '2026-11-02', to: '2026-11-01' }, 400],
  ['/reports/tickets', { from: '2026-11-01', to: '2026-11-02', format: 'exe' }, 400],
  ['/reports/gossip', {}, 404],
])('an order that is not right makes nothing: %s %j', async (path, form, status) => {
  await using console = await openConsole()
  const { visitor, csrf } = await dpo(console)
  const answer = await visitor.post(path, { format: 'pdf', ...form, csrf, sure: 'yes' })
  expect(answer.status).toBe(status)
  expect((await console.reader.search({ kind: 'report-made', limit: 5 })).events).toEqual([])
})

test('without what it is made from there is no document', async () => {
  await using console = await openConsole({
    reports: { make: () => Promise.reject(new UnavailableError('records')) },
  })
  const { visitor, csrf } = await dpo(console)
  expect((await visitor.post('/reports/register', { csrf, format: 'pdf', sure: 'yes' })).status).toBe(503)
})
