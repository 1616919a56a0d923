import type { Micros } from '@varco/core'
import type { Assignment, ContractState, Operator, Ticket } from '@varco/engagement'
import { SAMPLE_CONTRACTS } from './sample-contracts.ts'
import { sampleOperators } from './sample-operators.ts'
import { sampleTickets } from './sample-tickets.ts'

/** The engagement's whole state at `now`, ready to be written. */
export interface SampleEngagement {
  readonly contracts: readonly ContractState[]
  readonly operators: readonly Operator[]
  readonly assignments: readonly Assignment[]
  readonly tickets: readonly Ticket[]
}

export interface SampleEngagementOptions {
  readonly now: Micros
  /** As given to `createSampleBody`, so that every ticket is about somebody who exists. */
  readonly producers?: number
}

export function sampleEngagement({ now, producers }: SampleEngagementOptions): SampleEngagement {
  const people = sampleOperators()
  return {
    contracts: SAMPLE_CONTRACTS.map(({ id, processor, state, since }) => ({
      contract: id,
      processor,
      state,
      since,
    })),
    operators: people.map(({ id, issuer, sub }) => ({ id, issuer, externalId: sub, kind: 'person' })),
    assignments: people.map(({ id, contract, pseudonym, role, unit, attributes, from, to }) => ({
      ...{ operator: id, contract, pseudonym, role, unit, attributes, from, to },
    })),
    tickets: sampleTickets(now, producers),
  }
}
