import type { Micros } from '@varco/core'
import type { ContractState } from '@varco/engagement'
import type { Contract } from '@varco/policy'

/** How a contract stands at one moment, by its dates and its live state together. */
export const STANDINGS = [
  'active',
  'notice',
  'not-started',
  'ended',
  'insolvent',
  'frozen',
  'draft',
  'unknown',
] as const
export type ContractStanding = (typeof STANDINGS)[number]

/** `state` is `null` where the engagement does not know the contract: then accesses are denied. */
export function contractStanding(
  contract: Pick<Contract, 'from' | 'to'>,
  state: ContractState | null,
  now: Micros,
): ContractStanding {
  if (now >= contract.to) return 'ended'
  if (state === null) return 'unknown'
  switch (state.state) {
    case 'terminated':
    case 'returning':
    case 'verified':
    case 'closed':
      return 'ended'
    default:
      return now < contract.from ? 'not-started' : state.state
  }
}
