import { isoToMicros, type Micros } from '@varco/core'
import { deadlineOf, holidaysOf, type DataSubjectRequest } from '@varco/reports'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'

const calendar = { timeZone: 'Europe/Rome', isHoliday: holidaysOf('IT') }
const at = (iso: string): Micros => isoToMicros(iso) ?? 0n

function request(receivedAt: Micros, change: Partial<DataSubjectRequest> = {}): DataSubjectRequest {
  return {
    id: 'RQ-2026-000001',
    right: 'access',
    receivedAt,
    channel: 'portal',
    identifier: null,
    replyTo: null,
    identity: { state: 'unchecked', askedAt: null, settledAt: null },
    extension: null,
    outcome: null,
    reminded: null,
    version: 1,
    ...change,
  }
}

const extension = { at: 0n, by: 'RPD-1', reason: 'È una richiesta complessa.' }
const due = (iso: string, change: Partial<DataSubjectRequest> = {}): string | undefined =>
  deadlineOf(request(at(iso), change), calendar)?.due.toString()

describe('a month from the day of receipt, which does not count itself', () => {
  test.each([
    ['the same day of the next month', '2026-03-05T09:00:00Z', '2026-04-07'],
    ['a plain case', '2026-06-10T09:00:00Z', '2026-07-10'],
    ['31 August has no 31 September', '2026-08-31T09:00:00Z', '2026-09-30'],
    ['31 January, leap year', '2028-01-31T09:00:00Z', '2028-02-29'],
    ['31 January', '2025-01-31T09:00:00Z', '2025-02-28'],
    ['a Saturday moves to Monday', '2026-09-17T09:00:00Z', '2026-10-19'],
    ['Christmas and Saint Stephen, then a weekend', '2026-11-25T09:00:00Z', '2026-12-28'],
    ['Easter Monday', '2026-03-06T09:00:00Z', '2026-04-07'],
    ['late in the evening it is tomorrow in Rome', '2026-06-09T22:30:00Z', '2026-07-10'],
    ['a holiday on the way changes nothing', '2026-12-20T09:00:00Z', '2027-01-20'],
  ])('%s', (_, received, expected) => {
    expect(due(received)).toBe(expected)
  })
})

describe('extended', () => {
  test('is three months from the beginning, not a month and then two', () => {
    expect(due('2026-01-31T09:00:00Z', { extension })).toBe('2026-04-30')
    expect(due('2026-06-10T09:00:00Z', { extension })).toBe('2026-09-10')
  })
})

describe('proof of identity', () => {
  const asked = at('2026-06-12T09:00:00Z')
  test('asked for at once, the time stands still until it comes', () => {
    expect(
      due('2026-06-10T09:00:00Z', { identity: { state: 'asked', askedAt: asked, settledAt: null } }),
    ).toBeUndefined()
    const settledAt = at('2026-06-20T09:00:00Z')
    expect(due('2026-06-10T09:00:00Z', { identity: { state: 'confirmed', askedAt: asked, settledAt } })).toBe(
      '2026-07-20',
    )
  })

  test('asked for late, the time has been running all along', () => {
    const late = at('2026-07-01T09:00:00Z')
    expect(
      due('2026-06-10T09:00:00Z', { identity: { state: 'asked', askedAt: late, settledAt: null } }),
    ).toBe('2026-07-10')
  })
})

test('for every day of twenty years: a working day, not before the month is over, and at most five days after', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 7_304 }), fc.boolean(), (offset, extended) => {
      const received = Temporal.PlainDate.from('2020-01-01').add({ days: offset })
      const instant = at(`${received.toString()}T10:00:00Z`)
      const deadline = deadlineOf(request(instant, extended ? { extension } : {}), calendar)
      const months = extended ? 3 : 1
      const plain = received.add({ months })
      expect(deadline?.due.dayOfWeek).toBeLessThan(6)
      expect(deadline !== null && calendar.isHoliday(deadline.due)).toBe(false)
      const moved = plain.until(deadline?.due ?? plain, { largestUnit: 'days' }).days
      expect(moved).toBeGreaterThanOrEqual(0)
      expect(moved).toBeLessThanOrEqual(5)
      expect(moved > 0).toBe(plain.dayOfWeek >= 6 || calendar.isHoliday(plain))
    }),
    { numRuns: 2_000 },
  )
})

test('knows the holidays of the Republic, the movable one too', () => {
  const of2026 = [
    '2026-01-01',
    '2026-01-06',
    '2026-04-06',
    '2026-04-25',
    '2026-05-01',
    '2026-06-02',
    '2026-08-15',
    '2026-11-01',
    '2026-12-08',
    '2026-12-25',
    '2026-12-26',
  ]
  const days = Array.from({ length: 365 }, (_, i) => Temporal.PlainDate.from('2026-01-01').add({ days: i }))
  const found = days
    .filter((day) => calendar.isHoliday(day) && day.dayOfWeek < 7)
    .map((day) => day.toString())
  expect(found).toEqual(of2026.filter((day) => Temporal.PlainDate.from(day).dayOfWeek < 7))
})
