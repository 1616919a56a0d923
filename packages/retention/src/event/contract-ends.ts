import { asId } from '@varco/core'
import { contractEnd, type ContractLifeStore } from '@varco/engagement'
import type { Bundle } from '@varco/policy'
import { dayAt } from '../rules.ts'

/**
 * Of these contracts, on which day each ended, as ISO date in the body's time zone; those that have not, or of which nobody
 * can tell, are left out.
 * @throws UnavailableError when their lives cannot be asked: then nothing may go
 */
export type ContractEnds = (contracts: readonly string[]) => Promise<ReadonlyMap<string, string>>

/** As the store of contracts' lives has it now: a memory of it may be older than what was corrected. */
export function contractEndsIn(
  life: Pick<ContractLifeStore, 'contractState' | 'movesOf'>,
  bundle: () => Bundle,
): ContractEnds {
  const endOf = async (name: string): Promise<string | null> => {
    const { contracts, document } = bundle()
    const contract = contracts.get(asId(name))
    const state = contract === undefined ? null : await life.contractState(contract.id)
    // A state recorded under another company is not this contract's.
    if (contract === undefined || state === null || state.processor !== contract.processor) return null
    const end = contractEnd(state, await life.movesOf(contract.id))
    return end === null ? null : dayAt(end, document.varco.time_zone).toString()
  }
  return async (contracts) => {
    const ends = await Promise.all(
      [...new Set(contracts)].map(async (name) => [name, await endOf(name)] as const),
    )
    return new Map(ends.flatMap(([name, end]) => (end === null ? [] : [[name, end]])))
  }
}
