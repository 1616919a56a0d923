import type { DayOperator, PlannedRequest } from '../../src/day/planned-request.ts'

export const OPERATOR: DayOperator = {
  issuer: 'https://login.alfa.example',
  username: 'alfa.uno',
  password: 'demo-alfa',
  contract: 'alfa-2026',
  workstation: 'ws-1',
}

/** A request that is fine in every part, but for what a test changes. */
export function plannedRequest(change: Partial<PlannedRequest> = {}): PlannedRequest {
  return {
    number: 1,
    kind: 'invoice-enquiry',
    operator: OPERATOR,
    credential: 'own',
    resource: 'invoice',
    query: { producer_id: 'eq.P1', select: 'number,iban' },
    headers: { 'varco-purpose': 'invoice-enquiry', 'varco-ticket': 'T1' },
    expect: { outcome: 'permit', masked: ['iban'], absent: [], records: 'some' },
    ...change,
  }
}
