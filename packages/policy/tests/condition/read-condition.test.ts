import { asId, type ResourceName } from '@varco/core'
import { evaluateClosed, readCondition, type Resource } from '@varco/policy'
import { fixtureBundle } from '@varco/policy/testing'
import { expect, test } from 'vitest'

// INVARIANT: the fixture has this resource.
const invoice = fixtureBundle().resources.get(asId<ResourceName>('invoice')) as Resource

test('a condition over a resource’s fields is read, with the fields it asks about', () => {
  const read = readCondition(
    { or: [{ status: { eq: 'disputed' } }, { not: { amount: { gt: 10 } } }] },
    invoice,
  )
  if (!read.ok) throw new Error(read.problem)
  expect([...read.fields]).toEqual(['status', 'amount'])
  const holds = evaluateClosed(read.condition, invoice.fields)
  expect(
    [{ status: 'disputed' }, { amount: '5' }, { amount: '50', status: 'paid' }].map((each) => holds(each)),
  ).toEqual([true, true, false])
})

test('of two fields that are compared with one another it asks about both', () => {
  const read = readCondition({ iban: { eq: '$record.tax_code' } }, invoice)
  if (!read.ok) throw new Error(read.problem)
  expect([...read.fields]).toEqual(['iban', 'tax_code'])
})

test.each<[string, unknown, RegExp]>([
  ['nothing', null, /no condition/],
  ['a list', [], /no condition/],
  ['an empty one, which would be of every record', {}, /./],
  ['a field that is none', { colour: { eq: 'red' } }, /unknown field/],
  ['an operator that is none', { status: { is: 'x' } }, /./],
  ['another type', { amount: { eq: 'much' } }, /amount/],
  ['who asks', { status: { eq: '$principal.unit' } }, /nobody does/],
  ['who asks, in a list', { status: { in: '$principal.statuses' } }, /./],
])('%s is none', (_, where, problem) => {
  const read = readCondition(where, invoice)
  expect(read.ok ? 'read' : read.problem).toMatch(problem)
})
