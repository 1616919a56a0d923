import fc from 'fast-check'
import { sumShown } from '@varco/core'
import { expect, test } from 'vitest'
import { holdBackMonth } from '../../src/held-back/hold-back-month.ts'
import type { AccessFigure } from '../../src/ports.ts'

interface Cell {
  readonly count: number
  readonly workers: number
}

const COMPANIES = [null, 'aurora', 'borea', 'cala']
const PURPOSES = ['a', 'b', 'c', 'd']

/** One contract for each company. */
function figuresOf(permitted: readonly (readonly Cell[])[], denied: readonly Cell[]): AccessFigure[] {
  const figure = (
    company: number,
    purpose: string,
    decision: 'permit' | 'deny',
    cell: Cell,
  ): AccessFigure => ({
    ...{ month: '2026-03', kind: 'access', decision, purpose, report: null, ...cell },
    processor: COMPANIES[company] ?? null,
    contract: COMPANIES[company] ?? null,
  })
  return [
    ...permitted.flatMap((row, p) => row.map((cell, c) => figure(c, PURPOSES[p] ?? '', 'permit', cell))),
    ...denied.map((cell, c) => figure(c, 'a', 'deny', cell)),
  ].filter(({ count }) => count > 0)
}

function holdBack(permitted: readonly (readonly Cell[])[], denied: readonly Cell[]) {
  const figures = figuresOf(permitted, denied)
  const shown = holdBackMonth(figures, [])
  const companies = COMPANIES.slice(0, denied.length)
  return {
    ...{ figures, shown, permitted: shown.permitted, denied: shown.denied, total: shown.total },
    byCompany: companies.map((company) => shown.ofCompany(company)),
    byPurpose: permitted.map((_, p) =>
      companies.map((company) => shown.permittedFor(PURPOSES[p] ?? '', company)),
    ),
    sums: permitted.map((_, p) => shown.permittedFor(PURPOSES[p] ?? '')),
  }
}

const by = (count: number, workers = count): Cell => ({ count, workers })
const none = by(0)
const cell = fc
  .tuple(
    fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 500 })),
    fc.integer({ min: 1, max: 12 }),
  )
  .map(([count, most]) => by(count, Math.min(count, most)))
const months = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  .chain(([purposes, companies]) => {
    const row = fc.array(cell, { minLength: companies, maxLength: companies })
    return fc.record({
      permitted: fc.array(row, { minLength: purposes, maxLength: purposes }),
      denied: row,
    })
  })

test('what is shown adds up, and does not hang on the order of what was counted', () => {
  fc.assert(
    fc.property(months, ({ permitted, denied }) => {
      const held = holdBack(permitted, denied)
      const adds = (parts: readonly (number | null)[], whole: number | null): void => {
        const sum = sumShown(parts)
        expect(sum === null || whole === null || sum === whole).toBe(true)
      }
      adds([held.permitted, held.denied], held.total)
      adds(held.sums, held.permitted)
      for (const outcome of ['permitted', 'denied'] as const)
        adds(
          held.byCompany.map((company) => company[outcome]),
          held[outcome],
        )
      const turned = holdBackMonth(held.figures.toReversed(), [])
      expect([turned.permitted, turned.denied, turned.total]).toEqual([
        ...[held.permitted, held.denied, held.total],
      ])
      for (const [c, company] of COMPANIES.slice(0, denied.length).entries())
        expect(turned.ofCompany(company)).toEqual(held.byCompany[c])
    }),
    { numRuns: 200 },
  )
})

test('one table does not give away what the other holds back', () => {
  const held = holdBack(
    [
      [by(1), none, none],
      [none, by(1), none],
      [none, by(13), by(1)],
    ],
    [none, none, none],
  )
  expect(held.permitted).toBeNull()
})

test('where nothing is small, everything is shown', () => {
  const held = holdBack(
    [
      [by(30), none],
      [by(10), by(20)],
    ],
    [by(9), by(8)],
  )
  expect(held.byCompany).toEqual([
    { permitted: 40, denied: 9 },
    { permitted: 20, denied: 8 },
  ])
  expect(held).toMatchObject({ permitted: 60, denied: 17, total: 77 })
  expect([held.byPurpose, held.sums]).toEqual([
    [
      [30, 0],
      [10, 20],
    ],
    [30, 30],
  ])
})

test('a month in which nobody was let in', () => {
  expect(holdBack([], [by(30)])).toMatchObject({
    ...{ permitted: 0, denied: 30, total: 30 },
    byCompany: [{ permitted: 0, denied: 30 }],
  })
})

test('many accesses of few people are held back as few are', () => {
  const held = holdBack([[by(40, 3)]], [none])
  expect([held.total, held.permitted, held.byPurpose]).toEqual([null, null, [[null]]])
  expect(holdBack([[by(40, 5)]], [none]).total).toBe(40)
})

test('a company’s refusals of few are not what the others leave of all refusals', () => {
  const { byCompany, denied } = holdBack([[by(90), by(80), by(70)]], [by(9, 2), by(60), by(50)])
  const held = [denied, ...byCompany.map((company) => company.denied)].filter((count) => count === null)
  expect(byCompany[0]?.denied).toBeNull()
  expect(held.length).toBeGreaterThan(1)
})
