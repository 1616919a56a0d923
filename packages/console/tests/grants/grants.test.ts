import { asId, type Pseudonym, type PurposeId, type TicketId } from '@varco/core'
import { ticketFact } from '@varco/engagement/testing'
import { describe, expect, test } from 'vitest'
import { grantBundle } from '../../../engagement/tests/grants/grant-world.ts'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

const ASKING = {
  resource: 'antimafia_check',
  action: 'read',
  purpose: 'antimafia-status',
  ticket: 'T-antimafia',
  matter: 'record',
  record: '7700077',
  minutes: '45',
  reason: 'chi chiama chiede il giorno',
  how: 'ask',
}

async function consoleWithGrants(): Promise<OpenConsole> {
  const bundle = grantBundle()
  const console = await openConsole({ bundle: async () => bundle })
  const ticket = ticketFact({
    id: asId('T-antimafia'),
    contract: asId('aurora-2026'),
    purpose: asId('antimafia-status'),
    dataSubject: 'P-1',
  })
  console.engagement.tickets.set(ticket.id, ticket)
  return console
}

/** One of the body's staff. */
async function staffMember(console: OpenConsole, sub: string): Promise<Visitor> {
  console.provider.person = { sub, name: 'Pia Verdi' }
  const visitor = console.visitor()
  await visitor.signIn()
  return visitor
}

async function operator(console: OpenConsole, sub = 'anna'): Promise<Visitor> {
  console.aurora.person = { sub, name: 'Anna Gialli' }
  const visitor = console.visitor()
  await visitor.signIn('/', 'aurora')
  return visitor
}

/** Sends an act and says yes to what is asked then. */
async function twice(visitor: Visitor, path: string, form: Record<string, string> = {}): Promise<Response> {
  const csrf = await visitor.csrf('/grants/mine')
  const asked = await visitor.post(path, { ...form, csrf })
  expect([path, asked.status]).toEqual([path, 200])
  const page = await asked.text()
  expect(page).toContain('name="sure" value="yes"')
  expect(page).toContain('Che cosa succede')
  return visitor.post(path, { ...form, csrf, sure: 'yes' })
}

async function asked(console: OpenConsole, over: Partial<typeof ASKING> = {}): Promise<string> {
  const anna = await operator(console)
  const answer = await anna.post('/grants/new', { ...ASKING, ...over, csrf: await anna.csrf('/grants/mine') })
  if (answer.status !== 303) throw new Error(/<p class="mb-1">(.*?)<\/p>/.exec(await answer.text())?.[1])
  const location = answer.headers.get('location') ?? ''
  expect([answer.status, location]).toEqual([303, expect.stringMatching(/^\/grants\/G-\d+\?done=/)])
  return location.replace(/\?.*/, '')
}

const kinds = async (console: OpenConsole): Promise<string[]> =>
  (await console.reader.search({ limit: 50 })).events.map(({ kind }) => kind).reverse()

