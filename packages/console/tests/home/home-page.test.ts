import { actDraft } from '@varco/access-log'
import { asId, MICROS_PER_SECOND, type OperatorId, type Pseudonym } from '@varco/core'
import { grantFact } from '@varco/engagement/testing'
import { commitOf, findingOf } from '@varco/oversight/testing'
import { placeHold } from '@varco/retention'
import { describe, expect, test } from 'vitest'
import { summariseDay } from '../../src/home/day-summary.ts'
import { memoryFigures } from '../support/memory-figures.ts'
import { busyDay } from '../support/busy-day.ts'
import { openConsole, type OpenConsole } from '../support/open-console.ts'

const DAY = 24n * 3600n * MICROS_PER_SECOND

test('counts today’s accesses by outcome, company, purpose and reason', async () => {
  await using console = await openConsole()
  await console.access({ ticket: 'T-YESTERDAY' })
  console.clock.advance(DAY)
  await busyDay(console)
  const visitor = console.visitor()
  await visitor.signIn()
  const page = await visitor.text('/')
  expect(page).toContain('Gli accessi del 25 novembre 2026')
  const figures = [...page.matchAll(/class="value">([^<]+)</g)].map(([, value]) => value)
  expect(figures).toEqual(['150', '122', '28'])
  expect(page).toContain('di cui 28 in parte mascherati')
  const rows = [
    ...page.matchAll(
      /<tr><th scope="row">(?:<a[^>]*>)?([^<]+)(?:<\/a>)?(?:<svg.*?<\/svg>)?<\/th>((?:<td class="number">\d+<\/td>)+)<\/tr>/g,
    ),
  ].map(([, name, cells]) => [name, ...(cells ?? '').matchAll(/\d+(?=<)/g)].map(String))
  expect(rows).toEqual(
    expect.arrayContaining([
      ['Aurora Servizi S.r.l.', '115', '17'],
      ['Borea Contact S.p.A.', '0', '11'],
      ['Personale dell’ente', '7', '0'],
      ['Informazioni sulle fatture', '115', '11'],
      ['Valutazione antimafia', '7', '17'],
      ['La finalità non è tra quelle affidate con il contratto.', '17'],
      ['Il contratto è terminato.', '11'],
    ]),
  )
  expect(page).toContain('console-1.1')
})

test('the figures lead to the log narrowed to today', async () => {
  await using console = await openConsole()
  await console.access()
  const visitor = console.visitor()
  await visitor.signIn()
  expect(await visitor.text('/')).toContain(
    'href="/log?from=2026-11-24&amp;to=2026-11-24&amp;decision=permit"',
  )
})

test('a quiet morning says so', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  expect(await visitor.text('/')).toContain('Oggi non è ancora passato nessun accesso.')
})

test('counts all of a day, however many accesses there were', async () => {
  const many = { ...{ hour: 0, processor: null, purpose: null, reason: null, masked: false }, count: 70_000 }
  await using console = await openConsole({
    counts: { count: async () => [{ ...many, decision: 'permit' }] },
  })
  const visitor = console.visitor()
  await visitor.signIn()
  expect(await visitor.text('/')).toContain('>70.000<')
})

test('an hour is the one the clock shows, also on the day the clock changes', () => {
  const count = { hour: 3, processor: null, purpose: null, reason: null, masked: false, count: 2 } as const
  const shown = summariseDay([{ ...count, decision: 'permit' }], (hour) => hour + 1)
  expect([...shown.byHour]).toEqual([[4, { permit: 2, deny: 0 }]])
})

test('what waits for a person stands first, and leads to where it is done', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  expect(await visitor.text('/')).toContain('Nulla, in questo momento.')
  await console.deps.requests.desk.receive({
    right: 'access',
    receivedAt: console.clock.now() - 60n * DAY,
    channel: 'post',
    identifier: null,
    replyTo: null,
    by: 'gse-dpo-1',
  })
  await console.oversight.commit(
    commitOf({ findings: [findingOf({ operator: 'gse-operator-1' })], now: console.clock.now() }),
  )
  const page = await visitor.text('/')
  expect(page).toContain('Una richiesta di un interessato è scaduta')
  expect(page).toContain('Una segnalazione da chiarire')
})

