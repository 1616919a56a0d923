import { decide, decideRecord } from '@varco/policy'
import { arbitraryRecord, arbitraryWorld } from '@varco/policy/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('the hot path and the decision agree on every field of every record', () => {
  let shown = 0
  fc.assert(
    fc.property(
      arbitraryWorld(),
      fc.array(arbitraryRecord(), { minLength: 1, maxLength: 4 }),
      ({ bundle, request }, records) => {
        const decision = decide(bundle, request)
        for (const record of records) {
          const outcomes = decideRecord(bundle, request, record)
          const expected = decision.effect === 'permit' ? decision.outcomesOf(record) : null
          expect(outcomes).toEqual(expected)
          if (expected !== null) shown += 1
        }
      },
    ),
    { numRuns: 3_000 },
  )
  expect(shown).toBeGreaterThan(500)
}, 60_000)
