import {
  isoToMicros,
  type ContractId,
  type GrantId,
  type ProcessorId,
  type Pseudonym,
  type PurposeId,
  type ResourceName,
  type TicketId,
} from '@varco/core'
import { decide, type AccessRequest, type Deny, type Permit } from '@varco/policy'
import { fixtureBundle } from '@varco/policy/testing'
import { expect, test } from 'vitest'

const bundle = fixtureBundle()
const at = (iso: string): bigint => isoToMicros(iso) ?? 0n
const now = at('2026-06-15T10:00:00+02:00')

const ticket = {
  id: 'T1' as TicketId,
  status: 'open',
  dataSubject: 'P1',
  purpose: 'invoice-enquiry' as PurposeId,
  openedAt: now - 60_000_000n,
} as const

const enquiry: AccessRequest = {
  now,
  principal: {
    kind: 'person',
    pseudonym: 'op-1' as Pseudonym,
    role: 'contact-centre.operator',
    unit: 'contact-centre',
    attributes: {},
  },
  contract: { id: 'aurora-2026' as ContractId, processor: 'aurora' as ProcessorId, state: 'active' },
  purpose: 'invoice-enquiry',
  ticket,
  grant: null,
  action: 'read',
  resource: 'invoice',
}

const invoice = {
  id: '7',
  producer_id: 'P1',
  number: '2026/7',
  period: '2026-05',
  amount: '120.50',
  status: 'issued',
  issued_on: '2026-06-01',
  iban: 'IT60X0542811101000000123456',
  tax_code: 'RSSMRA80A01H501U',
}

function permitted(request: AccessRequest): Permit {
  const decision = decide(bundle, request)
  if (decision.effect === 'deny')
    throw new Error(`denied: ${decision.reasons.map(({ code }) => code).join()}`)
  return decision
}

function denied(request: AccessRequest): Deny {
  const decision = decide(bundle, request)
  if (decision.effect === 'permit') throw new Error('permitted')
  return decision
}

