import { asId, UnavailableError, type Pseudonym } from '@varco/core'
import { liftRestriction, planErasure, restrictOnRequest } from '@varco/retention'
import { describe, expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

async function dpo(console: OpenConsole): Promise<{ visitor: Visitor; csrf: string }> {
  const visitor = console.visitor()
  await visitor.signIn()
  return { visitor, csrf: await visitor.csrf('/requests') }
}

const RECEIVED = {
  right: 'access',
  channel: 'certified-email',
  received: '2026-11-20',
  identifier: 'RSSMRA80A01H501U',
  replyTo: 'rossi@posta.example',
}

/** Takes a request in through the pages; returns its number. */
async function received(console: OpenConsole, form: Partial<typeof RECEIVED> = {}): Promise<string> {
  const { visitor, csrf } = await dpo(console)
  const answer = await visitor.post('/requests/new', { ...RECEIVED, ...form, csrf, sure: 'yes' })
  return /RQ-\d{4}-\d{6}/.exec(answer.headers.get('location') ?? '')?.[0] ?? ''
}

test('a request is taken in after being read again, with its deadline', async () => {
  await using console = await openConsole()
  const { visitor, csrf } = await dpo(console)
  const asked = await (await visitor.post('/requests/new', { ...RECEIVED, csrf })).text()
  for (const words of [
    'non è ancora successo nulla',
    'Accesso (art. 15)',
    '20 novembre 2026',
    'RSSMRA80A01H501U',
  ])
    expect(asked).toContain(words)
  expect(await console.requests.open()).toEqual([])

  const done = await visitor.post('/requests/new', { ...RECEIVED, csrf, sure: 'yes' })
  expect(done.headers.get('location')).toBe('/requests/RQ-2026-000001?done=received')
  const page = await visitor.text('/requests/RQ-2026-000001')
  // 20 December is a Sunday: the last day is the Monday.
  for (const words of ['21 dicembre 2026', 'Mancano 27 giorni', 'rossi@posta.example'])
    expect(page).toContain(words)
})

test('the lists and the calendar name no data subject, and the log no identifier', async () => {
  await using console = await openConsole()
  const id = await received(console)
  const { visitor } = await dpo(console)
  for (const path of ['/requests', '/requests/all', '/requests/calendar?month=2026-12']) {
    const page = await visitor.text(path)
    expect(page).toContain(id)
    expect(page).not.toContain('RSSMRA')
    expect(page).not.toContain('rossi@')
  }
  await visitor.get(`/requests/${id}`)
  const { events } = await console.reader.search({ limit: 50 })
  expect(events.slice(0, 2).map(({ kind, detail }) => [kind, detail?.['request']])).toEqual([
    ['log-read', id],
    ['request-moved', id],
  ])
  const text = JSON.stringify(events, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  expect(text).not.toMatch(/RSSMRA|rossi@/)
})

test('one request is shown only once its reading is recorded', async () => {
  await using console = await openConsole()
  const id = await received(console)
  const log = { ...console.log, append: () => Promise.reject(new UnavailableError('access log')) }
  await using broken = await openConsole({ log, requests: console.deps.requests })
  const { visitor } = await dpo(broken)
  const answer = await visitor.get(`/requests/${id}`)
  expect(answer.status).toBe(503)
  expect(await answer.text()).not.toContain('RSSMRA')
})

test('from the proof of identity to the answer, each step asked twice', async () => {
  await using console = await openConsole()
  const id = await received(console)
  const { visitor, csrf } = await dpo(console)
  const act = async (name: string, form: Record<string, string> = {}): Promise<string> => {
    const path = `/requests/${id}/${name}`
    const before = await console.requests.find(id)
    const asked = await visitor.post(path, { ...form, csrf })
    expect([name, asked.status]).toEqual([name, 200])
    expect(await console.requests.find(id)).toEqual(before)
    const done = await visitor.post(path, { ...form, csrf, sure: 'yes' })
    expect([name, done.status]).toEqual([name, 303])
    return visitor.text(done.headers.get('location') ?? '')
  }
  expect(await act('ask-identity')).toContain('In attesa della prova di identità')
  expect(await act('confirm-identity')).toContain('Identità confermata')
  expect(await act('extend', { reason: 'Vanno raccolti gli archivi di tre società.' })).toContain(
    'Vanno raccolti gli archivi',
  )
  const page = await act('answer', { answer: 'ab'.repeat(32) })
  expect(page).toContain('Risposta data')
  expect(page).toContain('ab'.repeat(32))
  expect(page).not.toContain('Non accogliere')
  const { events } = await console.reader.search({ kind: 'request-moved', limit: 20 })
  expect(events.map(({ detail, operator }) => [detail?.['act'], operator]).reverse()).toEqual(
    ['received', 'identity-asked', 'identity-confirmed', 'extended', 'answered'].map((name) => [
      name,
      'gse-dpo-1',
    ]),
  )
})

test.each<[string, Record<string, string>, string]>([
  ['answer', { answer: 'ab'.repeat(32) }, 'Prima di rispondere con dati personali va confermata'],
  ['answer', { answer: 'not a fingerprint' }, 'Serve l’impronta'],
  ['deny-identity-twice', {}, ''],
  ['extend', { reason: 'Poche parole.' }, 'almeno venti caratteri'],
  [
    'refuse',
    { ground: 'identity-not-confirmed', reason: 'Nessuna prova è arrivata.' },
    'Non è stata chiesta',
  ],
])('what the desk does not allow is told, and nothing is done: %s', async (name, form, words) => {
  await using console = await openConsole()
  const id = await received(console)
  const { visitor, csrf } = await dpo(console)
  const before = await console.requests.find(id)
  const answer = await visitor.post(`/requests/${id}/${name}`, { ...form, csrf, sure: 'yes' })
  expect(answer.status).toBe(words === '' ? 404 : 400)
  expect(await answer.text()).toContain(words)
  expect(await console.requests.find(id)).toEqual(before)
})

test.each([
  [{ right: 'forgetting' }, 'Scegli il diritto'],
  [{ channel: 'pigeon' }, 'Scegli come è arrivata'],
  [{ received: '2026-13-01' }, 'Indica il giorno'],
  [{ received: '2027-01-01' }, 'Indica il giorno'],
  [{ identifier: 'x'.repeat(129) }, 'troppo lungo'],
])('a form that is not right is asked for again: %j', async (wrong, words) => {
  await using console = await openConsole()
  const { visitor, csrf } = await dpo(console)
  const answer = await visitor.post('/requests/new', { ...RECEIVED, ...wrong, csrf, sure: 'yes' })
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain(words)
  expect(await console.requests.open()).toEqual([])
})

test('the nearest deadline stands first, and what is overdue says so', async () => {
  await using console = await openConsole()
  const later = await received(console)
  const sooner = await received(console, { received: '2026-09-01' })
  const { visitor } = await dpo(console)
  const page = await visitor.text('/requests')
  expect(page.indexOf(sooner)).toBeLessThan(page.indexOf(later))
  expect(page).toContain('Scaduta da')
  expect(await visitor.text('/requests/calendar')).toContain('novembre 2026')
  expect(await visitor.text('/requests/calendar?month=2026-99')).toContain('novembre 2026')
})

test('markup in what was written stays text', async () => {
  await using console = await openConsole()
  const evil = `"'><img src=x onerror=alert(1)><script>alert(1)</script>`
  const id = await received(console, { identifier: evil, replyTo: evil })
  const { visitor, csrf } = await dpo(console)
  await visitor.post(`/requests/${id}/extend`, { csrf, reason: evil, sure: 'yes' })
  for (const page of [
    await visitor.text(`/requests/${id}`),
    await (await visitor.post('/requests/new', { ...RECEIVED, identifier: evil, csrf })).text(),
    await (await visitor.post(`/requests/${id}/refuse`, { csrf, reason: evil, ground: evil })).text(),
  ]) {
    expect(page).toContain('&lt;img src=x')
    expect(page).not.toMatch(/<img src=x|<script>alert/)
  }
})

describe('what a request asks of records', () => {
  async function asked(
    console: OpenConsole,
    right: 'erasure' | 'restriction',
    identifier: string | null = 'RSSMRA80A01H501U',
  ): Promise<string> {
    const { desk } = console.deps.requests
    const { id } = await desk.receive({
      ...{
        right,
        identifier,
        receivedAt: console.clock.now(),
        channel: 'post',
        replyTo: null,
        by: 'gse-dpo-1',
      },
    })
    return id
  }

  async function dpoWho(console: OpenConsole): Promise<{ visitor: Visitor; csrf: string }> {
    const visitor = console.visitor()
    await visitor.signIn()
    await visitor.proveAgain('/requests')
    return { visitor, csrf: await visitor.csrf('/requests/new') }
  }

  test('an erasure becomes a plan under the request’s number, after two yeses and with the identity confirmed', async () => {
    await using console = await openConsole()
    const id = await asked(console, 'erasure')
    const { visitor, csrf } = await dpoWho(console)
    expect(await visitor.text(`/requests/${id}`)).toContain('Prima va confermata l’identità')
    const early = await visitor.post(`/requests/${id}/erase`, { csrf, sure: 'yes' })
    expect([early.status, console.retention.plans.size]).toEqual([400, 0])
    await console.deps.requests.desk.settleIdentity(id, true, 'gse-dpo-1')
    const told = await (await visitor.post(`/requests/${id}/erase`, { csrf })).text()
    expect(told).toContain('Nessun record viene toccato ora')
    expect(console.retention.plans.size).toBe(0)
    expect((await visitor.post(`/requests/${id}/erase`, { csrf, sure: 'yes' })).status).toBe(303)
    const [plan] = [...console.retention.plans.values()]
    expect(plan).toMatchObject({
      plannedBy: 'gse-dpo-1',
      request: { id, dataSubject: { kind: 'producer', id: 'P-1' } },
    })
    expect(await visitor.text(`/requests/${id}`)).toContain(`/retention/plans/${plan?.id}`)
  })

  test('a restriction is in force at once, and says which case it is', async () => {
    await using console = await openConsole()
    const id = await asked(console, 'restriction')
    await console.deps.requests.desk.settleIdentity(id, true, 'gse-dpo-1')
    const { visitor, csrf } = await dpoWho(console)
    const short = await visitor.post(`/requests/${id}/restrict`, { csrf, reason: 'boh', sure: 'yes' })
    expect(short.status).toBe(400)
    const reason = 'Lett. a: contesta l’esattezza'
    const done = await visitor.post(`/requests/${id}/restrict`, { csrf, reason, sure: 'yes' })
    expect(done.headers.get('location')).toBe(`/requests/${id}?done=restrict`)
    const inForce = await console.retention.desk.restrictions.restrictions()
    expect(inForce).toMatchObject([
      { request: id, reason, scope: { kind: 'data-subject', dataSubject: { kind: 'producer', id: 'P-1' } } },
    ])
  })

  test.each([
    ['erasure', 'erase', {}],
    ['restriction', 'restrict', { reason: 'Lett. a: contesta l’esattezza' }],
  ] as const)('a form of %s that is sent twice does it once', async (right, name, form) => {
    await using console = await openConsole()
    const id = await asked(console, right)
    await console.deps.requests.desk.settleIdentity(id, true, 'gse-dpo-1')
    const { visitor, csrf } = await dpoWho(console)
    const send = () => visitor.post(`/requests/${id}/${name}`, { csrf, ...form, sure: 'yes' })
    const together = await Promise.all([send(), send()])
    expect([...together, await send()].map(({ status }) => status)).toEqual([303, 303, 303])
    const inForce = await console.retention.desk.restrictions.restrictions()
    expect(console.retention.plans.size + inForce.length).toBe(1)
    const kind = right === 'erasure' ? 'retention-planned' : 'restriction-placed'
    const { events } = await console.reader.search({ kind, limit: 5 })
    expect(events).toHaveLength(1)
    expect(JSON.stringify(events[0]?.detail)).not.toContain('P-1"')
  })

  test('what was lifted or cancelled can be done again', async () => {
    await using console = await openConsole()
    const { desk, plans } = console.retention
    const by = asId<Pseudonym>('gse-dpo-1')
    const person = { request: 'RQ-2026-000009', dataSubject: { kind: 'producer', id: 'P-1' }, by }
    const restrict = async () => {
      const outcome = await restrictOnRequest(desk, { ...person, reason: 'contesta l’esattezza' })
      return outcome.ok ? outcome.restriction.id : null
    }
    const first = await restrict()
    expect(await liftRestriction(desk, first ?? '', asId('gse-dpo-2'), true)).toMatchObject({ ok: true })
    const second = await restrict()
    expect([second === first, await restrict()]).toEqual([false, second])
    expect(await desk.restrictions.restrictions()).toMatchObject([{ id: second }])
    const plan = await planErasure(desk, person)
    plans.set(plan.id, { ...plan, state: 'cancelled' })
    expect((await planErasure(desk, person)).id).not.toBe(plan.id)
    const other = await planErasure(desk, { ...person, dataSubject: { kind: 'producer', id: 'P-2' } })
    expect([plans.size, plans.get(other.id)?.request?.dataSubject?.id]).toEqual([3, 'P-2'])
  })

  test('a restriction asks for a proof of who acts', async () => {
    await using console = await openConsole()
    const id = await asked(console, 'restriction')
    const visitor = console.visitor()
    await visitor.signIn()
    const csrf = await visitor.csrf('/requests/new')
    const led = await visitor.post(`/requests/${id}/restrict`, {
      csrf,
      reason: 'Lett. a dell’art. 18',
      sure: 'yes',
    })
    expect(led.headers.get('location')).toMatch(/^\/login\/again/)
  })

  test.each([
    ['several people', 'HOMONYM', 'porta a più persone'],
    ['nobody', 'NESSUNO', 'non conoscono nessuno'],
  ])('whose records they are is never guessed: %s', async (_name, identifier, words) => {
    await using console = await openConsole()
    const id = await asked(console, 'erasure', identifier)
    await console.deps.requests.desk.settleIdentity(id, true, 'gse-dpo-1')
    const { visitor, csrf } = await dpoWho(console)
    const answer = await visitor.post(`/requests/${id}/erase`, { csrf, sure: 'yes' })
    expect([answer.status, (await answer.text()).includes(words)]).toEqual([400, true])
    expect(console.retention.plans.size).toBe(0)
  })

  test('a request does to records what it asks and nothing else', async () => {
    await using console = await openConsole()
    const erasure = await asked(console, 'erasure')
    const restriction = await asked(console, 'restriction')
    const { visitor, csrf } = await dpoWho(console)
    expect((await visitor.post(`/requests/${restriction}/erase`, { csrf, sure: 'yes' })).status).toBe(404)
    expect((await visitor.post(`/requests/${erasure}/restrict`, { csrf, sure: 'yes' })).status).toBe(404)
  })
})
