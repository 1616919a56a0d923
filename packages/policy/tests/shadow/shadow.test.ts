import type { ContractId } from '@varco/core'
import {
  caseRequest,
  compileBundle,
  replayedRequest,
  Shadow,
  type CaseDocument,
  type LoggedAccess,
} from '@varco/policy'
import { fixtureBundle, fixtureDocument } from '@varco/policy/testing'
import { expect, test } from 'vitest'

const active = fixtureBundle()
const request = caseRequest(active, active.document.cases[0] as CaseDocument)
const document = fixtureDocument()
const candidate = compileBundle({
  ...document,
  access: document.access.map((rule) =>
    rule.id === 'cc-invoice-enquiry' ? { ...rule, where: { ...rule.where, status: { in: ['paid'] } } } : rule,
  ),
})
const record = {
  id: 7,
  producer_id: 'P1',
  number: '1',
  period: '1',
  amount: '1',
  status: 'issued',
  issued_on: null,
  iban: null,
  tax_code: 'X',
}

test('counts what a candidate would answer otherwise, down to the row', () => {
  const shadow = new Shadow(active, candidate)
  shadow.compare(request)
  shadow.compare(request, [{ ...record, status: 'paid' }])
  expect(shadow.report()).toMatchObject({ asked: 2, differing: 0, differences: [] })
  shadow.compare(request, [record])
  shadow.compare(request, [record])
  expect(shadow.report()).toMatchObject({
    active: active.version,
    candidate: candidate.version,
    asked: 4,
    differing: 2,
    differences: [
      {
        role: 'contact-centre.operator',
        purpose: 'invoice-enquiry',
        resource: 'invoice',
        count: 2,
        candidate: 'row hidden',
      },
    ],
  })
})

test('says nothing of a record where the candidate looks at a field that was not fetched', () => {
  const shadow = new Shadow(active, candidate)
  const { status: _, ...withoutStatus } = record
  shadow.compare(request, [withoutStatus, record])
  expect(shadow.report()).toMatchObject({ asked: 1, differing: 1, recordsNotCompared: 1 })
  shadow.compare(
    request,
    Array.from({ length: 60 }, () => record),
  )
  expect(shadow.report()).toMatchObject({ asked: 2, differing: 2, recordsNotCompared: 11 })
})

test('keeps no name that neither bundle knows: it may be anything somebody typed', () => {
  const renamed = compileBundle({ ...document, access: [] })
  const shadow = new Shadow(active, renamed)
  shadow.compare({ ...request, purpose: 'RSSMRA80A01H501U' })
  shadow.compare({ ...request, resource: 'RSSMRA80A01H501U' })
  shadow.compare(request)
  const { differences } = shadow.report()
  expect(differences.length).toBeGreaterThan(0)
  expect(JSON.stringify(differences)).not.toContain('RSSMRA80A01H501U')
})

test('tells kinds of difference apart, most frequent first, and holds no values', () => {
  const stricter = compileBundle({
    ...document,
    access: document.access.filter(({ id }) => id !== 'cc-invoice-enquiry' && id !== 'cc-antimafia-status'),
  })
  const shadow = new Shadow(active, stricter)
  const antimafia = {
    ...request,
    purpose: 'antimafia-status',
    resource: 'antimafia_check',
    ticket: { ...(request.ticket as object), purpose: 'antimafia-status' } as typeof request.ticket,
  }
  shadow.compare(antimafia)
  shadow.compare(request, [record])
  shadow.compare(request, [record])
  const { differences } = shadow.report()
  expect(differences.map(({ count, resource }) => [resource, count])).toEqual([
    ['invoice', 2],
    ['antimafia_check', 1],
  ])
  expect(differences.map((each) => each.candidate)).toEqual(['deny: no-rule', 'deny: no-rule'])
  expect(JSON.stringify(differences)).not.toContain('P1')
})

test('a logged access is asked again; what was no access is not', () => {
  const logged: LoggedAccess = {
    at: request.now,
    role: 'contact-centre.operator',
    unit: 'contact-centre',
    contract: 'aurora-2026',
    purpose: 'invoice-enquiry',
    ticket: 'T-1',
    grant: null,
    action: 'read',
    resource: 'invoice',
  }
  const replayed = replayedRequest(active, logged)
  expect(replayed).toMatchObject({
    contract: { id: 'aurora-2026' as ContractId, processor: 'aurora' },
    ticket: { id: 'T-1', status: 'open' },
  })
  const shadow = new Shadow(active, candidate)
  if (replayed !== null) shadow.compare(replayed)
  expect(shadow.report()).toMatchObject({ asked: 1, differing: 0 })
  expect(replayedRequest(active, { ...logged, action: null })).toBeNull()
  expect(replayedRequest(active, { ...logged, resource: null })).toBeNull()
})
