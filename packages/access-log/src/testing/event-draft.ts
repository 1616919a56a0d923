import type { EventDraft } from '../event.ts'

/** A permitted reading of one record, as a test would have it. */
export function eventDraft(overrides: Partial<EventDraft> = {}): EventDraft {
  return {
    kind: 'access',
    requestId: 'req-1',
    operator: 'op-7f3a',
    processor: 'nord',
    contract: 'cc-2026',
    role: 'contact-centre.operator',
    unit: 'cc-1',
    workstation: 'ws-12',
    instructedBy: null,
    purpose: 'invoice-enquiry',
    ticket: 'T-100',
    grant: null,
    action: 'read',
    resource: 'invoice',
    filters: [{ field: 'number', op: 'eq', value: '2026/17' }],
    plain: ['number', 'amount'],
    masked: ['iban'],
    decision: 'permit',
    reasons: ['permitted'],
    rules: ['cc-invoice-enquiry'],
    policyVersion: 'a'.repeat(64),
    disclosures: [{ resource: 'invoice', recordKey: '17', dataSubject: { kind: 'producer', id: 'P-1' } }],
    detail: null,
    ...overrides,
  }
}
