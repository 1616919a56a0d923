import { asId, MICROS_PER_SECOND, type Pseudonym } from '@varco/core'
import { commitOf, findingOf } from '@varco/oversight/testing'
import { describe, expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'
import { reassign } from '../support/reassign.ts'

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
    const opening = `/alerts/openings/${request?.id}`
    const open = `${opening}/open`

    // The person who asked cannot, proof or not.
    for (const page of [path, opening]) expect(await ada.text(page)).toContain('nessuno approva la propria')
    expect(await ada.text(opening)).not.toContain(open)
    await ada.proveAgain()
    const own = await ada.post(open, { csrf: await ada.csrf('/alerts'), sure: 'yes' })
    expect([own.status, (await own.text()).includes('Nessuno approva la propria richiesta')]).toEqual([
      409,
      true,
    ])

    const auditor = await staffMember(console, 'auditor-1')
    expect(await auditor.text(path)).toContain(`href="${opening}"`)
    const page = await auditor.text(opening)
    for (const words of ['RPD-2026-14', 'la violazione è confermata', `href="${path}"`, `action="${open}"`])
      expect(page).toContain(words)
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
    const tab = (waiting: number): RegExp =>
      new RegExp(`Aperture di identità${waiting === 0 ? '' : `<span class="waiting">${waiting}</span>`}</a>`)
    for (const person of [second, auditor]) {
      expect(await person.text('/alerts')).toMatch(tab(1))
      const list = await person.text('/alerts/openings')
      for (const words of [`<code>${pseudonym}</code>`, 'RPD-2026-14', 'attende te o un’altra persona'])
        expect(list).toContain(words)
    }
    const words = '<a href="/alerts/openings">L’apertura di un’identità attende una seconda persona</a>'
    expect(await second.text('/')).toContain(words)
    // Who asked sees that it waits for somebody else, and is not told of it as of work.
    expect(await ada.text('/')).not.toContain('attende una seconda persona')
    expect(await ada.text('/alerts')).toMatch(tab(0))
    expect(await ada.text('/alerts/openings')).toContain('l’hai chiesta tu')
    console.clock.advance(86_400_000_001n)
    const later = await staffMember(console, 'dpo-2')
    expect(await later.text('/')).not.toContain(words)
    expect(await later.text('/alerts/openings')).toContain('Nessuna apertura attende una decisione')
    const [request] = await console.vault.pending()
    expect((await later.get(`/alerts/openings/${request?.id}`)).status).toBe(404)
    // It may be asked for anew.
    expect(await later.text(path)).toContain('Chiedi di aprire')
  })

  test('a second person may leave it closed', async () => {
    const { console, path, pseudonym } = await consoleWithAlert()
    await using _ = console
    await twice(await staffMember(console), `${path}/identity`, ASKED)
    const [request] = await console.vault.pending()
    const second = await staffMember(console, 'dpo-2')
    await second.proveAgain()
    const answer = await twice(second, `/alerts/openings/${request?.id}/refuse`)
    const after = answer.headers.get('location') ?? ''
    expect(after).toBe('/alerts/openings?done=identity-refused')
    expect(await second.text(after)).toContain('l’identità resta chiusa')
    expect(await console.vault.pending()).toEqual([])
    expect(await console.vault.openingsOf(pseudonym)).toEqual([])
  })

  describe('asked for by command, of a pseudonym that no alert is about', () => {
    async function asked(): Promise<{ console: OpenConsole; opening: string; pseudonym: Pseudonym }> {
      const console = await openConsole()
      const pseudonym = await console.vault.enroll(
        { issuer: 'https://login.aurora.example', externalId: 'bea' },
        'aurora-2026',
      )
      const { id } = await console.vault.request({
        ...{ pseudonym, caseId: 'RG 12/2026', reason: 'accessi dopo la fine del contratto', by: 'DPO-9' },
      })
      return { console, opening: `/alerts/openings/${id}`, pseudonym }
    }

    test.each(['dpo-1', 'auditor-1'])('%s finds it from what waits, and opens it', async (sub) => {
      const { console, opening, pseudonym } = await asked()
      await using _ = console
      const person = await staffMember(console, sub)
      // From Today, or where Today is not theirs from the page it leads them to.
      const first = (await person.get('/')).headers.get('location') ?? '/'
      expect(await person.text(first)).toContain('href="/alerts/openings"')
      expect(await person.text('/alerts/openings')).toContain(`href="${opening}"`)
      expect(await person.text(opening)).toContain('Nessuna segnalazione riguarda questo pseudonimo')
      await person.proveAgain()
      const page = await (await twice(person, `${opening}/open`)).text()
      expect(page).toContain('<code>bea</code>')
      expect((await person.get(opening)).status).toBe(404)
      expect(await console.vault.openingsOf(pseudonym)).toMatchObject([
        { requestedBy: 'DPO-9', approvedBy: `gse-${sub}`, caseId: 'RG 12/2026' },
      ])
      const { events } = await console.reader.search({ kind: 'log-read', limit: 20 })
      expect(events.map(({ detail }) => detail?.['page'])).toEqual(
        expect.arrayContaining(['openings', 'opening']),
      )
    })

    test.each(['dpo-2', 'auditor-1'])('%s leaves it closed', async (sub) => {
      const { console, opening } = await asked()
      await using _ = console
      const person = await staffMember(console, sub)
      await person.proveAgain()
      await twice(person, `${opening}/refuse`)
      expect(await console.vault.pending()).toEqual([])
    })

    test.each(['administrator-1', 'manager-1', 'approver-1', 'officer-1', 'operator-1', 'nobody-1'])(
      '%s neither sees nor decides it',
      async (sub) => {
        const { console, opening, pseudonym } = await asked()
        await using _ = console
        const person = await staffMember(console, sub)
        const csrf = await person.csrf('/accessibility')
        for (const answer of [
          await person.get('/alerts/openings'),
          await person.get(opening),
          await person.post(`${opening}/open`, { csrf, sure: 'yes' }),
          await person.post(`${opening}/refuse`, { csrf, sure: 'yes' }),
        ])
          expect([answer.status, (await answer.text()).includes(pseudonym)]).toEqual([403, false])
        expect(await console.vault.pending()).toHaveLength(1)
      },
    )

    test('whoever asked decides on it under none of their pseudonyms, however it is written', async () => {
      const { console, pseudonym } = await asked()
      await using _ = console
      reassign(console, 'dpo-1', (assignment) => [
        assignment,
        { ...assignment, role: 'auditor', pseudonym: asId('gse-audit-1') },
      ])
      const reason = 'accessi dopo la fine del contratto'
      for (const by of ['gse-audit-1', 'GSE-DPO-1 ']) {
        const { id } = await console.vault.request({ pseudonym, caseId: 'RG 13/2026', reason, by })
        const ada = await staffMember(console)
        await ada.proveAgain()
        const csrf = await ada.csrf('/alerts')
        for (const act of ['open', 'refuse']) {
          const answer = await ada.post(`/alerts/openings/${id}/${act}`, { csrf, sure: 'yes' })
          expect([answer.status, (await answer.text()).includes('Nessuno approva la propria')]).toEqual([
            409,
            true,
          ])
        }
      }
      expect(await console.vault.pending()).toHaveLength(3)
    })

    test('a pseudonym of before, under a contract that has ended, is the same person: nobody decides on their own', async () => {
      const { console, path, pseudonym } = await consoleWithAlert()
      await using _ = console
      reassign(console, 'dpo-1', (assignment) => [
        assignment,
        { ...assignment, pseudonym, from: 0n, to: assignment.from },
        { ...assignment, pseudonym: asId('gse-old-1'), from: 0n, to: assignment.from },
      ])
      const other = await console.vault.enroll(
        { issuer: 'https://login.aurora.example', externalId: 'x' },
        null,
      )
      const asked = { caseId: 'RG 12/2026', reason: 'accessi senza pratica' }
      const mine = await console.vault.request({ ...asked, pseudonym: other, by: 'gse-old-1' })
      const aboutMe = await console.vault.request({ ...asked, pseudonym, by: 'DPO-9' })
      const ada = await staffMember(console)
      await ada.proveAgain()
      const sure = { csrf: await ada.csrf('/alerts'), sure: 'yes', reason: 'prova concordata' }
      const statusOf = async (to: string) => (await ada.post(to, sure)).status
      expect(await statusOf(`/alerts/openings/${mine.id}/open`)).toBe(409)
      expect(await statusOf(`/alerts/openings/${aboutMe.id}/open`)).toBe(404)
      expect(await ada.text('/alerts/openings')).not.toContain(aboutMe.id)
      expect(await ada.text('/')).not.toContain('attende una seconda persona')
      expect(await console.vault.pending()).toHaveLength(2)
      expect(await ada.text(path)).toContain('riguarda te')
      for (const act of ['explain', 'confirm']) expect(await statusOf(`${path}/${act}`)).toBe(409)
      expect(await statusOf(`${path}/identity`)).toBe(404)
    })

    test('the person whose identity it is neither finds nor decides it', async () => {
      await using console = await openConsole()
      const self = asId<Pseudonym>('gse-dpo-1')
      await console.vault.seal(self, { issuer: 'https://login.gse.example', externalId: 'dpo-1' })
      const { id } = await console.vault.request({
        ...{ pseudonym: self, caseId: 'RG 12/2026', reason: 'accessi senza pratica', by: 'DPO-9' },
      })
      const ada = await staffMember(console)
      await ada.proveAgain()
      expect(await ada.text('/')).not.toContain('attende una seconda persona')
      expect(await ada.text('/alerts/openings')).not.toContain(id)
      expect((await ada.get(`/alerts/openings/${id}`)).status).toBe(404)
      const form = { csrf: await ada.csrf('/alerts'), sure: 'yes' }
      expect((await ada.post(`/alerts/openings/${id}/open`, form)).status).toBe(404)
      expect(await console.vault.pending()).toHaveLength(1)
    })
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
    await ada.text('/alerts/openings'),
    await ada.text(`/alerts/openings/${request?.id}`),
    await (await ada.post(`/alerts/openings/${request?.id}/open`, { csrf: again })).text(),
  ]) {
    expect(page).toContain('<main')
    expect(page).not.toMatch(/<img src=x|<script>alert/i)
  }
})