describe('asking', () => {
  test('a refusal’s link fills in the form; what is sent waits for the unit', async () => {
    await using console = await consoleWithGrants()
    const anna = await operator(console)
    const page = await anna.text(
      '/grants/new?resource=antimafia_check&action=read&purpose=antimafia-status&ticket=T-antimafia',
    )
    expect(page).toContain('<option value="antimafia_check" selected="">Verifica antimafia</option>')
    expect(page).toContain('<option value="antimafia-status" selected="">')
    expect(page).toContain('value="T-antimafia"')
    const path = await asked(console)
    const own = await anna.text(`${path}?done=asked`)
    expect(own).toContain('La richiesta è stata inviata')
    expect(own).toContain('7700077')
    expect(own).toContain('Rinuncia')
    expect(own).not.toContain('Approva')
    expect(await anna.text('/grants/mine')).toContain(path)
    expect(await kinds(console)).toContain('grant-asked')
  })

  test('all records of a data subject are those of the ticket’s', async () => {
    await using console = await consoleWithGrants()
    await asked(console, { matter: 'person', record: '' })
    const [grant] = await console.grants.grants({ limit: 1 })
    expect(grant?.matter).toMatchObject({ record: null, dataSubject: 'P-1' })
  })

  test('data that no rule opens to the asker are not named', async () => {
    await using console = await consoleWithGrants()
    const officer = await staffMember(console, 'manager-1')
    expect(await officer.text('/grants/new')).not.toContain('antimafia_check')
  })

  test('what is missing is said beside its field, and nothing is asked', async () => {
    await using console = await consoleWithGrants()
    const anna = await operator(console)
    const csrf = await anna.csrf('/grants/mine')
    const bad = { ...ASKING, record: '', minutes: 'molti', reason: 'boh', csrf }
    const answer = await anna.post('/grants/new', bad)
    expect(answer.status).toBe(400)
    const page = await answer.text()
    for (const words of [
      'Indica il codice della scheda',
      'numero intero di minuti',
      'almeno dieci caratteri',
    ])
      expect(page).toContain(words)
    const refused = await anna.post('/grants/new', { ...ASKING, ticket: 'T-altrui', csrf })
    expect([refused.status, (await refused.text()).includes('Non è stato fatto nulla')]).toEqual([409, true])
    expect(await console.grants.grants({ limit: 9 })).toEqual([])
    expect(await kinds(console)).not.toContain('grant-asked')
  })

  test('an emergency asks twice, opens at once, and waits for its review', async () => {
    await using console = await consoleWithGrants()
    const anna = await operator(console)
    const form = { ...ASKING, minutes: '20', reason: 'la persona sta male e serve subito', how: 'emergency' }
    const answer = await twice(anna, '/grants/new', form)
    expect(answer.headers.get('location')).toMatch(/done=emergency$/)
    const path = (answer.headers.get('location') ?? '').replace(/\?.*/, '')
    expect(await anna.text(path)).toContain('Emergenza da riesaminare')

    const pia = await staffMember(console, 'approver-1')
    expect(await pia.text('/grants?view=reviews')).toContain(path)
    const csrf = await pia.csrf('/grants')
    expect((await pia.post(`${path}/review`, { csrf, outcome: 'justified', note: '' })).status).toBe(400)
    const done = await twice(pia, `${path}/review`, {
      outcome: 'unjustified',
      note: 'nessuna urgenza trovata',
    })
    expect(done.headers.get('location')).toBe(`${path}?done=reviewed`)
    const reviewed = await pia.text(path)
    expect(reviewed).toContain('nessuna urgenza trovata')
    expect(reviewed).not.toContain('Registra il riesame')
    expect(await pia.text('/grants?view=reviews')).not.toContain(path)
  })
})

