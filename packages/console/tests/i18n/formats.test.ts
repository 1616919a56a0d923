import { isoToMicros } from '@varco/core'
import { expect, test } from 'vitest'
import { formatsFor } from '../../src/i18n/formats.ts'

test('times are those of the body, on both sides of the clock change', () => {
  const it = formatsFor('it', 'Europe/Rome')
  const en = formatsFor('en', 'Europe/Rome')
  const before = isoToMicros('2026-03-29T00:59:59Z') ?? 0n
  const after = isoToMicros('2026-03-29T01:00:00Z') ?? 0n
  expect(it.exact(before)).toBe('29 marzo 2026 alle ore 01:59:59 CET')
  expect(it.exact(after)).toBe('29 marzo 2026 alle ore 03:00:00 CEST')
  expect(en.exact(after)).toBe('29 March 2026 at 03:00:00 CEST')
  expect(it.instant(after)).toBe('29/03/2026, 03:00:00')
  expect(it.machine(after)).toBe('2026-03-29T01:00:00.000000Z')
})

test('numbers, lists and quotations are those of the language', () => {
  const it = formatsFor('it', 'Europe/Rome')
  const en = formatsFor('en', 'Europe/Rome')
  expect([it.number(1234567), en.number(1234567n)]).toEqual(['1.234.567', '1,234,567'])
  expect([it.decimal(4.2), en.decimal(1234)]).toEqual(['4,20', '1,234.00'])
  expect([it.quote('a'), en.quote('a')]).toEqual(['«a»', '“a”'])
})

test('a day or a month of the calendar is the same wherever it is read', () => {
  const far = formatsFor('it', 'America/New_York', 'Europe/Rome')
  const en = formatsFor('en', 'Asia/Tokyo', 'Europe/Rome')
  expect([far.calendarDay('2026-01-01'), en.calendarDay('2026-12-31')]).toEqual([
    '1 gennaio 2026',
    '31 December 2026',
  ])
  expect([far.month('2026-01'), en.month('2026-12')]).toEqual(['gennaio 2026', 'December 2026'])
})
