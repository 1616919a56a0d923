import { heldByContract } from '@varco/oversight'
import { postgresAccessFigures, postgresOversightFigures } from '@varco/postgres'
import type { AccessFigures, HeldByContract } from '@varco/reports'
import type { Services } from './services.ts'

/** What is counted of all contracts together, and what the reports of each hold back of it. */
export function accessCounts({ databases, keys }: Pick<Services, 'databases' | 'keys'>): {
  readonly figures: AccessFigures
  readonly heldByContract: HeldByContract
} {
  const ofContracts = postgresOversightFigures(databases.state, keys.log.lookup)
  return {
    figures: postgresAccessFigures(databases.state),
    heldByContract: (contracts, period) => heldByContract(ofContracts, contracts, period),
  }
}
