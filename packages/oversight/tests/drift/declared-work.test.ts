import { millisToMicros } from '@varco/core'
import { asId } from '@varco/core'
import type { DeclaredWork } from '@varco/engagement'
import { driftTable, scopeDrift, tableCsv, type OversightFigures } from '@varco/oversight'
import { fixtureBundle } from '@varco/policy/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { whatSumsTell } from '../support/what-sums-tell.ts'

const bundle = fixtureBundle()
const NO_ACCESSES: OversightFigures = {
  work: async () => [],
  refusals: async () => [],
  tickets: async () => [],
  ties: async () => [],
  unusedTickets: async () => 0,
}

const PURPOSES = ['antimafia-assessment', 'antimafia-status', 'invoice-enquiry']

/** Hours and declarers by purpose. */
type Said = Readonly<Record<string, readonly [hours: number, declarers: number]>>

function declared(month: string, said: Said, declarers?: number): DeclaredWork {
  const purposes = Object.entries(said).map(([purpose, [hours, people]]) => ({
    ...{ purpose, hours, declarers: people },
  }))
  return {
    ...{ month, key: 'ab'.repeat(32), announced: asId('proxy-1.1.1'), closed: asId('proxy-1.1.9') },
    ...{ unsigned: 0, purposes },
    declarers: declarers ?? Math.max(0, ...purposes.map((each) => each.declarers)),
  }
}

async function driftOf(months: readonly DeclaredWork[]) {
  const drift = await scopeDrift(
    { figures: NO_ACCESSES, bundle, declared: { counted: async () => months } },
    {
      ...{ contract: 'aurora-2026', from: '2026-05', to: '2026-07' },
      now: millisToMicros(Date.parse('2027-06-01T10:00:00Z')),
    },
  )
  if (drift === null) throw new Error('the fixture has changed')
  return drift
}

test('work that no access shows stands beside the accesses, held against the annex', async () => {
  const drift = await driftOf([
    declared('2026-05', { 'antimafia-assessment': [150, 6], 'invoice-enquiry': [80, 9] }),
    declared('2026-06', { 'antimafia-assessment': [200, 7] }),
  ])
  expect(drift.accesses).toBe(0)
  expect(drift.declared).toMatchObject({
    hours: 430,
    rows: [
      {
        ...{ value: 'antimafia-assessment', contracted: false, clause: null, hours: 350 },
        title: { it: 'Valutazione antimafia' },
        monthly: [
          { month: '2026-05', hours: 150 },
          { month: '2026-06', hours: 200 },
        ],
      },
      { value: 'invoice-enquiry', contracted: true, clause: 'A.3', hours: 80 },
    ],
  })
  expect(drift.declared.months[0]).toEqual({
    ...{ month: '2026-05', key: 'ab'.repeat(32), evidence: ['proxy-1.1.1', 'proxy-1.1.9'], unsigned: 0 },
  })
  const csv = tableCsv(driftTable(drift, 'it'))
  expect(csv).toMatch(/"?fuori sistema, ore"?,"?antimafia-assessment"?,"?no \(0 %\)"?.*350.*150.*200/)
})

