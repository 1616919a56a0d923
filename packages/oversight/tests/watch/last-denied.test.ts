import { expect, test } from 'vitest'
import { LastDenied } from '../../src/watch/last-denied.ts'

const HOUR_US = 3_600_000_000
const at = (hour: number, operator: string | null, workstation: string | null = null) => ({
  ...{ at: hour * HOUR_US, operator, workstation },
})

test('whoever was refused is known for a while, by name and by workstation, the last time counting', () => {
  const denied = new LastDenied([at(1, 'AUR-1', 'WS-1')])
  denied.note(at(3, 'AUR-1'))
  // A tree that comes late.
  denied.note(at(2, 'AUR-1'))
  expect(denied.isWithin(at(4, 'AUR-1'), HOUR_US)).toBe(true)
  expect(denied.isWithin(at(5, 'AUR-1'), HOUR_US)).toBe(false)
  expect(denied.isWithin(at(2, 'AUR-2', 'WS-1'), HOUR_US)).toBe(true)
  expect(denied.isWithin(at(2, 'AUR-2', 'WS-2'), HOUR_US)).toBe(false)
})

test('a refusal of long ago is forgotten when others come, one of the last day is not, nor by a tree that comes late', () => {
  const denied = new LastDenied([at(0, 'AUR-1', 'WS-1'), at(20, 'AUR-2', 'WS-2')])
  const isKnown = (operator: string | null, workstation: string | null = null): boolean =>
    denied.isWithin(at(60, operator, workstation), 1_000 * HOUR_US)
  denied.note(at(30, 'AUR-3', 'WS-3'))
  denied.note(at(1, 'AUR-3', 'WS-3'))
  expect([isKnown('AUR-2'), isKnown(null, 'WS-2')]).toEqual([true, true])
  denied.note(at(60, 'AUR-4', 'WS-4'))
  expect([isKnown('AUR-1'), isKnown(null, 'WS-1')]).toEqual([false, false])
  expect([isKnown('AUR-3'), isKnown(null, 'WS-3')]).toEqual([true, true])
})

test('a caller with a new workstation each time fills no memory, and hides nobody’s name', () => {
  const denied = new LastDenied([at(0, 'AUR-2', 'WS-2')])
  for (let n = 0; n < 100_000; n++) denied.note(at(0, 'AUR-1', `made-up-${n}`))
  const known = Array.from({ length: 100_000 }, (_, n) => n).filter((n) =>
    denied.isWithin(at(0, null, `made-up-${n}`), HOUR_US),
  )
  expect(known.length).toBeLessThanOrEqual(20_000)
  expect(known.length).toBeGreaterThanOrEqual(10_000)
  expect(known.at(-1)).toBe(99_999)
  expect(denied.isWithin(at(0, 'AUR-2'), HOUR_US)).toBe(true)
})
