import { isOver, lastDay, latestTrigger, type Term } from '@varco/retention'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'

const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text)
const ceiling = (after: string, align: Term['align'] = null): Term => ({ after, align, bound: 'ceiling' })
const floor = (after: string): Term => ({ after, align: null, bound: 'floor' })

test.each([
  ['2026-01-31', ceiling('P3M'), '2026-04-30'],
  ['2024-02-29', ceiling('P10Y'), '2034-02-28'],
  ['2024-02-29', floor('P10Y'), '2034-03-01'],
  ['2024-02-29', floor('P4Y'), '2028-02-29'],
  ['2016-05-10', ceiling('P10Y', 'year-end'), '2026-12-31'],
  ['2026-01-15', ceiling('P1M', 'month-end'), '2026-02-28'],
  ['2025-12-31', ceiling('P1D'), '2026-01-01'],
  ['2025-01-30', ceiling('P1M1D'), '2025-03-01'],
])('a term from %s ends as the calendar says', (trigger, term, expected) => {
  expect(lastDay(day(trigger), term).toString()).toBe(expected)
})

test('on its last day a term still runs; the day after it is over', () => {
  const term = ceiling('P10Y')
  expect(isOver(day('2016-11-25'), term, day('2026-11-25'))).toBe(false)
  expect(isOver(day('2016-11-25'), term, day('2026-11-26'))).toBe(true)
})

test('the latest trigger parts those that are over from those that run, whatever term and day', () => {
  const term = fc
    .record({
      years: fc.nat(30),
      months: fc.nat(24),
      days: fc.nat(400),
      align: fc.constantFrom(null, 'month-end', 'year-end'),
      bound: fc.constantFrom('floor', 'ceiling'),
    })
    .map(({ years, months, days, align, bound }) => ({ after: `P${years}Y${months}M${days}D`, align, bound }))
  fc.assert(
    fc.property(term, fc.nat(40_000), fc.integer({ min: -400, max: 400 }), (drawn, today, distance) => {
      const now = day('1990-01-01').add({ days: today })
      const latest = latestTrigger(drawn, now)
      const other = latest.add({ days: distance })
      expect(isOver(other, drawn, now)).toBe(distance <= 0)
    }),
    { numRuns: 300 },
  )
})