function outcomes(
  request: AccessRequest,
  record: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> | null {
  const found = permitted(request).outcomesOf(record)
  return found === null
    ? null
    : Object.fromEntries([...found].map(([field, { outcome, mask }]) => [field, mask ?? outcome]))
}

test('shows the invoice of the caller, its IBAN and tax code masked, the rest hidden', () => {
  expect(outcomes(enquiry, invoice)).toEqual({
    id: 'plain',
    producer_id: 'plain',
    number: 'plain',
    period: 'plain',
    amount: 'plain',
    status: 'plain',
    issued_on: 'hidden',
    iban: 'last4',
    tax_code: 'partial',
  })
})

test('tells what the permit rests on and what is still owed', () => {
  const permit = permitted(enquiry)
  expect(permit.reasons.map(({ code, rule }) => [code, rule])).toEqual([['permitted', 'cc-invoice-enquiry']])
  expect(permit.obligations).toEqual({ ticket: 'open', maxRecordsPerHour: 60, stepUp: false, notices: [] })
  expect(permit.policyVersion).toBe(bundle.version)
  expect(permit.fields.get('iban' as never)).toMatchObject({
    best: 'masked',
    mask: 'last4',
    plainWhere: { op: 'never' },
  })
  expect(permit.fields.get('amount' as never)).toMatchObject({ best: 'plain', plainWhere: { op: 'always' } })
  expect([...permit.conditionFields].sort()).toEqual(['producer_id', 'status'])
})

test.each([
  ['of another data subject', { ...invoice, producer_id: 'P2' }],
  ['in a state the rule does not name', { ...invoice, status: 'draft' }],
  ['whose data subject is NULL', { ...invoice, producer_id: null }],
  ['that a forbid takes', { ...invoice, status: 'sealed' }],
  ['of which a field the conditions read was not fetched', { producer_id: 'P1' }],
])('does not show a record %s', (_, record) => {
  expect(outcomes(enquiry, record)).toBeNull()
})

const contract = {
  id: 'aurora-2026' as ContractId,
  processor: 'aurora' as ProcessorId,
  state: 'active',
} as const

test.each<[string, Partial<AccessRequest>, string]>([
  ['an unknown resource', { resource: 'invoices' }, 'unknown-resource'],
  [
    'a contract the bundle does not know',
    { contract: { ...contract, id: 'zefiro' as ContractId } },
    'unknown-contract',
  ],
  [
    'a contract before its first day',
    { now: at('2025-12-31T23:59:59.999999+01:00') },
    'contract-not-started',
  ],
  ['a contract after its last day', { now: at('2028-01-01T00:00:00+01:00') }, 'contract-ended'],
  ['a contract terminated early', { contract: { ...contract, state: 'terminated' } }, 'contract-ended'],
  ['an insolvent contractor', { contract: { ...contract, state: 'insolvent' } }, 'contract-not-active'],
  ['no purpose', { purpose: null }, 'no-purpose'],
  ['an unknown purpose', { purpose: 'curiosity' }, 'unknown-purpose'],
  ['a purpose outside the annex', { purpose: 'data-protection' }, 'outside-annex'],
  ['a purpose of the annex that no rule joins to the resource', { purpose: 'antimafia-status' }, 'no-rule'],
  ['a role no rule names', { principal: { ...enquiry.principal, role: 'visitor' } }, 'no-rule'],
  ['an action no rule permits', { action: 'export' }, 'no-rule'],
  ['no ticket', { ticket: null }, 'no-ticket'],
  ['a ticket nobody knows', { ticket: 'unknown' }, 'unknown-ticket'],
  ['a closed ticket', { ticket: { ...ticket, status: 'closed' } }, 'ticket-closed'],
  ['a ticket opened after the access', { ticket: { ...ticket, openedAt: now + 1n } }, 'ticket-later'],
  [
    'a ticket for another purpose',
    { ticket: { ...ticket, purpose: 'antimafia-status' as PurposeId } },
    'ticket-other-purpose',
  ],
  ['a ticket about nobody', { ticket: { ...ticket, dataSubject: null } }, 'missing-attribute'],
])('denies %s with its own reason', (_, change, code) => {
  expect(denied({ ...enquiry, ...change }).reasons.map((reason) => reason.code)).toEqual([code])
})

test('a contract in its notice period still acts, on its first and on its last day', () => {
  expect(permitted({ ...enquiry, contract: { ...contract, state: 'notice' } }).effect).toBe('permit')
  for (const edge of ['2026-01-01T00:00:00+01:00', '2027-12-31T23:59:59.999999+01:00']) {
    expect(permitted({ ...enquiry, now: at(edge), ticket: { ...ticket, openedAt: 0n } }).effect).toBe(
      'permit',
    )
  }
})

const officer: AccessRequest = {
  ...enquiry,
  principal: { ...enquiry.principal, role: 'antimafia.officer', unit: 'antimafia-unit' },
  contract: null,
  purpose: 'antimafia-assessment',
  ticket: null,
  resource: 'antimafia_check',
}
const grant = {
  id: 'G1' as GrantId,
  resource: 'antimafia_check' as ResourceName,
  record: '5',
  dataSubject: null,
  action: 'read',
  purpose: 'antimafia-assessment' as PurposeId,
  ticket: null,
  expiresAt: now + 1n,
} as const
const check = {
  id: 5,
  producer_id: 'P1',
  status: 'valid',
  requested_on: '2026-01-01',
  valid_until: null,
  outcome: 'none',
  notes: null,
}

test.each<[string, AccessRequest['grant'], string]>([
  ['no grant', null, 'no-grant'],
  ['a grant that has expired', { ...grant, expiresAt: now }, 'grant-expired'],
  ['a grant for another resource', { ...grant, resource: 'invoice' as ResourceName }, 'grant-other-resource'],
  ['a grant for another action', { ...grant, action: 'update' }, 'grant-other-action'],
  [
    'a grant for another purpose',
    { ...grant, purpose: 'invoice-enquiry' as PurposeId },
    'grant-other-purpose',
  ],
  [
    'a grant bound to a ticket that was not sent',
    { ...grant, ticket: 'T2' as TicketId },
    'grant-other-ticket',
  ],
])('denies %s with its own reason', (_, given, code) => {
  expect(denied({ ...officer, grant: given }).reasons.map((reason) => reason.code)).toEqual([code])
})

test('a grant for one record shows that record alone, one for the resource any', () => {
  expect(outcomes({ ...officer, grant }, check)).toMatchObject({ outcome: 'plain' })
  expect(outcomes({ ...officer, grant }, { ...check, id: 6 })).toBeNull()
  expect(outcomes({ ...officer, grant: { ...grant, record: null } }, { ...check, id: 6 })).toMatchObject({
    outcome: 'plain',
  })
})

test('a grant for one data subject shows their records alone, and with a record too, both must fit', () => {
  const theirs = { ...grant, record: null, dataSubject: 'P1' }
  expect(outcomes({ ...officer, grant: theirs }, { ...check, id: 6 })).toMatchObject({ outcome: 'plain' })
  expect(outcomes({ ...officer, grant: theirs }, { ...check, producer_id: 'P2' })).toBeNull()
  expect(outcomes({ ...officer, grant: theirs }, { ...check, producer_id: null })).toBeNull()
  const both = { ...grant, dataSubject: 'P2' }
  expect(outcomes({ ...officer, grant: both }, check)).toBeNull()
  expect(outcomes({ ...officer, grant: both }, { ...check, producer_id: 'P2' })).toMatchObject({
    outcome: 'plain',
  })
})

test('a grant bound to a ticket ends with the ticket, and serves no other', () => {
  const ticket = {
    id: 'T1' as TicketId,
    status: 'open',
    dataSubject: 'P1',
    purpose: 'antimafia-assessment' as PurposeId,
    openedAt: now - 1n,
  } as const
  const bound = { ...grant, ticket: ticket.id }
  expect(outcomes({ ...officer, grant: bound, ticket }, check)).toMatchObject({ outcome: 'plain' })
  const codesOf = (request: AccessRequest): readonly string[] =>
    denied(request).reasons.map(({ code }) => code)
  expect(codesOf({ ...officer, grant: bound, ticket: { ...ticket, status: 'closed' } })).toEqual([
    'ticket-closed',
  ])
  expect(codesOf({ ...officer, grant: bound, ticket: { ...ticket, id: 'T9' as TicketId } })).toEqual([
    'grant-other-ticket',
  ])
  expect(codesOf({ ...officer, grant: bound, ticket: 'unknown' })).toEqual(['grant-other-ticket'])
})

test('names the purposes under which the same question would be permitted, those that lack only a ticket last', () => {
  const antimafia: AccessRequest = { ...enquiry, resource: 'antimafia_check' }
  expect(denied(antimafia).nearestPurposes).toEqual(['antimafia-status'])
  expect(denied({ ...enquiry, purpose: 'antimafia-status' }).nearestPurposes).toEqual(['invoice-enquiry'])
  expect(denied({ ...enquiry, resource: 'nowhere' }).nearestPurposes).toEqual([])
})

test('names the nearest rule and what it lacked', () => {
  const { nearest } = denied({ ...enquiry, purpose: 'antimafia-status' })
  expect(
    nearest.map(({ rule, failed }) => [rule, failed.map(({ part, expected }) => [part, expected])]),
  ).toEqual([['cc-invoice-enquiry', [['purpose', ['invoice-enquiry']]]]])
})
