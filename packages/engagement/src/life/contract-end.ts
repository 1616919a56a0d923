import type { Micros } from '@varco/core'
import type { ContractState } from '../facts.ts'
import type { TakenMove } from './contract-life-store.ts'

/** What comes after a contract's end: its data go back or are deleted, and it stays over. */
const AFTER_THE_END: ReadonlySet<ContractState['state']> = new Set(['returning', 'verified', 'closed'])

/** Whether nothing is done under the contract any more. An insolvent company's is stopped, and not over. */
export function isOver({ state }: Pick<ContractState, 'state'>): boolean {
  return state === 'frozen' || state === 'terminated' || AFTER_THE_END.has(state)
}

/**
 * When the contract ended; `null`: it has not, or runs again. The steps of its exit do not move it: those taken before stores
 * kept the end stand under their own moment, and it is that of the step that ended it. Of one that was imported beyond its end
 * nobody knows, so that it is when that state began.
 */
export function contractEnd(state: ContractState, moves: readonly TakenMove[]): Micros | null {
  if (!isOver(state)) return null
  const isStep =
    AFTER_THE_END.has(state.state) && moves.some(({ to, at }) => AFTER_THE_END.has(to) && at === state.since)
  return (isStep ? moves.findLast(({ to }) => to === 'frozen')?.at : null) ?? state.since
}