test('what is late or waits for a second person leads to where it is done', async () => {
  await using console = await openConsole()
  const now = console.clock.now()
  const { desk } = console.retention
  for (const [record, reviewAt] of [
    ['1', now - 1n],
    ['2', now - 1n],
    ['3', now + DAY],
  ] as const)
    await placeHold(desk, {
      scope: { kind: 'record', resource: 'invoice', record },
      ...{ case: 'RG 1', reason: 'una causa pendente', by: asId('gse-dpo-2'), reviewAt },
    })
  const emergency = { reviewDue: now - 1n, review: null }
  await console.grants.addGrant(grantFact({ id: asId('G-1'), emergency }))
  const proposal = {
    move: 'terminate',
    operator: asId<OperatorId>('op'),
    pseudonym: asId<Pseudonym>('M-1'),
  } as const
  const asked = { ...proposal, reason: 'la gara è aggiudicata ad altri', successor: null }
  await console.life.propose({ ...asked, contract: asId('aurora-2026'), at: now - DAY })
  await console.life.propose({ ...asked, contract: asId('borea-2023'), at: now - 8n * DAY })
  const missed = [
    { what: 'invoices-ten-years', why: 'missed', since: now - DAY, plan: null },
    { what: 'invoices-ten-years', why: 'unapproved', since: now - DAY, plan: 'p1' },
  ] as const
  const { retention } = console.deps
  const late = async () => [...(await retention.overdue()), ...missed]
  await using base = await openConsole({
    ...{ grants: console.deps.grants, life: console.deps.life },
    retention: { ...retention, overdue: late },
  })
  const visitor = base.visitor()
  await visitor.signIn()
  const page = await visitor.text('/')
  for (const [href, words] of [
    ['/retention', 'Un lavoro di conservazione è in ritardo'],
    ['/retention/holds', '2 blocchi da riesaminare'],
    ['/grants?view=reviews', 'Il riesame di un’emergenza è in ritardo'],
    ['/contracts', 'Un passo di un contratto attende una seconda persona'],
  ] as const)
    expect(page).toContain(`<a href="${href}">${words}</a>`)
})

test('a log that has gone silent says so', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  await console.log.append(actDraft('heartbeat', { requestId: 'r', detail: {} }))
  expect(await visitor.text('/')).not.toContain('non dà segno')
  console.clock.advance(301n * MICROS_PER_SECOND)
  expect(await visitor.text('/')).toContain('non dà segno dal')
})

test('months are of companies and purposes, and what fewer than five people did is held back', async () => {
  const work = async (contract: string | null) =>
    contract === 'aurora-2026'
      ? [
          { month: '2026-09', accesses: 1_200, workers: 9 },
          { month: '2026-10', accesses: 377, workers: 4 },
        ].map((row) => ({
          ...row,
          dimension: 'purpose' as const,
          value: 'invoice-enquiry',
          decision: 'permit' as const,
          firstAt: 0n,
          fifthAt: 0n,
          evidence: [],
        }))
      : []
  await using console = await openConsole({ figures: { ...memoryFigures(), work } })
  const visitor = console.visitor()
  await visitor.signIn()
  const page = await visitor.text('/')
  expect(page).toContain('Accessi per mese e società')
  expect(page).toContain('>1.200<')
  expect(page).toContain('>riservato<')
  expect(page).not.toContain('>377<')
  expect(page).toContain('>settembre 2026<')
  // Nothing was counted in it, nor in any before.
  expect(page).not.toContain('agosto 2026')
})

