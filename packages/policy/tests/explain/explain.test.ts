import { caseRequest, explain, explanationText, type CaseDocument } from '@varco/policy'
import { fixtureBundle } from '@varco/policy/testing'
import { expect, test } from 'vitest'

const bundle = fixtureBundle()
const golden = bundle.document.cases[0] as CaseDocument
const request = caseRequest(bundle, golden)
const record = {
  id: 7,
  producer_id: 'P-SECRET',
  number: '2026/7',
  period: '2026-05',
  amount: '120.50',
  status: 'issued',
  issued_on: null,
  iban: null,
  tax_code: 'RSSMRA80A01H501U',
}

test('says of each rule what it asked and what was not met', () => {
  const { effect, rules } = explain(bundle, { ...request, ticket: null })
  expect(effect).toBe('deny')
  expect(rules.find(({ rule }) => rule === 'cc-invoice-enquiry')?.failed).toEqual(['ticket: no-ticket'])
  expect(rules.find(({ rule }) => rule === 'dpo-invoice')?.failed).toEqual([
    'role: other-role (dpo)',
    'contract: other-contract (internal)',
    'purpose: other-purpose (data-protection)',
  ])
})

test('on a record, says of each clause whether it held, and of none the value', () => {
  const explanation = explain(bundle, request, record)
  expect(explanation).toMatchObject({
    effect: 'deny',
    reasons: [{ code: 'other-data-subject', rule: 'cc-invoice-enquiry' }],
  })
  expect(explanation.rules.find(({ rule }) => rule === 'cc-invoice-enquiry')?.clauses).toEqual([
    { clause: 'producer_id = $ticket.data_subject', truth: false },
    { clause: 'status in [issued, paid, disputed]', truth: true },
  ])
  for (const value of ['P-SECRET', '120.50', 'RSSMRA80A01H501U'])
    expect(JSON.stringify(explanation)).not.toContain(value)
})

test('on a permit, says how each field is shown', () => {
  const { effect, fields } = explain(bundle, request, { ...record, producer_id: 'P1' })
  expect(effect).toBe('permit')
  expect(Object.fromEntries(fields.map(({ field, shown }) => [field, shown]))).toMatchObject({
    amount: 'plain',
    iban: 'last4',
    issued_on: 'hidden',
  })
})

test('reads well in both languages', () => {
  const explanation = explain(bundle, { ...request, purpose: 'antimafia-status' })
  expect(explanationText(explanation, 'en')).toMatch(
    /^DENY {2}contact-centre.operator of aurora-2026 read invoice for antimafia-status at 2026-06-15T08:00:00.000000Z\npolicy [0-9a-f]{12}\n\nno-rule: No rule permits this operation\.\n/,
  )
  expect(explanationText(explanation, 'it')).toContain('no-rule: Nessuna regola consente questa operazione.')
  expect(explanationText(explanation, 'en')).toMatch(
    /\nwould be permitted with purpose invoice-enquiry\nnearest: cc-invoice-enquiry, which lacked purpose invoice-enquiry$/,
  )
})
