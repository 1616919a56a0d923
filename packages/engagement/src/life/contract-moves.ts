import type { ContractState } from '../facts.ts'

type State = ContractState['state']

/** One step of a contract's life: from which states, to which, and how many people it takes. */
export interface ContractMove {
  readonly from: readonly State[]
  readonly to: State
  /** Two where it opens something, or ends something that cannot be taken back (invariant 11). */
  readonly people: 1 | 2
  /** Access ends: grants are revoked, open tickets go to the successor, the exit case opens. */
  readonly stops: boolean
}

/**
 * A contract's life, step by step. `terminated` is a state that earlier imports wrote; it goes on as a frozen one does.
 * Stopping in an insolvency takes one person: what is stopped in error can be seen and mended, what goes on cannot.
 */
export const CONTRACT_MOVES = {
  activate: { from: ['draft'], to: 'active', people: 2, stops: false },
  'give-notice': { from: ['active'], to: 'notice', people: 1, stops: false },
  'withdraw-notice': { from: ['notice'], to: 'active', people: 2, stops: false },
  'declare-insolvent': { from: ['active', 'notice'], to: 'insolvent', people: 1, stops: true },
  terminate: { from: ['active', 'notice', 'insolvent'], to: 'frozen', people: 2, stops: true },
  'begin-return': { from: ['frozen', 'terminated'], to: 'returning', people: 1, stops: false },
  verify: { from: ['returning'], to: 'verified', people: 2, stops: false },
  close: { from: ['verified'], to: 'closed', people: 2, stops: false },
} as const satisfies Record<string, ContractMove>

export type ContractMoveName = keyof typeof CONTRACT_MOVES

export const CONTRACT_MOVE_NAMES = Object.keys(CONTRACT_MOVES) as readonly ContractMoveName[]

/** `null`: the life has no such step from there. */
export function moveFrom(state: State, name: ContractMoveName): ContractMove | null {
  const move: ContractMove = CONTRACT_MOVES[name]
  return move.from.includes(state) ? move : null
}

/** Whether people may work under a contract in this state; its dates are asked beside it. */
export function permitsAccess(state: State): boolean {
  return state === 'active' || state === 'notice'
}