test('what is held back of one purpose is not what the company’s accesses leave over', async () => {
  const work = async (contract: string | null) =>
    contract === 'aurora-2026'
      ? [
          { value: 'invoice-enquiry', accesses: 1_200, workers: 9 },
          { value: 'meter-readings', accesses: 377, workers: 4 },
        ].map((row) => ({
          ...row,
          ...{ month: '2026-10', dimension: 'purpose' as const, decision: 'permit' as const },
          ...{ firstAt: 0n, fifthAt: 0n, evidence: [] },
        }))
      : []
  await using console = await openConsole({ figures: { ...memoryFigures(), work } })
  const visitor = console.visitor()
  await visitor.signIn()
  const page = await visitor.text('/')
  expect(page).toContain('Accessi per mese e finalità')
  expect(page).not.toContain('>377<')
  // With both of them 377 would be what is left.
  expect(['>1.577<', '>1.200<'].filter((shown) => page.includes(shown))).toHaveLength(1)
})

test('a sum over contracts does not tell what a contract’s own pages hold back', async () => {
  const row = {
    month: '2026-10',
    dimension: 'purpose',
    value: 'invoice-enquiry',
    decision: 'permit',
  } as const
  const rest = { firstAt: 0n, fifthAt: null, evidence: [] }
  const work = async (contract: string | null) =>
    contract === null
      ? [{ ...row, ...rest, accesses: 1_000, workers: 9 }]
      : contract === 'aurora-2026'
        ? [{ ...row, ...rest, accesses: 23, workers: 2 }]
        : []
  await using console = await openConsole({ figures: { ...memoryFigures(), work } })
  const visitor = console.visitor()
  await visitor.signIn()
  const page = await visitor.text('/')
  expect(page).toContain('>1.000<')
  expect(page).not.toContain('>1.023<')
})

describe('the state of the log on Today', () => {
  async function today(console: OpenConsole): Promise<string> {
    const visitor = console.visitor()
    await visitor.signIn()
    return visitor.text('/')
  }

  test('is its last verification and how far each anchor has come', async () => {
    await using console = await openConsole()
    console.standing.anchors = [
      { name: 'file', of: 'events', behind: 0, trouble: null },
      { name: 'witness w.example', of: 'checkpoints', behind: 2, trouble: null },
    ]
    const page = await today(console)
    for (const words of [
      'Integro',
      '1.234 eventi, nessuno cambiato',
      'ha tutto ciò che il registro contiene',
      'non ha ancora gli ultimi 2 sigilli',
    ])
      expect(page).toContain(words)
    expect(page).not.toContain('href="#log-state"')
  })

  test.each([
    ['cut', 'il registro è stato accorciato'],
    ['broken', 'non è firmato con una chiave del registro'],
    ['empty', 'non ricorda nulla di questo registro'],
  ] as const)('an anchor in trouble waits for a person: %s', async (trouble, words) => {
    await using console = await openConsole()
    console.standing.anchors = [{ name: 'file', of: 'events', behind: 7, trouble }]
    const page = await today(console)
    expect(page).toContain(words)
    expect(page).toContain('Un’àncora del registro è indietro o in difetto')
  })

  test('a log that is not whole, or was not verified for a day, waits for a person', async () => {
    await using console = await openConsole()
    console.standing.check = { at: console.clock.now(), ok: false, events: 9, findings: 3 }
    const page = await today(console)
    for (const words of ['Il registro non è integro', 'ha trovato 3 anomalie']) expect(page).toContain(words)
    console.standing.check = { at: console.clock.now() - DAY - 1n, ok: true, events: 9, findings: 0 }
    expect(await today(console)).toContain('non è verificato da più di un giorno')
    Object.assign(console.standing, { check: null, anchors: [] })
    const never = await today(console)
    for (const words of ['non è ancora stato verificato da qui', 'Nessuna àncora fuori dalla base di dati'])
      expect(never).toContain(words)
  })
})
