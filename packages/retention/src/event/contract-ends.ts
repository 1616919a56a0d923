import { asId, type Micros } from '@varco/core'
import { contractEnd, isOver, type ContractLifeStore, type ContractState } from '@varco/engagement'
import type { Bundle } from '@varco/policy'
import { dayAt } from '../rules.ts'

/**
 * Of these contracts, on which day each ended, as ISO date in the body's time zone; those that have not, or of which nobody
 * can tell, are left out.
 * @throws UnavailableError when their lives, or the log, cannot be asked: then nothing may go
 */
export type ContractEnds = (contracts: readonly string[]) => Promise<ReadonlyMap<string, string>>

/** What the log says of a contract's life. */
export interface LoggedLife {
  /** Where its last step led. */
  readonly state: string
  /** When it was last ended; `null`: it was not, or the months of that are pruned. */
  readonly endedAt: Micros | null
}

/** Contracts of which the log has no step are left out. @throws UnavailableError */
export type LivesInLog = (contracts: readonly string[]) => Promise<ReadonlyMap<string, LoggedLife>>

/**
 * As the store of contracts' lives has it now, for a memory of it may be older than what was corrected; and no earlier than the
 * log has it, for whoever rules the database could set an end back, or end a contract that runs. Of one that was imported when
 * it was over the log knows nothing, and the store is believed.
 */
export function contractEndsIn(
  life: Pick<ContractLifeStore, 'contractState' | 'movesOf'>,
  livesInLog: LivesInLog,
  bundle: () => Bundle,
): ContractEnds {
  const endOf = async (name: string, logged: LoggedLife | undefined): Promise<string | null> => {
    const { contracts, document } = bundle()
    const contract = contracts.get(asId(name))
    const state = contract === undefined ? null : await life.contractState(contract.id)
    // A state recorded under another company is not this contract's.
    if (contract === undefined || state === null || state.processor !== contract.processor) return null
    const end = contractEnd(state, await life.movesOf(contract.id))
    const borneOut = end === null ? null : notBefore(end, logged)
    return borneOut === null ? null : dayAt(borneOut, document.varco.time_zone).toString()
  }
  return async (contracts) => {
    const asked = [...new Set(contracts)]
    const lives = asked.length === 0 ? new Map<string, LoggedLife>() : await livesInLog(asked)
    const ends = await Promise.all(
      asked.map(async (name) => [name, await endOf(name, lives.get(name))] as const),
    )
    return new Map(ends.flatMap(([name, end]) => (end === null ? [] : [[name, end]])))
  }
}

/** @returns the later of the two; `null`: by the log it has not ended */
function notBefore(end: Micros, logged: LoggedLife | undefined): Micros | null {
  if (logged === undefined) return end
  // A state that nobody knows is none that is over.
  if (!isOver({ state: logged.state as ContractState['state'] })) return null
  return logged.endedAt !== null && logged.endedAt > end ? logged.endedAt : end
}
