import { asId, type FieldName, type ResourceName } from '@varco/core'
import { evaluateClosed, type Resource } from '@varco/policy'
import { fixtureBundle } from '@varco/policy/testing'
import { expect, test } from 'vitest'

// INVARIANT: the fixture has this resource.
const invoice = fixtureBundle().resources.get(asId<ResourceName>('invoice')) as Resource

test('a decimal as long as PostgreSQL keeps one is compared exactly, and in time that grows with its length alone', () => {
  const isAboveZero = evaluateClosed(
    { op: 'gt', field: asId<FieldName>('amount'), value: '0' },
    invoice.fields,
  )
  const started = performance.now()
  for (let i = 0; i < 10; i++) {
    expect(isAboveZero({ amount: `0.${'0'.repeat(140_000)}1` })).toBe(true)
    expect(isAboveZero({ amount: `0.${'0'.repeat(140_000)}` })).toBe(false)
  }
  // One of them took ten seconds when each zero was looked at from each zero before it.
  expect(performance.now() - started).toBeLessThan(20_000)
})
