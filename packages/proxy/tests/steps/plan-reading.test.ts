import { asId, type FieldName, type PolicyVersion, type ResourceName } from '@varco/core'
import { compileBundle, type ClosedCondition, type FieldPermit, type Permit } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { expect, test } from 'vitest'
import { readQuery } from '../../src/dialect/read-query.ts'
import { planReading, type Reading } from '../../src/steps/plan-reading.ts'

const resource = compileBundle(fixtureDocument()).resources.get(asId<ResourceName>('invoice'))
const paid: ClosedCondition = { op: 'eq', field: asId<FieldName>('status'), value: 'paid' }
const shown: FieldPermit = { best: 'plain', plainWhere: paid, mask: null }
const permit: Permit = {
  ...{
    effect: 'permit',
    policyVersion: asId<PolicyVersion>('v'),
    reasons: [],
    rules: [],
    conditionFields: [],
  },
  obligations: { ticket: 'none', maxRecordsPerHour: null, stepUp: false, notices: [] },
  rowFilter: { op: 'eq', field: asId<FieldName>('id'), value: '1' },
  fields: new Map(['id', 'number'].map((field) => [asId<FieldName>(field), shown])),
  outcomesOf: () => null,
}

function plan(query: string): Reading {
  if (resource === undefined) throw new Error('the fixture has invoices')
  const asked = { action: 'read', resource: resource.name, filters: [], rules: [] } as const
  const permits = { permit, counting: null, link: null, most: 10 }
  const reading = planReading(resource, asked, permits, readQuery(query, null), () => [])
  if ('refused' in reading) throw new Error(reading.code)
  return reading
}

test('what follows from the fields compared is worked out once, how often and with what each is compared', () => {
  const once = plan('id=eq.1')
  expect(plan('id=eq.2').query.reach).toBe(once.query.reach)
  expect(plan('id=eq.2').query.filter).not.toEqual(once.query.filter)
  // Nobody fills the memory by comparing the same again and again.
  const again = plan(`or=(${Array.from({ length: 900 }, () => 'id.eq.1').join(',')})`)
  expect(again.query.reach).toBe(once.query.reach)
  expect(plan('id=eq.1&number=eq.1').query.reach).not.toBe(once.query.reach)
  expect(plan('').query.reach).toBe(permit.rowFilter)
})
