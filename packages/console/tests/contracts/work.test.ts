import { isoToMicros } from '@varco/core'
import type { WorkFigure } from '@varco/oversight'
import { describe, expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

const EVIL = `"'><img src=x onerror=alert(1)><script>alert(1)</script>`
const AURORA = '/contracts/aurora-2026'

async function reading(console: OpenConsole, sub = 'manager-1'): Promise<Visitor> {
  console.provider.person = { sub, name: 'Carla Neri' }
  const visitor = console.visitor()
  await visitor.signIn()
  return visitor
}

function worked(over: Partial<WorkFigure> = {}): WorkFigure {
  return {
    ...{ month: '2026-10', dimension: 'purpose', value: 'invoice-enquiry', decision: 'permit' },
    ...{ accesses: 900, workers: 12, evidence: ['console-1.1.0'] },
    firstAt: isoToMicros('2026-10-02T10:00:00Z') ?? 0n,
    fifthAt: isoToMicros('2026-10-05T10:00:00Z') ?? 0n,
    ...over,
  }
}

test('people are listed by pseudonym, role and time, and the reading is recorded', async () => {
  await using console = await openConsole()
  const page = await (await reading(console)).text(`${AURORA}/people`)
  for (const words of ['AUR-anna', 'AUR-bea', 'Operatore di contact centre', 'in corso'])
    expect(page).toContain(words)
  for (const words of ['operator-anna', 'dpo-1', 'https://login.aurora.example'])
    expect(page).not.toContain(words)
  const { events } = await console.reader.search({ kind: 'log-read', limit: 2 })
  expect(events).toMatchObject([{ operator: 'gse-manager-1', detail: { page: 'contract-people', shown: 3 } }])
})

describe('work held against the annex', () => {
  test('says what no clause covers, and holds back what few people are behind', async () => {
    await using console = await openConsole()
    console.figures.workOf.set('aurora-2026', [
      worked(),
      worked({ value: 'antimafia-assessment', accesses: 100, workers: 7 }),
      worked({ value: 'data-protection', accesses: 3, workers: 2 }),
      worked({ value: 'antimafia-status', accesses: 50, workers: 9 }),
      worked({ dimension: 'action', value: 'read', accesses: 1_053 }),
    ])
    const page = await (await reading(console, 'dpo-1')).text(`${AURORA}/drift`)
    for (const words of [
      'non è coperto',
      'Valutazione antimafia',
      'A.3',
      'trattenuto',
      '/log/events/console-1.1.0',
    ])
      expect(page).toContain(words)
    expect(page).not.toMatch(/data-label="Accessi">3</)
    expect(await (await reading(console)).text(`${AURORA}/drift`)).not.toContain('/log/events/')
  })

  test('is shown for the months asked for; what is no period is said, not used', async () => {
    await using console = await openConsole()
    console.figures.workOf.set('aurora-2026', [worked({ month: '2026-03' })])
    const carla = await reading(console)
    expect(await carla.text(`${AURORA}/drift?from=2026-01&to=2026-04`)).toContain('Tutti i 900 accessi')
    expect(await carla.text(`${AURORA}/drift?from=2026-05&to=2026-06`)).toContain('non conta alcun accesso')
    for (const query of [
      'from=2026-13&to=2026-14',
      'from=2026-06&to=2026-01',
      'from=1000-01&to=2026-01',
      `from=${EVIL}`,
    ]) {
      const answer = await carla.get(`${AURORA}/drift?${encodeURI(query)}`)
      expect([answer.status, (await answer.text()).includes('Il periodo non è valido')]).toEqual([200, true])
    }
  })
})

describe('of the month that runs', () => {
  const running = { month: '2026-11', evidence: ['console-1.1.7'] }

  test('no count is shown, but what five people did beyond the annex before this week is named', async () => {
    await using console = await openConsole()
    console.figures.workOf.set('aurora-2026', [
      worked(),
      worked({ ...running, accesses: 4_321 }),
      worked({
        ...running,
        value: 'antimafia-assessment',
        fifthAt: isoToMicros('2026-11-20T10:00:00Z') ?? 0n,
      }),
      worked({ ...running, value: 'data-protection', fifthAt: console.clock.now() }),
    ])
    const carla = await reading(console)
    for (const page of [
      await carla.text(`${AURORA}/drift`),
      await carla.text(`${AURORA}/drift?from=2026-11&to=2026-11`),
    ]) {
      expect(page).toContain('dal giorno dopo la sua fine')
      expect(page).toMatch(/almeno cinque persone hanno già lavorato fuori.*Valutazione antimafia/)
      for (const hidden of ['4.321', 'Protezione dei dati', 'console-1.1.7', 'non conta alcun accesso'])
        expect(page).not.toContain(hidden)
    }
    expect(await carla.text(`${AURORA}/drift?from=2026-09&to=2026-10`)).not.toContain('mese in corso')
  })

  test('no refusal is counted, and none is not said to be', async () => {
    await using console = await openConsole()
    const page = await (await reading(console)).text(`${AURORA}/friction?from=2026-11&to=2026-11`)
    expect(page).toContain('dal giorno dopo la sua fine')
    expect(page).not.toContain('non risulta alcun rifiuto')
  })
})

test('tickets and refusals are the contract’s own', async () => {
  await using console = await openConsole()
  const carla = await reading(console)
  expect(await carla.text(`${AURORA}/tickets`)).toContain('non risultano pratiche')
  expect(await carla.text(`${AURORA}/friction`)).toContain('non risulta alcun rifiuto')
  const opened = Number(isoToMicros('2026-11-02T10:00:00Z'))
  console.figures.ticketsOf.set(
    'aurora-2026',
    [0, 1, 2].map((index) => ({
      ...{ id: `T-${index}`, dataSubject: 'k', purpose: 'invoice-enquiry', reopened: 0, price: null },
      openedAt: opened + index * 1_000_000,
      closedAt: opened + 600_000_000,
    })),
  )
  console.figures.refusalsOf.set('aurora-2026', [
    {
      ...{ month: '2026-10', purpose: 'antimafia-status', resource: 'antimafia_check', reason: 'no-grant' },
      ...{ field: '', refusals: 40, granted: 31, minutes: 620, workers: 9, grantedWorkers: 8 },
    },
    {
      ...{ month: '2026-10', purpose: EVIL, resource: EVIL, reason: EVIL, field: EVIL },
      ...{ refusals: 2, granted: 0, minutes: 0, workers: 1, grantedWorkers: 0 },
    },
  ])
  const tickets = await carla.text(`${AURORA}/tickets`)
  for (const words of ['Servizio di contact centre 2026-2027', 'frazionate', 'accessi senza pratica'])
    expect(tickets).toContain(words)
  expect(tickets).not.toContain('si stanno ancora contando')
  console.figures.isCounted.now = false
  expect(await carla.text(`${AURORA}/tickets`)).toContain('si stanno ancora contando')
  const counting = Promise.withResolvers<null>()
  console.figures.ties = () => counting.promise
  const waiting = await carla.text(`${AURORA}/tickets?from=2026-01&to=2026-09`)
  expect(waiting).toContain('si stanno ancora calcolando')
  expect(waiting).toContain(`href="${AURORA}/tickets?from=2026-01&amp;to=2026-09"`)
  counting.resolve(null)
  const friction = await carla.text(`${AURORA}/friction`)
  for (const words of ['Verifica antimafia', '40', '31', '20', 'trattenuto', '&lt;img src=x'])
    expect(friction).toContain(words)
  expect(friction).not.toMatch(/<img src=x|<script>alert/i)
})

test('pages of a contract that is not there are not found', async () => {
  await using console = await openConsole()
  const carla = await reading(console)
  for (const section of ['people', 'drift', 'tickets', 'friction', 'life'])
    expect([section, (await carla.get(`/contracts/nothing/${section}`)).status]).toEqual([section, 404])
})
