import { UnavailableError } from '@varco/core'
import { readReport, type Report, type Right } from '@varco/reports'
import { describe, expect, test } from 'vitest'
import { grantBundle } from '../../../engagement/tests/grants/grant-world.ts'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

interface SignedIn {
  readonly visitor: Visitor
  readonly csrf: string
}

async function signedIn(
  console: OpenConsole,
  sub = 'dpo-1',
  headers?: Record<string, string>,
): Promise<SignedIn> {
  console.provider.person = { sub, name: 'Una Persona' }
  const visitor = console.visitor(headers)
  await visitor.signIn()
  await visitor.proveAgain('/reports')
  return { visitor, csrf: await visitor.csrf('/reports/register') }
}

async function requested(
  console: OpenConsole,
  identifier: string | null,
  { right = 'access', confirmed = true }: { readonly right?: Right; readonly confirmed?: boolean } = {},
): Promise<string> {
  const request = await console.deps.requests.desk.receive({
    right,
    receivedAt: console.clock.now(),
    channel: 'post',
    identifier,
    replyTo: null,
    by: 'gse-dpo-1',
  })
  if (confirmed) await console.deps.requests.desk.settleIdentity(request.id, true, 'gse-dpo-1')
  return request.id
}

async function made(console: OpenConsole): Promise<readonly unknown[]> {
  return (await console.reader.search({ kind: 'report-made', limit: 5 })).events
}

const YEAR = { from: '2026-01-01', to: '2026-11-24' }
const BREACH = {
  ...YEAR,
  reference: 'INC-7',
  description: 'Un token rubato',
  aware: '2026-11-24T10:00',
  operator: 'aur-7f3k2',
}

async function orderJson(
  { visitor, csrf }: SignedIn,
  kind: string,
  form: Readonly<Record<string, string>>,
): Promise<Report> {
  const answer = await visitor.post(`/reports/${kind}`, { csrf, format: 'json', sure: 'yes', ...form })
  expect([kind, answer.status, answer.headers.get('content-type')]).toEqual([
    kind,
    200,
    'application/json; charset=utf-8',
  ])
  return JSON.parse(await answer.text()) as Report
}

test('a document is made after being asked twice, and its fingerprint is in the log', async () => {
  await using console = await openConsole()
  const { visitor, csrf } = await signedIn(console)
  const asked = await visitor.post('/reports/register', { csrf, format: 'json' })
  expect(await asked.text()).toContain('non è ancora successo nulla')
  expect(await made(console)).toEqual([])
  const file = await visitor.post('/reports/register', { csrf, format: 'json', sure: 'yes' })
  expect(file.headers.get('content-disposition')).toMatch(
    /^attachment; filename="varco-register-[\w-]+\.json"$/,
  )
  const report = JSON.parse(await file.text()) as Report
  const [event] = await made(console)
  expect(event).toMatchObject({ operator: 'gse-dpo-1' })
  expect(event).toMatchObject({ detail: { content: report.made.content } })
  expect(console.reports.open()).toBe(0)
})