describe('deciding', () => {
  test('the unit that owns the data approves, for as long or shorter, and revokes', async () => {
    await using console = await consoleWithGrants()
    const path = await asked(console)
    const pia = await staffMember(console, 'approver-1')
    expect(await pia.text('/grants')).toContain(path)
    const page = await pia.text(path)
    for (const words of [
      '7700077',
      'chi chiama chiede il giorno',
      'Aurora Servizi S.r.l.',
      'Approva',
      'Rifiuta',
    ])
      expect(page).toContain(words)
    const done = await twice(pia, `${path}/approve`, { minutes: '10' })
    expect([done.status, done.headers.get('location')]).toEqual([303, `${path}?done=approved`])
    const [grant] = await console.grants.grants({ limit: 1 })
    expect(grant?.expiresAt).toBe(console.clock.now() + 600_000_000n)
    expect(await (await operator(console)).text(path)).toContain('In vigore')
    await twice(pia, `${path}/revoke`)
    expect(await pia.text(path)).toContain('Revocata')
    expect(await kinds(console)).toEqual(expect.arrayContaining(['grant-approved', 'grant-revoked']))
  })

  test('nothing is decided until it was asked twice', async () => {
    await using console = await consoleWithGrants()
    const path = await asked(console)
    const pia = await staffMember(console, 'approver-1')
    const csrf = await pia.csrf('/grants')
    for (const act of ['approve', 'refuse', 'revoke']) {
      for (const sure of [{}, { sure: 'no' }, { sure: '' }])
        await pia.post(`${path}/${act}`, { csrf, minutes: '10', ...(sure as Record<string, string>) })
    }
    expect((await console.grants.grants({ limit: 1 }))[0]?.state).toBe('asked')
  })

  test('nobody decides on their own request, nor on another unit’s, nor twice', async () => {
    await using console = await consoleWithGrants()
    const path = await asked(console)
    // Another unit's approver does not even learn that it exists.
    const other = await staffMember(console, 'approver-2')
    const csrf = await other.csrf('/grants')
    expect(await other.text('/grants?view=all')).not.toContain(path)
    expect((await other.get(path)).status).toBe(404)
    for (const act of ['approve', 'refuse', 'review', 'revoke']) {
      const answer = await other.post(`${path}/${act}`, { csrf, minutes: '5', sure: 'yes' })
      expect([act, answer.status]).toEqual([act, 404])
    }
    // Neither the operator, nor a colleague, nor the DPO, who sees it.
    const anna = await operator(console)
    const colleague = await operator(console, 'bea')
    const dpo = await staffMember(console, 'dpo-1')
    expect((await colleague.get(path)).status).toBe(404)
    expect(await dpo.text(path)).toContain('Non c’è nulla che tu possa fare')
    for (const [visitor, status] of [
      [anna, 403],
      [colleague, 403],
      [dpo, 403],
    ] as const) {
      for (const act of ['approve', 'refuse', 'review']) {
        const form = { csrf: await visitor.csrf('/grants/mine'), minutes: '5', sure: 'yes' }
        expect([act, (await visitor.post(`${path}/${act}`, form)).status]).toEqual([act, status])
      }
    }
    expect((await console.grants.grants({ limit: 1 }))[0]?.state).toBe('asked')
    const pia = await staffMember(console, 'approver-1')
    await twice(pia, `${path}/refuse`)
    const late = await pia.post(`${path}/approve`, {
      csrf: await pia.csrf('/grants'),
      minutes: '5',
      sure: 'yes',
    })
    expect([late.status, (await late.text()).includes('è già stata decisa')]).toEqual([409, true])
  })

  test('whose data a grant is about is shown only once that is recorded, with whom', async () => {
    await using console = await consoleWithGrants()
    const path = await asked(console)
    const pia = await staffMember(console, 'approver-1')
    await pia.text('/grants')
    const listed = (await console.reader.search({ kind: 'log-read', limit: 9 })).events
    expect(listed[0]?.detail).toEqual({ page: 'grants', view: 'waiting', shown: 1 })
    const before = listed.length
    await pia.text(path)
    const { events } = await console.reader.search({ kind: 'log-read', limit: 9 })
    expect(events.length).toBe(before + 1)
    expect(events[0]).toMatchObject({ operator: 'gse-approver-1', detail: { page: 'grant' } })
    expect(JSON.stringify({ ...events[0], at: null })).not.toContain('7700077')
    const found = await console.reader.search({ dataSubject: { kind: 'producer', id: 'P-1' }, limit: 9 })
    expect(found.events.map(({ id }) => id)).toContain(events[0]?.id)
  })

  test('a contractor whose contract has ended is shown nothing of what they asked', async () => {
    await using console = await consoleWithGrants()
    const path = await asked(console)
    const anna = await operator(console)
    const state = console.engagement.states.get('aurora-2026')
    if (state !== undefined) console.engagement.states.set('aurora-2026', { ...state, state: 'frozen' })
    expect((await anna.get(path)).status).toBe(404)
    expect(await anna.text('/grants/mine')).toContain('Nessun incarico in corso ti permette')
    expect(await anna.text('/grants/new')).toContain('Nessun incarico in corso ti permette')
  })
})

test('markup in whatever was asked stays text, on every page of a grant', async () => {
  await using console = await consoleWithGrants()
  const evil = `"'><img src=x onerror=alert(1)><script>alert(1)</script>`
  const path = await asked(console, { reason: evil })
  const [grant] = await console.grants.grants({ limit: 1 })
  if (grant === undefined) throw new Error('nothing was asked')
  // Wider than any form lets in: what is stored may come from elsewhere.
  const matter = {
    ...grant.matter,
    record: evil,
    dataSubject: evil,
    ticket: asId<TicketId>(evil),
    purpose: asId<PurposeId>(evil),
  }
  const everywhere = {
    ...grant,
    matter,
    role: evil,
    unit: evil,
    pseudonym: asId<Pseudonym>(evil),
    revision: 1,
  } as const
  await console.grants.replaceGrant(everywhere)
  const pia = await staffMember(console, 'approver-1')
  const csrf = await pia.csrf('/grants')
  const pages = [
    await pia.text(path),
    await (await pia.post(`${path}/approve`, { csrf, minutes: '10' })).text(),
    await (await pia.post(`${path}/review`, { csrf, outcome: evil, note: evil })).text(),
    await (
      await operator(console)
    ).text(
      `/grants/new?resource=${encodeURIComponent(evil)}&ticket=${encodeURIComponent(evil)}&reason=${encodeURIComponent(evil)}`,
    ),
  ]
  for (const page of pages) {
    expect(page).not.toMatch(/<img src=x|<script>alert/i)
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=(?!alert\(1\)&gt;)/)
  }
  expect(pages[0]).toContain('&lt;img src=x')
})
