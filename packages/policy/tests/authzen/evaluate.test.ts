import { asId } from '@varco/core'
import {
  caseRequest,
  describedRecord,
  evaluateAccess,
  evaluateAll,
  evaluationSchema,
  type CaseDocument,
  type Evaluation,
  type SubjectFacts,
} from '@varco/policy'
import { fixtureBundle } from '@varco/policy/testing'
import { expect, test } from 'vitest'

const bundle = fixtureBundle()
const facts: SubjectFacts = async (subject) =>
  subject.id === 'op-1' ? caseRequest(bundle, bundle.document.cases[0] as CaseDocument) : null

const properties = {
  id: 7,
  producer_id: 'P1',
  status: 'issued',
  number: null,
  period: null,
  amount: null,
  issued_on: null,
  iban: null,
  tax_code: null,
}
const reading: Evaluation = {
  subject: { type: 'user', id: 'op-1' },
  action: { name: 'read' },
  resource: { type: 'invoice', id: '7', properties },
}

test('permits with the fields’ outcomes and the policy’s version', async () => {
  expect(await evaluateAccess(bundle, reading, facts)).toMatchObject({
    decision: true,
    context: {
      policy_version: bundle.version,
      fields: { amount: 'plain', iban: 'masked', issued_on: 'hidden' },
      reason_admin: { 0: 'permitted cc-invoice-enquiry' },
    },
  })
})

test.each<[string, Partial<Evaluation>, string]>([
  ['an unknown subject', { subject: { type: 'user', id: 'op-2' } }, 'unknown-subject'],
  ['an unknown action', { action: { name: 'delete' } }, 'unknown-action'],
  ['an unknown resource', { resource: { type: 'invoices', id: '7' } }, 'unknown-resource'],
  [
    'a record of another data subject',
    { resource: { type: 'invoice', id: '7', properties: { ...properties, producer_id: 'P2' } } },
    'other-data-subject cc-invoice-enquiry',
  ],
  [
    'a record that lacks what a forbid reads',
    { resource: { type: 'invoice', id: '7', properties: { producer_id: 'P1' } } },
    'forbid-not-evaluable sealed-invoices',
  ],
  [
    'a record whose properties name another',
    { resource: { type: 'invoice', id: '7', properties: { ...properties, id: 8 } } },
    'condition-not-met',
  ],
  ['a key that is none', { resource: { type: 'invoice', id: 'seven', properties } }, 'condition-not-met'],
  [
    'a record of which the id alone is known, where rules look at more',
    { resource: { type: 'invoice', id: '7' } },
    'condition-not-met',
  ],
  [
    'a record that its key says is another data subject’s',
    { resource: { type: 'producer', id: 'P2' } },
    'other-data-subject cc-producer-enquiry',
  ],
])('%s is a decision of false, never an error', async (_, change, reason) => {
  expect(await evaluateAccess(bundle, { ...reading, ...change }, facts)).toMatchObject({
    decision: false,
    context: { reason_admin: { 0: reason } },
  })
})

test('the key of a record is what `id` says, however it is written, also where the properties lack it', async () => {
  const { id: _, ...others } = properties
  for (const resource of [
    { type: 'invoice', id: '07', properties },
    { type: 'invoice', id: '7', properties: others },
  ])
    expect(await evaluateAccess(bundle, { ...reading, resource }, facts)).toMatchObject({ decision: true })
  const invoice = bundle.resources.get(asId('invoice'))
  expect(invoice && describedRecord(invoice, { type: 'invoice', id: '07' })).toEqual({ id: '7' })
})

test('what is common to many questions may stand once, and each may have its own', async () => {
  const { subject, action } = reading
  const results = await evaluateAll(
    bundle,
    {
      subject,
      action,
      evaluations: [
        { resource: reading.resource },
        { resource: { type: 'producer', id: 'P1' } },
        { resource: reading.resource, action: { name: 'export' } },
      ],
    },
    facts,
  )
  expect(results?.map(({ decision }) => decision)).toEqual([true, true, false])
  expect(await evaluateAll(bundle, reading, facts)).toHaveLength(1)
  expect(
    await evaluateAll(bundle, { subject, evaluations: [{ resource: reading.resource }] }, facts),
  ).toBeNull()
})

test('a batch stops where its semantic says', async () => {
  const denied = { action: { name: 'export' } }
  const ask = async (
    semantic: 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit',
    evaluations: readonly Partial<Evaluation>[],
  ) =>
    (
      await evaluateAll(
        bundle,
        { ...reading, evaluations: [...evaluations], options: { evaluations_semantic: semantic } },
        facts,
      )
    )?.map(({ decision }) => decision)
  expect(await ask('execute_all', [denied, {}, denied])).toEqual([false, true, false])
  expect(await ask('deny_on_first_deny', [{}, denied, {}])).toEqual([true, false])
  expect(await ask('permit_on_first_permit', [denied, {}, {}])).toEqual([false, true])
})

test.each([
  [{}],
  [{ subject: { type: 'user' } }],
  [{ ...reading, resource: 'invoice' }],
  [{ ...reading, action: {} }],
])('%j is no question', (body) => {
  expect(evaluationSchema.safeParse(body).success).toBe(false)
})
