import { asId, type FieldName, type ResourceName } from '@varco/core'
import { namedValues, readCondition, type Resource } from '@varco/policy'
import { fixtureBundle } from '@varco/policy/testing'
import { expect, test } from 'vitest'

// INVARIANT: the fixture has this resource.
const invoice = fixtureBundle().resources.get(asId<ResourceName>('invoice')) as Resource
const PRODUCER = asId<FieldName>('producer_id')

test.each<[string, unknown, readonly string[]]>([
  ['the one it is', { producer_id: { eq: 'P-1' } }, ['P-1']],
  ['each of a list, once', { producer_id: { in: ['P-1', 'P-2', 'P-1'] } }, ['P-1', 'P-2']],
  [
    'those it keeps out',
    { or: [{ producer_id: { neq: 'P-1' } }, { producer_id: { nin: ['P-2'] } }] },
    ['P-1', 'P-2'],
  ],
  [
    'those inside connectives',
    { not: { and: [{ status: { eq: 'paid' } }, { producer_id: { eq: 'P-3' } }] } },
    ['P-3'],
  ],
  ['nobody by another field', { status: { eq: 'P-1' } }, []],
  ['nobody by a comparison of two fields', { producer_id: { eq: '$record.tax_code' } }, []],
  ['nobody by a stretch', { producer_id: { prefix: 'P-' } }, []],
])('the values of a field that a condition names: %s', (_, where, named) => {
  const read = readCondition(where, invoice)
  if (!read.ok) throw new Error(read.problem)
  expect([...namedValues(read.condition, PRODUCER)]).toEqual(named)
})
