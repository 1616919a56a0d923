import { millisToMicros } from '@varco/core'
import { expect, test } from 'vitest'
import {
  driftTable,
  scopeDrift,
  tableCsv,
  tableHtml,
  tableText,
  type OversightFigures,
  type WorkFigure,
} from '@varco/oversight'
import type { DeclaredWorkCounts } from '@varco/engagement'
import { fixtureBundle } from '@varco/policy/testing'

const bundle = fixtureBundle()
const [contract] = [...bundle.contracts.values()]
const id = contract?.id ?? ''
const contracted = contract?.document.annex[0]?.purpose ?? ''

function figure(change: Partial<WorkFigure>): WorkFigure {
  return {
    ...{
      month: '2026-01',
      dimension: 'purpose',
      value: contracted,
      decision: 'permit',
      accesses: 90,
      workers: 40,
    },
    ...{ firstAt: 5_000_000n, fifthAt: 6_000_000n, evidence: ['proxy-1.1.1'] },
    ...change,
  }
}

function figuresOf(work: readonly WorkFigure[]): OversightFigures {
  return {
    work: async () => work,
    refusals: async () => [],
    tickets: async () => [],
    ties: async () => [],
    unusedTickets: async () => 0,
  }
}

const NOTHING_DECLARED: DeclaredWorkCounts = { counted: async () => [] }

/** Long after all of it. */
const now = millisToMicros(Date.parse('2027-06-01T10:00:00Z'))
const months = { from: '2026-01', to: '2026-03', now }

test('work that no clause covers is named, with its share, its trend and events to look at', async () => {
  const growing = [10, 20, 30].map((accesses, i) =>
    figure({
      value: 'beyond',
      month: `2026-0${i + 1}`,
      accesses,
      workers: 9,
      decision: i === 0 ? 'permit' : 'deny',
      evidence: [`proxy-1.1.${i}`],
    }),
  )
  const steady = ['2026-01', '2026-02', '2026-03'].map((month) => figure({ month }))
  const drift = await scopeDrift(
    { figures: figuresOf([...growing, ...steady]), bundle, declared: NOTHING_DECLARED },
    { contract: id, ...months },
  )
  expect(drift?.outside).toBeCloseTo(60 / 330)
  expect(drift?.rows.purpose[0]).toMatchObject({
    ...{ value: 'beyond', contracted: false, clause: null, count: 60, refused: 50, firstSeen: 5_000_000n },
    evidence: ['proxy-1.1.0', 'proxy-1.1.1', 'proxy-1.1.2'],
  })
  expect(drift?.rows.purpose[0]?.trend).toBeGreaterThan(0)
  expect(drift?.rows.purpose[1]).toMatchObject({
    value: contracted,
    contracted: true,
    count: 270,
    refused: 0,
  })
  expect(
    await scopeDrift(
      { figures: figuresOf([]), bundle, declared: NOTHING_DECLARED },
      { contract: 'nobody', ...months },
    ),
  ).toBeNull()
})

test('fewer than five people are not counted, and cannot be worked out from what is left', async () => {
  const few = figure({ value: 'beyond', accesses: 300, workers: 2 })
  const others = [
    figure({}),
    figure({ value: 'second', accesses: 40 }),
    figure({ month: '2026-02' }),
    figure({ value: 'second', month: '2026-02', accesses: 70 }),
  ]
  const drift = await scopeDrift(
    { figures: figuresOf([few, ...others]), bundle, declared: NOTHING_DECLARED },
    { contract: id, ...months },
  )
  const row = drift?.rows.purpose.find(({ value }) => value === 'beyond')
  expect(row).toMatchObject({ count: null, share: null, evidence: [], refused: null })
  // Of each month that has a hidden cell, another is hidden too: the sum gives neither away.
  const hidden = drift?.rows.purpose.filter(({ monthly }) => monthly[0]?.count === null) ?? []
  expect(hidden.length).toBeGreaterThan(1)
  expect(
    JSON.stringify(drift?.rows, (_, each: unknown) => (typeof each === 'bigint' ? '' : each)),
  ).not.toContain('300')
})

test('neither the sum nor the share outside the annex gives a row away that is held back', async () => {
  // Two rows only, both held back: an exact share outside would be the small one.
  const drift = await scopeDrift(
    {
      figures: figuresOf([figure({ value: 'beyond', accesses: 12, workers: 2 }), figure({})]),
      bundle,
      declared: NOTHING_DECLARED,
    },
    { contract: id, ...months },
  )
  expect(drift).toMatchObject({ outside: 0, outsideAtLeast: true })
  expect(drift?.rows.purpose.map(({ count }) => count)).toEqual([null, null])
})

test('the same accesses by action do not tell what is held back by purpose', async () => {
  const few = figure({ accesses: 12, workers: 2 })
  const drift = await scopeDrift(
    {
      figures: figuresOf([few, { ...few, dimension: 'action', value: 'read' }]),
      bundle,
      declared: NOTHING_DECLARED,
    },
    { contract: id, ...months },
  )
  expect(JSON.stringify(drift, (_, each: unknown) => (typeof each === 'bigint' ? '' : each))).not.toMatch(
    /\b12\b/,
  )
  expect(drift).toMatchObject({ accesses: null, outside: null })
})

test('accesses of few are not what one period comes to without another', async () => {
  const work = [
    figure({ value: 'beyond', accesses: 37, workers: 2 }),
    figure({ value: 'beyond', month: '2026-02', accesses: 90, workers: 6 }),
    figure({ value: 'beyond', month: '2026-02', accesses: 11, workers: 6, decision: 'deny' }),
    figure({}),
    figure({ month: '2026-02' }),
  ]
  const of = async (from: string) => {
    const figures = figuresOf(work.filter(({ month }) => month >= from))
    const drift = await scopeDrift(
      { figures, bundle, declared: NOTHING_DECLARED },
      { contract: id, from, to: '2026-02', now },
    )
    return drift?.rows.purpose.find(({ value }) => value === 'beyond')
  }
  expect(await of('2026-02')).toMatchObject({ count: 101, refused: 11 })
  expect(await of('2026-01')).toMatchObject({ count: null, refused: null })
})

test('refusals are held back where what is left of the count would tell of few people permitted', async () => {
  const refused = figure({ decision: 'deny', accesses: 98, workers: 9 })
  const drift = await scopeDrift(
    {
      figures: figuresOf([refused, figure({ accesses: 2, workers: 2 })]),
      bundle,
      declared: NOTHING_DECLARED,
    },
    { contract: id, ...months },
  )
  expect(drift?.rows.purpose[0]).toMatchObject({ count: 100, refused: null })
})

test('says the same on the screen, in CSV and on a page, and neither format can be broken out of', async () => {
  const hostile = figure({ value: '=1+1,"<script>', accesses: 7 })
  const drift = await scopeDrift(
    { figures: figuresOf([hostile, figure({})]), bundle, declared: NOTHING_DECLARED },
    { contract: id, ...months },
  )
  if (drift === null) throw new Error('no such contract')
  const table = driftTable(drift, 'it')
  expect(tableCsv(table)).toContain(`"'=1+1,""<script>"`)
  expect(tableHtml(table, 'it')).not.toContain('<script>')
  expect(tableText(table)).toContain('no (0 %)')
})
