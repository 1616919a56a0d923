import { millisToMicros, type Micros } from '@varco/core'
import {
  driftTable,
  friction,
  scopeDrift,
  tableCsv,
  ticketIntegrity,
  type OversightFigures,
  type RefusalFigure,
  type WorkFigure,
} from '@varco/oversight'
import { fixtureBundle } from '@varco/policy/testing'
import { expect, test } from 'vitest'

const bundle = fixtureBundle()
const [contract] = [...bundle.contracts.values()]
const id = contract?.id ?? ''
const contracted = contract?.document.annex[0]?.purpose ?? ''
const at = (text: string): Micros => millisToMicros(Date.parse(text))

function work(change: Partial<WorkFigure>): WorkFigure {
  return {
    ...{ month: '2026-06', dimension: 'purpose', value: contracted, decision: 'permit' },
    ...{ accesses: 400, workers: 40, firstAt: at('2026-06-02T08:00:00Z'), evidence: ['proxy-1.1.1'] },
    fifthAt: at('2026-06-03T08:00:00Z'),
    ...change,
  }
}

const REFUSAL: RefusalFigure = {
  ...{ month: '2026-06', purpose: contracted, resource: 'invoice', reason: 'no-grant', field: '' },
  ...{ refusals: 30, granted: 10, minutes: 90, workers: 12, grantedWorkers: 9 },
}
const MAY = [work({ month: '2026-05' })]

/** The counts as they stand at one moment. */
function figuresOf(works: readonly WorkFigure[], refusals: readonly RefusalFigure[]): OversightFigures {
  const within = <T extends { readonly month: string }>(all: readonly T[], from: string, to: string) =>
    all.filter(({ month }) => month >= from && month <= to)
  const sum = (some: readonly WorkFigure[]) => some.reduce((all, { accesses }) => all + accesses, 0)
  return {
    work: async (_, from, to) => within(works, from, to),
    refusals: async (_, from, to) => within(refusals, from, to),
    tickets: async () => [],
    ties: async (_, from, to) =>
      [...Map.groupBy(within(works, from, to), ({ month }) => month)].map(([month, some]) => ({
        ...{ month, accesses: sum(some), accessesWithoutTicket: 9 },
      })),
    unusedTickets: async () => 0,
  }
}

/** Everything that is told, at a moment and of the months up to one. */
async function told(figures: OversightFigures, now: Micros, from: string, to: string): Promise<string> {
  const deps = { figures, bundle, declared: { counted: async () => [] } }
  const drift = await scopeDrift(deps, { contract: id, from, to, now })
  const reports = [
    ...[drift, drift && tableCsv(driftTable(drift, 'it'))],
    await friction(deps, { contract: id, from, to, now }),
    await ticketIntegrity(deps, { from: at(`${from}-01T00:00:00Z`), to: now, now, contracts: [id] }),
  ]
  return JSON.stringify(reports, (key, value: unknown) =>
    key === 'to' && typeof value === 'bigint' ? null : typeof value === 'bigint' ? String(value) : value,
  )
}

test('two readings of a month that runs, an hour apart, do not differ by what one person did in between', async () => {
  const before = figuresOf([...MAY, work({})], [REFUSAL])
  const after = figuresOf(
    [
      ...MAY,
      work({ accesses: 403 }),
      work({ value: 'beyond', accesses: 1, workers: 1, fifthAt: null }),
      work({ decision: 'deny', accesses: 2, workers: 1, fifthAt: null }),
    ],
    [
      { ...REFUSAL, refusals: 32, granted: 11 },
      { ...REFUSAL, reason: 'outside-annex', workers: 1 },
    ],
  )
  const ten = at('2026-06-10T08:00:00Z')
  for (const [from, to] of [
    ['2026-05', '2026-06'],
    ['2026-06', '2026-06'],
    ['2026-05', '2026-12'],
  ] as const) {
    expect(await told(after, ten + 3_600_000_000n, from, to)).toBe(await told(before, ten, from, to))
    // The watch may still be behind on the day after the month.
    const first = at('2026-07-01T08:00:00Z')
    expect(await told(after, first + 3_600_000_000n, from, to)).toBe(await told(before, first, from, to))
  }
  const over = at('2026-07-02T08:00:00Z')
  expect(await told(after, over, '2026-05', '2026-06')).not.toBe(
    await told(before, over, '2026-05', '2026-06'),
  )
})

test('what the annex does not cover is named when five people came to it before this week, without a count', async () => {
  // A Wednesday.
  const now = at('2026-06-17T08:00:00Z')
  const figures = figuresOf(
    [
      ...MAY,
      work({}),
      work({ value: 'last-week', fifthAt: at('2026-06-14T21:59:59Z') }),
      work({ value: 'last-week', decision: 'deny', fifthAt: at('2026-06-11T08:00:00Z') }),
      work({ value: 'this-week', fifthAt: at('2026-06-14T22:00:00Z') }),
      work({ value: 'four-people', workers: 4, fifthAt: null }),
      work({ dimension: 'category', value: 'judicial', fifthAt: at('2026-06-04T08:00:00Z') }),
    ],
    [],
  )
  const of = async (moment: Micros) =>
    await scopeDrift(
      { figures, bundle, declared: { counted: async () => [] } },
      { contract: id, from: '2026-05', to: '2026-06', now: moment },
    )
  const drift = await of(now)
  expect(drift).toMatchObject({ to: '2026-05', months: ['2026-05'], accesses: 400 })
  expect(drift?.running?.outside.map(({ dimension, value }) => [dimension, value])).toEqual([
    ['purpose', 'last-week'],
    ['category', 'judicial'],
  ])
  const csv = drift === null ? '' : tableCsv(driftTable(drift, 'it'))
  expect(csv).toContain('mese in corso')
  expect(csv).not.toContain('this-week')
  const later = await of(at('2026-06-22T08:00:00Z'))
  expect(later?.running?.outside.map(({ value }) => value)).toContain('this-week')
  expect((await of(at('2026-07-02T08:00:00Z')))?.running).toBeNull()
})

test('of a period that has only begun nothing is counted, and that is not taken for no work', async () => {
  const drift = await scopeDrift(
    { figures: figuresOf([work({})], []), bundle, declared: { counted: async () => [] } },
    { contract: id, from: '2026-06', to: '2026-08', now: at('2026-06-17T08:00:00Z') },
  )
  expect(drift).toMatchObject({ months: [], accesses: null, outside: null, outsideAtLeast: true })
  expect(drift?.running?.months).toEqual(['2026-06'])
})
