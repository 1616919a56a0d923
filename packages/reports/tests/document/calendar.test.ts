import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayIn } from '../../src/document/calendar.ts'

test.each(['Europe/Rome', 'Asia/Kathmandu', 'Pacific/Chatham', 'America/St_Johns', 'UTC'])(
  'remembers days without moving one, in %s',
  (timeZone) => {
    const dayOf = dayIn(timeZone)
    const written = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' })
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2045, 0) }),
        fc.integer({ min: -2_000_000, max: 2_000_000 }),
        (day, near) => {
          for (const at of [day, Math.floor(day / 86_400_000) * 86_400_000 + near]) {
            expect(dayOf(new Date(at).toISOString())).toBe(written.format(at))
          }
        },
      ),
      { numRuns: 400 },
    )
  },
)
