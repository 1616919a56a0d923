import { asId, isoToMicros, type Micros } from '@varco/core'
import type { Assignment, ContractState, EngagementBatch, Operator, Ticket } from '../facts.ts'

/** A working day on which the contract `aurora-2026` of the policy's fixture runs and `borea-2023` has ended. */
export const FIXTURE_NOW: Micros = isoToMicros('2026-06-15T10:00:00Z') ?? 0n

const CONTRACT_START: Micros = isoToMicros('2025-12-31T23:00:00Z') ?? 0n

export function operatorFact(overrides: Partial<Operator> = {}): Operator {
  return {
    id: asId('aurora:anna'),
    issuer: 'https://login.aurora.example',
    externalId: 'anna',
    kind: 'person',
    ...overrides,
  }
}

export function assignmentFact(overrides: Partial<Assignment> = {}): Assignment {
  return {
    operator: asId('aurora:anna'),
    contract: asId('aurora-2026'),
    pseudonym: asId('AUR-7F3A'),
    role: 'contact-centre.operator',
    unit: 'contact-centre',
    attributes: {},
    from: CONTRACT_START,
    to: null,
    ...overrides,
  }
}

export function ticketFact(overrides: Partial<Ticket> = {}): Ticket {
  return {
    id: asId('T-1'),
    contract: asId('aurora-2026'),
    dataSubject: 'P1',
    purpose: asId('invoice-enquiry'),
    status: 'open',
    openedAt: FIXTURE_NOW - 600_000_000n,
    closedAt: null,
    ...overrides,
  }
}

export function contractFact(overrides: Partial<ContractState> = {}): ContractState {
  return {
    contract: asId('aurora-2026'),
    processor: asId('aurora'),
    state: 'active',
    since: CONTRACT_START,
    ...overrides,
  }
}

/**
 * An engagement that fits the policy's fixture bundle: Anna of the contact centre with a ticket about producer P1,
 * Dora the DPO, and Bruno, still assigned to a contract that has ended.
 */
export function fixtureEngagement(): EngagementBatch {
  return {
    contracts: [contractFact(), contractFact({ contract: asId('borea-2023'), processor: asId('borea') })],
    operators: [
      operatorFact(),
      operatorFact({ id: asId('gse:dora'), issuer: 'https://login.gse.example', externalId: 'dora' }),
      operatorFact({ id: asId('borea:bruno'), issuer: 'https://login.borea.example', externalId: 'bruno' }),
    ],
    assignments: [
      assignmentFact(),
      assignmentFact({
        operator: asId('gse:dora'),
        contract: null,
        pseudonym: asId('GSE-2C81'),
        role: 'dpo',
        unit: 'dpo-office',
      }),
      assignmentFact({
        operator: asId('borea:bruno'),
        contract: asId('borea-2023'),
        pseudonym: asId('BOR-90D2'),
        from: CONTRACT_START - 365n * 86_400_000_000n,
      }),
    ],
    tickets: [
      ticketFact(),
      ticketFact({ id: asId('T-closed'), status: 'closed', closedAt: FIXTURE_NOW - 1_000_000n }),
      ticketFact({ id: asId('T-antimafia'), purpose: asId('antimafia-status') }),
      ticketFact({ id: asId('T-borea'), contract: asId('borea-2023') }),
    ],
  }
}
