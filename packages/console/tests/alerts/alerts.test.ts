import { MICROS_PER_SECOND, type Pseudonym } from '@varco/core'
import { commitOf, findingOf } from '@varco/oversight/testing'
import { describe, expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

const HOUR = 3_600n * MICROS_PER_SECOND
const EVIL = `"'><img src=x onerror=alert(1)><script>alert(1)</script>`

interface Case {
  readonly console: OpenConsole
  readonly path: string
  readonly pseudonym: Pseudonym
}

/** An alert about an operator whose identity is kept, with an access in the log. */
async function consoleWithAlert(over: Parameters<typeof findingOf>[0] = {}): Promise<Case> {
  const console = await openConsole()
  const pseudonym = await console.vault.enroll(
    { issuer: 'https://login.aurora.example', externalId: 'anna' },
    'aurora-2026',
  )
  const event = await console.access({ operator: pseudonym })
  const at = console.clock.now()
  const finding = findingOf({ operator: pseudonym, events: [event], firstAt: at, lastAt: at, ...over })
  const sameRule = findingOf({ key: 'other', operator: 'AUR-9', firstAt: at, lastAt: at })
  await console.oversight.commit(commitOf({ findings: [finding, sameRule], now: at }))
  const alerts = await console.oversight.alerts({ limit: 9 })
  const id = alerts.find(({ operator }) => operator === finding.operator)?.id ?? ''
  return { console, path: `/alerts/${id}`, pseudonym }
}

async function staffMember(console: OpenConsole, sub = 'dpo-1'): Promise<Visitor> {
  console.provider.person = { sub, name: 'Ada Bianchi' }
  const visitor = console.visitor()
  await visitor.signIn()
  return visitor
}

async function twice(visitor: Visitor, path: string, form: Record<string, string> = {}): Promise<Response> {
  const csrf = await visitor.csrf('/alerts')
  const asked = await visitor.post(path, { ...form, csrf })
  expect([path, asked.status]).toEqual([path, 200])
  expect(await asked.text()).toContain('name="sure" value="yes"')
  return visitor.post(path, { ...form, csrf, sure: 'yes' })
}

describe('answering', () => {
  test('the list leads to the facts, the accesses and what was like it, and each reading is recorded', async () => {
    const { console, path, pseudonym } = await consoleWithAlert()
    await using _ = console
    const ada = await staffMember(console)
    const list = await ada.text('/alerts')
    for (const words of [path, 'Dati propri', 'Aurora Servizi S.r.l.', pseudonym])
      expect(list).toContain(words)
    const page = await ada.text(path)
    for (const words of ['L’interessato è chi guarda.', '/log/events/console-1.1.', 'stessa regola', 'AUR-9'])
      expect(page).toContain(words)
    const { events } = await console.reader.search({ kind: 'log-read', limit: 9 })
    expect(events.map(({ detail }) => detail?.['page'])).toEqual(['alert', 'alerts'])
  })

  test('a reason explains it, once', async () => {
    const { console, path } = await consoleWithAlert()
    await using _ = console
    const ada = await staffMember(console)
    const csrf = await ada.csrf('/alerts')
    const short = await ada.post(`${path}/explain`, { csrf, reason: 'boh', sure: 'yes' })
    expect([short.status, (await short.text()).includes('almeno dieci caratteri')]).toEqual([400, true])
    const answer = await twice(ada, `${path}/explain`, { reason: 'prova concordata col responsabile' })
    expect(answer.headers.get('location')).toBe(`${path}?done=explained`)
    const page = await ada.text(path)
    expect(page).toContain('prova concordata col responsabile')
    expect(page).not.toContain('Confermare la violazione')
    const late = await ada.post(`${path}/confirm`, { csrf, reason: 'invece era così', sure: 'yes' })
    expect([late.status, (await late.text()).includes('ha già avuto risposta')]).toEqual([409, true])
  })

  test('confirming starts the clock of Art. 33, which runs out', async () => {
    const { console, path } = await consoleWithAlert()
    await using _ = console
    const ada = await staffMember(console)
    await twice(ada, `${path}/confirm`, { reason: 'ha guardato i propri dati' })
    console.clock.advance(HOUR)
    const anHourLater = await staffMember(console)
    expect(await anHourLater.text(path)).toContain('Restano 71 ore e 0 minuti')
    console.clock.advance(71n * HOUR + 1n)
    const later = await staffMember(console)
    expect(await later.text(path)).toContain('Il termine è passato')
  })

  test('nothing happens before it was asked twice, nor without the role for it', async () => {
    const { console, path } = await consoleWithAlert()
    await using _ = console
    const reason = 'un motivo abbastanza lungo'
    const ada = await staffMember(console)
    await ada.post(`${path}/confirm`, { csrf: await ada.csrf('/alerts'), reason })
    const auditor = await staffMember(console, 'auditor-1')
    expect(await auditor.text(path)).not.toContain('Confermare la violazione')
    for (const act of ['explain', 'confirm', 'identity']) {
      const form = { csrf: await auditor.csrf('/alerts'), reason, case: 'RPD-2026-1', sure: 'yes' }
      expect([act, (await auditor.post(`${path}/${act}`, form)).status]).toEqual([act, 403])
    }
    expect((await console.oversight.alerts({ state: 'open', limit: 9 })).length).toBe(2)
  })

  test('nobody answers an alert about themselves, nor opens who is behind it', async () => {
    const { console, path } = await consoleWithAlert({ operator: 'gse-dpo-1', contract: null })
    await using _ = console
    const ada = await staffMember(console)
    const page = await ada.text(path)
    expect(page).toContain('La segnalazione riguarda te')
    expect(page).not.toContain('Chiedi di aprire')
    const form = { csrf: await ada.csrf('/alerts'), reason: 'non era niente, davvero', sure: 'yes' }
    expect((await ada.post(`${path}/explain`, form)).status).toBe(409)
    expect((await ada.post(`${path}/identity`, { ...form, case: 'RPD-2026-1' })).status).toBe(404)
    expect((await console.oversight.alerts({ state: 'open', limit: 9 })).length).toBe(2)
  })
})

describe('opening an identity', () => {
  const ASKED = { case: 'rpd-2026-14', reason: 'la violazione è confermata' }

  test('takes a case, a reason, and a second person who proves who they are; it is shown once', async () => {
    const { console, path, pseudonym } = await consoleWithAlert()
    await using _ = console
    const ada = await staffMember(console)
    const csrf = await ada.csrf('/alerts')
    for (const bad of [
      { ...ASKED, case: 'per curiosità' },
      { ...ASKED, reason: 'boh' },
    ])
      expect((await ada.post(`${path}/identity`, { ...bad, csrf, sure: 'yes' })).status).toBe(400)
    expect(await console.vault.pending()).toEqual([])
    const answer = await twice(ada, `${path}/identity`, ASKED)
    expect(answer.headers.get('location')).toBe(`${path}?done=identity-asked`)
    const [request] = await console.vault.pending()
    const open = `${path}/identity/${request?.id}/open`

    // The person who asked cannot, proof or not.
    expect(await ada.text(path)).toContain('nessuno approva la propria')
    await ada.proveAgain()
    const own = await ada.post(open, { csrf: await ada.csrf('/alerts'), sure: 'yes' })
    expect([own.status, (await own.text()).includes('Nessuno approva la propria richiesta')]).toEqual([
      409,
      true,
    ])

    const auditor = await staffMember(console, 'auditor-1')
    const unproved = await auditor.post(open, { csrf: await auditor.csrf('/alerts'), sure: 'yes' })
    expect([unproved.status, unproved.headers.get('location')?.startsWith('/login/again')]).toEqual([
      303,
      true,
    ])
    await auditor.proveAgain()
    const opened = await (await twice(auditor, open)).text()
    expect(opened).toContain('<code>anna</code>')
    expect(opened).toContain('https://login.aurora.example')
    const after = await auditor.text(path)
    expect(after).not.toContain('<code>anna</code>')
    expect(after).toContain('Aperture già avvenute')
    expect(after).toContain('RPD-2026-14')
    expect(await console.vault.openingsOf(pseudonym)).toMatchObject([
      { requestedBy: 'gse-dpo-1', approvedBy: 'gse-auditor-1', caseId: 'RPD-2026-14' },
    ])
    expect((await auditor.post(open, { csrf: await auditor.csrf('/alerts'), sure: 'yes' })).status).toBe(404)
  })

  test('waits in the list and on Today of whoever may be the second person, for as long as it may be opened', async () => {
    const { console, path, pseudonym } = await consoleWithAlert()
    await using _ = console
    const ada = await staffMember(console)
    await twice(ada, `${path}/identity`, ASKED)
    const [second, auditor] = [await staffMember(console, 'dpo-2'), await staffMember(console, 'auditor-1')]
    for (const person of [second, auditor]) {
      const list = await person.text('/alerts')
      expect(list).toContain('attende una seconda persona')
      expect(list).toContain(`<code>${pseudonym}</code>`)
      expect(list).toContain('RPD-2026-14')
    }
    const words = '<a href="/alerts#openings">L’apertura di un’identità attende una seconda persona</a>'
    expect(await second.text('/')).toContain(words)
    // Nobody waits for themselves; and a manager is told of none.
    for (const page of [await ada.text('/'), await ada.text('/alerts')])
      expect(page).not.toContain('attende una seconda persona')
    console.clock.advance(86_400_000_001n)
    const later = await staffMember(console, 'dpo-2')
    expect(await later.text('/')).not.toContain(words)
    expect(await later.text('/alerts')).not.toContain('attende una seconda persona')
  })

  test('a second person may leave it closed', async () => {
    const { console, path, pseudonym } = await consoleWithAlert()
    await using _ = console
    await twice(await staffMember(console), `${path}/identity`, ASKED)
    const [request] = await console.vault.pending()
    const second = await staffMember(console, 'dpo-2')
    await second.proveAgain()
    const answer = await twice(second, `${path}/identity/${request?.id}/refuse`)
    expect(answer.headers.get('location')).toBe(`${path}?done=identity-refused`)
    expect(await console.vault.pending()).toEqual([])
    expect(await console.vault.openingsOf(pseudonym)).toEqual([])
  })

  test('a request made on one alert is decided on no other', async () => {
    const { console, path } = await consoleWithAlert()
    await using _ = console
    await twice(await staffMember(console), `${path}/identity`, ASKED)
    const [request] = await console.vault.pending()
    const other = (await console.oversight.alerts({ operator: 'AUR-9', limit: 1 }))[0]?.id
    const second = await staffMember(console, 'dpo-2')
    await second.proveAgain()
    const form = { csrf: await second.csrf('/alerts'), sure: 'yes' }
    expect((await second.post(`/alerts/${other}/identity/${request?.id}/open`, form)).status).toBe(404)
    expect(await console.vault.pending()).toHaveLength(1)
  })
})

test('markup in any field of an alert stays text', async () => {
  const { console, path, pseudonym } = await consoleWithAlert({
    contract: EVIL,
    facts: [
      { code: 'no-ticket', purpose: EVIL },
      { code: 'refused', resource: EVIL, reason: EVIL, event: EVIL },
    ],
  })
  await using _ = console
  const id = path.slice('/alerts/'.length)
  await console.oversight.addContest(id, { at: 1n, text: EVIL })
  await console.vault.request({ pseudonym, caseId: EVIL, reason: EVIL.repeat(2), by: EVIL })
  await console.oversight.decideAlert(id, 'confirmed', { by: EVIL, at: 1n, reason: EVIL, notifyBy: 2n })
  const ada = await staffMember(console)
  const [request] = await console.vault.pending()
  await ada.proveAgain()
  const again = await ada.csrf('/alerts')
  for (const page of [
    await ada.text('/alerts?state=confirmed'),
    await ada.text(`/alerts?state=${encodeURIComponent(EVIL)}&rule=${encodeURIComponent(EVIL)}`),
    await ada.text(`${path}?done=${encodeURIComponent(EVIL)}`),
    await (await ada.post(`${path}/explain`, { csrf: again, reason: EVIL })).text(),
    await (await ada.post(`${path}/identity/${request?.id}/open`, { csrf: again })).text(),
  ]) {
    expect(page).toContain('<main')
    expect(page).not.toMatch(/<img src=x|<script>alert/i)
  }
})
