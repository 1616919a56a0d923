import type { ContractId, Micros, OperatorId, Pseudonym } from '@varco/core'
import type { Assignment, ContractState } from '../facts.ts'
import type { ContractMoveName } from './contract-moves.ts'
import type { ExitCase } from './exit-case.ts'

/** A step that one person has asked for and a second must confirm. */
export interface MoveProposal {
  readonly contract: ContractId
  readonly move: ContractMoveName
  readonly operator: OperatorId
  readonly pseudonym: Pseudonym
  readonly at: Micros
  readonly reason: string
  readonly successor: ContractId | null
}

/** A step that was taken. */
export interface TakenMove {
  readonly contract: ContractId
  readonly move: ContractMoveName
  readonly from: ContractState['state']
  readonly to: ContractState['state']
  readonly by: Pseudonym
  /** The second person; `null` where one was enough. */
  readonly second: Pseudonym | null
  readonly at: Micros
  readonly reason: string
}

/** What the end of access did. */
export interface StopEffects {
  readonly ticketsMoved: number
  readonly grantsRevoked: number
}

/** What stops with a step: where the open tickets go, and the exit case to open, made from what was done. */
export interface Stop {
  readonly successor: ContractId | null
  readonly exitCase: (effects: StopEffects) => ExitCase
}

/**
 * Contracts' lives as they are stored. Every method throws `UnavailableError` when the store cannot be reached; a change
 * is told to every node through the engagement's feed.
 */
export interface ContractLifeStore {
  contractState(id: ContractId): Promise<ContractState | null>
  proposal(id: ContractId): Promise<MoveProposal | null>
  /** In the place of any other of the contract. */
  propose(proposal: MoveProposal): Promise<void>
  /**
   * Takes a step, with all that stops with it, in one transaction: the contract's state, the revoked grants, the tickets that
   * go to the successor, the exit case. An exit case that is there already stays as it was opened,
   * and a contract that is over keeps the end at which it stands, whatever the state says.
   * @returns `null`, and nothing changed, when the contract is no longer in the state the step starts from
   */
  takeMove(move: TakenMove, state: ContractState, stop: Stop | null): Promise<StopEffects | null>
  /** First taken first. */
  movesOf(id: ContractId): Promise<readonly TakenMove[]>
  exitCase(id: ContractId): Promise<ExitCase | null>
  /** @returns `false`, and nothing changed, when the revision before is no longer there */
  replaceExitCase(exitCase: ExitCase): Promise<boolean>
  /** Assignments that hold at `now` and carry the pseudonym. */
  assignmentsOf(pseudonym: Pseudonym, now: Micros): Promise<readonly Assignment[]>
}