describe('what fewer than five declared', () => {
  test('of a contract with four workers is never shown', async () => {
    const months = ['2026-05', '2026-06'].map((month) => declared(month, { 'invoice-enquiry': [333, 4] }))
    const drift = await driftOf(months)
    expect(drift.declared.hours).toBeNull()
    expect(drift.declared.rows).toMatchObject([{ hours: null, monthly: [{ hours: null }, { hours: null }] }])
    const shown = JSON.stringify(drift, (_, each: unknown) => (typeof each === 'bigint' ? '' : each))
    expect(shown).not.toMatch(/333|666/)
    expect(tableCsv(driftTable(drift, 'en'))).not.toMatch(/333|666/)
  })

  test('is not what is left of the sum', async () => {
    const drift = await driftOf([
      declared('2026-05', { 'antimafia-assessment': [37, 2], 'invoice-enquiry': [400, 20] }, 20),
      declared('2026-06', { 'antimafia-assessment': [90, 6], 'invoice-enquiry': [500, 20] }, 20),
    ])
    const row = drift.declared.rows.find(({ value }) => value === 'antimafia-assessment')
    expect(row?.monthly[0]?.hours).toBeNull()
    const of = (value: string, month: number) =>
      drift.declared.rows.find((each) => each.value === value)?.monthly[month]?.hours ?? null
    // Its sum, or the other month, is gone too.
    expect(row?.hours === null || of('antimafia-assessment', 1) === null).toBe(true)
  })

  test('is shown nowhere, whatever was declared', async () => {
    const people = fc.integer({ min: 1, max: 12 })
    const month = fc.dictionary(
      fc.constantFrom('antimafia-assessment', 'invoice-enquiry', 'antimafia-status'),
      // Each number of hours once, so that it would be known again.
      fc.tuple(fc.integer({ min: 1, max: 999 }), people),
    )
    const wrong: string[] = []
    await fc.assert(
      fc.asyncProperty(fc.tuple(month, month, month), async (said) => {
        const months = said.map((each, i) => declared(`2026-0${i + 5}`, each, 12))
        const { rows } = (await driftOf(months)).declared
        for (const row of rows)
          for (const [i, { hours }] of row.monthly.entries()) {
            const [all = 0, declarers = 0] = said[i]?.[row.value] ?? []
            const mayShow = declarers === 0 || declarers >= 5
            if (hours !== null && (!mayShow || hours !== all))
              wrong.push(`${row.value}: ${hours} of ${declarers}`)
          }
        return wrong.length === 0
      }),
      { numRuns: 60 },
    )
    expect(wrong).toEqual([])
  })
})

test('what few declared is not what one period comes to without another', async () => {
  const periods = [
    [0, 0],
    [1, 1],
    [2, 2],
    [0, 1],
    [1, 2],
    [0, 2],
  ] as const
  const cell = fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 12 }))
  const month = fc.dictionary(fc.constantFrom(...PURPOSES), cell)
  const wrong: string[] = []
  await fc.assert(
    fc.asyncProperty(fc.tuple(month, month, month), async (said) => {
      const months = said.map((each, i) => declared(`2026-0${i + 5}`, each))
      const place = (value: string, c: number): number => PURPOSES.indexOf(value) * months.length + c
      const known = whatSumsTell()
      const sumOf = (places: readonly number[]): readonly number[] =>
        Array.from({ length: PURPOSES.length * months.length }, (_, i) => Number(places.includes(i)))
      const tell = (shown: number | null, places: readonly number[]): void => {
        if (shown !== null) known.tell(sumOf(places))
      }
      for (const [from, to] of periods) {
        const { rows, hours } = (await driftOf(months.slice(from, to + 1))).declared
        const columns = Array.from({ length: to - from + 1 }, (_, i) => from + i)
        tell(
          hours,
          PURPOSES.flatMap((value) => columns.map((c) => place(value, c))),
        )
        for (const value of PURPOSES) {
          const row = rows.find((each) => each.value === value)
          tell(
            row === undefined ? 0 : row.hours,
            columns.map((c) => place(value, c)),
          )
          for (const [i, c] of columns.entries())
            tell(row === undefined ? 0 : (row.monthly[i]?.hours ?? null), [place(value, c)])
        }
      }
      for (const [c, each] of said.entries())
        for (const [value, [, declarers]] of Object.entries(each))
          if (declarers < 5 && known.comesTo(sumOf([place(value, c)]))) wrong.push(`${value} of month ${c}`)
      return wrong.length === 0
    }),
    { numRuns: 200 },
  )
  expect(wrong).toEqual([])
})

test('of two months, few people’s and many’s, the sum is held back', async () => {
  const [may, june] = [
    declared('2026-05', { 'antimafia-assessment': [37, 2] }),
    declared('2026-06', { 'antimafia-assessment': [90, 6] }),
  ]
  expect((await driftOf([june])).declared).toMatchObject({ hours: 90, rows: [{ hours: 90 }] })
  expect((await driftOf([may, june])).declared).toMatchObject({ hours: null, rows: [{ hours: null }] })
})

test('of a month not closed nothing stands there, and what was put in unsigned is told', async () => {
  const drift = await driftOf([{ ...declared('2026-05', { 'invoice-enquiry': [60, 6] }), unsigned: 3 }])
  expect(drift.declared.months).toMatchObject([{ month: '2026-05', unsigned: 3 }])
  const [row = []] = driftTable(drift, 'en').rows
  // May, June, July: only the first was counted.
  expect(row.slice(-3)).toEqual([60, '', ''])
})
