import fc from 'fast-check'
import { isoToMicros } from '@varco/core'
import { EVENT_KINDS } from '@varco/access-log'
import { expect, test } from 'vitest'
import {
  calendarDay,
  calendarDays,
  logHref,
  parseLogAddress,
  startOfDay,
  toEventQuery,
  type LogFilters,
} from '../../src/log/log-filters.ts'

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,20}$/)
const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const filters: fc.Arbitrary<LogFilters> = fc
  .record(
    {
      from: day,
      to: day,
      kind: fc.constantFrom(...EVENT_KINDS, 'all' as const),
      decision: fc.constantFrom('permit' as const, 'deny' as const),
      processor: id,
      contract: id,
      purpose: id,
      resource: id,
      operator: id,
      ticket: id,
    },
    { requiredKeys: [] },
  )
  .filter(({ from, to }) => from === undefined || to === undefined || from <= to)
const cursor = fc.stringMatching(/^[A-Za-z0-9._:~-]{1,40}$/)

test('an address says the filters and the place, and nothing is lost on the way', () => {
  fc.assert(
    fc.property(
      filters,
      fc.option(cursor, { nil: undefined }),
      fc.array(fc.oneof(cursor, fc.constant('')), { maxLength: 20 }),
      (wanted, after, trail) => {
        const href = logHref({ filters: wanted, subject: undefined }, { after, trail })
        const read = parseLogAddress(new URL(href, 'https://varco.example').searchParams)
        expect(read).toMatchObject({ filters: wanted, problems: [], after, trail })
      },
    ),
  )
})

test('whatever the address says, it is read or named as wrong, never passed on', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom('from', 'to', 'kind', 'decision', 'ticket', 'after', 'back'),
        fc.string(),
      ),
      (parameters) => {
        const read = parseLogAddress(new URLSearchParams(parameters))
        const query = toEventQuery(read.problems.length === 0 ? read.filters : {}, 'Europe/Rome')
        expect([undefined, 'permit', 'deny']).toContain(query.decision)
        expect(read.after ?? 'none').toMatch(/^[A-Za-z0-9._:~-]+$/)
      },
    ),
  )
})

test('the trail keeps the nearest pages', () => {
  const trail = Array.from({ length: 40 }, (_, index) => `c${index}`)
  const href = logHref({ filters: {}, subject: undefined }, { after: 'x', trail })
  expect(parseLogAddress(new URL(href, 'https://varco.example').searchParams).trail).toEqual(trail.slice(-20))
})

test('a day begins and ends where the body’s clock says, also when it has 23 or 25 hours', () => {
  const span = (date: string) => [startOfDay(date, 'Europe/Rome', 0), startOfDay(date, 'Europe/Rome', 1)]
  expect(span('2026-03-29')).toEqual([
    isoToMicros('2026-03-28T23:00:00Z'),
    isoToMicros('2026-03-29T22:00:00Z'),
  ])
  expect(span('2026-10-25')).toEqual([
    isoToMicros('2026-10-24T22:00:00Z'),
    isoToMicros('2026-10-25T23:00:00Z'),
  ])
})

test('days in a row are those of the calendar, one by one, in whatever order and on the days the clock changes', () => {
  for (const zone of ['Europe/Rome', 'America/New_York', 'Asia/Kolkata']) {
    const dayOf = calendarDays(zone)
    // Around the end of summer time, in Rome on 25 October and in New York on 1 November.
    const [min, max] = ['2026-10-23T00:00:00Z', '2026-11-03T00:00:00Z'].map((each) => isoToMicros(each) ?? 0n)
    const instants = fc.array(fc.bigInt({ min: min ?? 0n, max: max ?? 0n }), { maxLength: 60 })
    fc.assert(
      fc.property(instants, (ats) => {
        expect(ats.map(dayOf)).toEqual(ats.map((at) => calendarDay(at, zone)))
      }),
      { numRuns: 40 },
    )
  }
})

test('every instant of a day is of that day', () => {
  fc.assert(
    fc.property(
      day,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.constantFrom('Europe/Rome', 'America/Santiago', 'Asia/Kathmandu'),
      (date, part, zone) => {
        const from = startOfDay(date, zone, 0)
        const to = startOfDay(date, zone, 1)
        const at = from + (BigInt(Math.floor(part * 1_000_000)) * (to - from)) / 1_000_000n
        expect(calendarDay(at, zone)).toBe(date)
      },
    ),
  )
})