describe('each document of the reports package', () => {
  test.each([
    ['dpo-1', 'register', {}, 'varco/processing-register'],
    ['auditor-1', 'audit', YEAR, 'varco/audit-report'],
    ['dpo-1', 'transparency', YEAR, 'varco/transparency-report'],
    ['manager-1', 'tickets', YEAR, 'varco/ticket-report'],
    [
      'manager-1',
      'drift',
      { contract: 'aurora-2026', from: '2026-01', to: '2026-11' },
      'varco/scope-drift-report',
    ],
    ['dpo-1', 'breach', BREACH, 'varco/breach-scope'],
  ])('%s makes %s from the page, by what its form says', async (sub, kind, form, format) => {
    await using console = await openConsole()
    await console.access({ operator: 'aur-7f3k2' })
    const who = await signedIn(console, sub)
    expect(await who.visitor.text('/reports')).toContain(`href="/reports/${kind}"`)
    expect(await who.visitor.text(`/reports/${kind}`)).toContain('name="format"')
    const told = await (
      await who.visitor.post(`/reports/${kind}`, { csrf: who.csrf, format: 'json', ...form })
    ).text()
    expect(told).toContain('non è ancora successo nulla')
    const report = await orderJson(who, kind, form)
    expect(report).toMatchObject({ format, made: { by: `gse-${sub}` } })
    expect(await made(console)).toMatchObject([{ detail: { report: format, content: report.made.content } }])
  })

  test('the certificate of an exit says what is missing; of a contract without one there is none', async () => {
    const bundle = grantBundle()
    await using console = await openConsole({ bundle: async () => bundle })
    const who = await signedIn(console, 'manager-1')
    const exit = { contract: 'aurora-2026' }
    const none = await who.visitor.post('/reports/exit', {
      ...{ csrf: who.csrf, format: 'pdf', sure: 'yes' },
      ...exit,
    })
    expect([none.status, (await none.text()).includes('non è stata aperta')]).toEqual([400, true])
    const ended = { reason: 'la gara è aggiudicata ad altri', successor: '', sure: 'yes' }
    const second = await signedIn(console, 'manager-2')
    for (const { visitor, csrf } of [who, second])
      await visitor.post('/contracts/aurora-2026/life/terminate', { csrf, ...ended })
    const report = await orderJson(who, 'exit', exit)
    expect(report).toMatchObject({
      format: 'varco/exit-certificate',
      complete: false,
      contract: { id: 'aurora-2026' },
    })
    expect(await who.visitor.text('/contracts/aurora-2026/life')).toContain(
      '/reports/exit?contract=aurora-2026',
    )
  })

  test('what a breach reached is told as its form says, in the body’s time', async () => {
    await using console = await openConsole()
    await console.access({ operator: 'aur-7f3k2' })
    await console.access({ operator: 'aur-other' })
    console.clock.advance(1_000_000n)
    const who = await signedIn(console)
    const report = await orderJson(who, 'breach', {
      ...BREACH,
      measures: 'Token revocato',
      company: 'aurora',
    })
    expect(report).toMatchObject({
      incident: { reference: 'INC-7', aware_at: '2026-11-24T09:00:00.000000Z' },
      scope: { operator: 'aur-7f3k2', company: { id: 'aurora' } },
      figures: { accesses: 1 },
    })
    expect(JSON.stringify(report)).toContain('Token revocato')
  })

  test('the list of the people of a breach is a table apart, and whose data it names is in the log', async () => {
    await using console = await openConsole()
    const id = await console.access({
      operator: 'aur-7f3k2',
      disclosures: [{ resource: 'invoice', recordKey: '1', dataSubject: { kind: 'producer', id: 'P-1' } }],
    })
    expect(id).not.toBe('')
    const { visitor, csrf } = await signedIn(console)
    const told = await visitor.post('/reports/breach', { csrf, ...BREACH, format: 'csv' })
    expect(await told.text()).toContain('L’elenco delle persone le nomina')
    const file = await visitor.post('/reports/breach', { csrf, ...BREACH, format: 'csv', sure: 'yes' })
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(await file.text()).toContain('Schede viste')
  })

  test('an alert fills in the breach, a contract its documents', async () => {
    await using console = await openConsole()
    const { visitor } = await signedIn(console)
    const page = await visitor.text('/reports/breach?operator=aur-7f3k2&aware=2026-11-24T10%3A00&evil=1')
    expect(page).toMatch(/name="operator"[^>]*value="aur-7f3k2"/)
    expect(page).toMatch(/name="aware"[^>]*value="2026-11-24T10:00"/)
    expect(page).not.toContain('name="evil"')
    expect(await visitor.text('/contracts/aurora-2026/drift')).toContain(
      'href="/reports/drift?contract=aurora-2026&amp;from=2025-12&amp;to=2026-11"',
    )
  })

  test.each([
    ['manager-1', ['register', 'transparency', 'drift', 'tickets', 'exit']],
    ['auditor-1', ['register', 'audit', 'transparency']],
  ])('%s is offered what they may make and nothing else', async (sub, kinds) => {
    await using console = await openConsole()
    const { visitor } = await signedIn(console, sub)
    const page = await visitor.text('/reports')
    expect([...page.matchAll(/href="\/reports\/(\w+)"/g)].map(([, kind]) => kind)).toEqual(kinds)
    expect((await visitor.get('/reports/breach')).status).toBe(403)
  })

  test('the figures alone leave as a table', async () => {
    await using console = await openConsole()
    const { visitor, csrf } = await signedIn(console)
    const file = await visitor.post('/reports/tickets', { csrf, ...YEAR, format: 'csv', sure: 'yes' })
    expect(file.headers.get('content-disposition')).toMatch(/\.csv"$/)
    expect((await file.text()).length).toBeGreaterThan(10)
    const none = await visitor.post('/reports/register', { csrf, format: 'csv', sure: 'yes' })
    expect(none.status).toBe(400)
  })
})

test('the report on a person is made for a request alone, by who has proved who they are', async () => {
  await using console = await openConsole()
  const id = await requested(console, 'RSSMRA80A01H501U')
  const unproved = console.visitor()
  await unproved.signIn()
  const led = await unproved.get(`/reports/subject?request=${id}`)
  expect([led.status, led.headers.get('location')?.slice(0, 12)]).toEqual([303, '/login/again'])

  const { visitor, csrf } = await signedIn(console)
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
  const { visitor, csrf } = await signedIn(console)
  const answer = await visitor.post('/reports/subject', { csrf, request: id, format: 'pdf', sure: 'yes' })
  expect([answer.status, (await answer.text()).includes(words)]).toEqual([400, true])
})

describe('the report on a person is not made', () => {
  async function refused(console: OpenConsole, id: string, headers: Record<string, string>) {
    const { visitor, csrf } = await signedIn(console, 'dpo-1', headers)
    // Neither asked once nor twice: nobody is asked whether they are sure of what cannot be.
    for (const sure of [{}, { sure: 'yes' }]) {
      const answer = await visitor.post('/reports/subject', { csrf, request: id, format: 'json', ...sure })
      expect(answer.status).toBe(400)
      if ('sure' in sure) return answer.text()
    }
    return ''
  }

  test.each([
    ['it', 'unconfirmed', 'Prima va confermata l’identità di chi chiede'],
    ['en', 'unconfirmed', 'The identity of who asks must be confirmed first'],
    ['it', 'other-right', 'La richiesta non è di accesso'],
    ['en', 'other-right', 'The request is not one of access'],
    ['it', 'closed', 'La richiesta ha già il suo esito'],
    ['en', 'closed', 'The request has its outcome'],
  ])('%s: for a request that is %s', async (locale, why, words) => {
    await using console = await openConsole()
    const id = await requested(console, 'RSSMRA80A01H501U', {
      right: why === 'other-right' ? 'erasure' : 'access',
      confirmed: why !== 'unconfirmed',
    })
    if (why === 'closed') await console.deps.requests.desk.withdraw(id, 'gse-dpo-1')
    expect(await refused(console, id, { 'accept-language': locale })).toContain(words)
    expect(await made(console)).toEqual([])
    const { events } = await console.reader.search({ kind: 'log-read', limit: 5 })
    expect(events.map(({ detail }) => detail)).not.toContainEqual({ page: 'subject-report', request: id })
  })
})

test.each([
  ['/reports/tickets', { from: '', to: '2026-11-01' }],
  ['/reports/tickets', { from: '2026-11-02', to: '2026-11-01' }],
  ['/reports/tickets', { from: '2026-11-01', to: '2026-11-02', format: 'exe' }],
  ['/reports/drift', { contract: 'nobody', from: '2026-01', to: '2026-02' }],
  ['/reports/drift', { contract: 'aurora-2026', from: '2026-02', to: '2026-01' }],
  ['/reports/exit', { contract: '' }],
  ['/reports/breach', { ...BREACH, reference: '' }],
  ['/reports/breach', { ...BREACH, description: 'x'.repeat(2_001) }],
  ['/reports/breach', { ...BREACH, aware: '2026-11-25T10:00' }],
  ['/reports/breach', { ...BREACH, aware: '2025-12-31T10:00' }],
  ['/reports/breach', { ...BREACH, aware: '2026-13-31T10:00' }],
  ['/reports/breach', { ...BREACH, operator: 'a b<c' }],
  ['/reports/breach', { ...BREACH, company: 'nobody' }],
])('an order that is not right makes nothing: %s %j', async (path, form) => {
  await using console = await openConsole()
  const { visitor, csrf } = await signedIn(console)
  const answer = await visitor.post(path, { format: 'pdf', ...form, csrf, sure: 'yes' })
  expect([answer.status, (await answer.text()).includes('class="field-problem"')]).toEqual([400, true])
  expect(await made(console)).toEqual([])
})

test('what is published begins with the months of the year that are over; of the one that runs nothing is made', async () => {
  await using console = await openConsole()
  const { visitor, csrf } = await signedIn(console)
  const form = await visitor.text('/reports/transparency')
  expect(form).toContain('value="2026-01-01"')
  expect(form).toContain('value="2026-10-31"')
  const running = { from: '2026-11-01', to: '2026-11-30', format: 'json', sure: 'yes' }
  const answer = await visitor.post('/reports/transparency', { csrf, ...running })
  expect([answer.status, await answer.text()]).toEqual([
    400,
    expect.stringContaining('Nel periodo non c’è un mese intero già finito'),
  ])
  expect(await made(console)).toEqual([])
})

test('what is no document is not made', async () => {
  await using console = await openConsole()
  const { visitor, csrf } = await signedIn(console)
  const answer = await visitor.post('/reports/gossip', { csrf, format: 'pdf', sure: 'yes' })
  expect(answer.status).toBe(404)
})

test('what somebody typed is shown as they typed it, and is never markup', async () => {
  await using console = await openConsole()
  const { visitor, csrf } = await signedIn(console)
  const evil = `"'><img src=x onerror=alert(1)>`
  for (const form of [
    { ...BREACH, operator: evil, description: evil },
    { ...BREACH, description: evil, measures: evil, reference: evil },
  ]) {
    const page = await (await visitor.post('/reports/breach', { csrf, format: 'pdf', ...form })).text()
    expect(page).toContain('&lt;img src=x')
    expect(page).not.toContain('<img src=x')
  }
})

describe('faults', () => {
  test('without what it is made from there is no document', async () => {
    await using console = await openConsole({
      reports: { make: () => Promise.reject(new UnavailableError('records')) },
    })
    const { visitor, csrf } = await signedIn(console)
    expect((await visitor.post('/reports/register', { csrf, format: 'pdf', sure: 'yes' })).status).toBe(503)
  })

  test('a second audit waits for the first', async () => {
    await using console = await openConsole({ reports: { make: async () => 'busy' } })
    const { visitor, csrf } = await signedIn(console)
    const answer = await visitor.post('/reports/audit', { csrf, ...YEAR, format: 'pdf', sure: 'yes' })
    expect(await answer.text()).toContain('già in corso')
  })

  test('a document is let go of when the browser has had enough of it', async () => {
    await using console = await openConsole()
    const { visitor, csrf } = await signedIn(console)
    const answer = await visitor.post('/reports/register', { csrf, format: 'html', sure: 'yes' })
    expect(console.reports.open()).toBe(1)
    await answer.body?.cancel()
    expect(console.reports.open()).toBe(0)
  })
})
