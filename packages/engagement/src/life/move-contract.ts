import type { ContractId, EventId, Micros } from '@varco/core'
import type { Contract } from '@varco/policy'
import { isSamePerson, type Actor } from '../actor.ts'
import type { ContractState } from '../facts.ts'
import type { MoveProposal, StopEffects, TakenMove } from './contract-life-store.ts'
import { moveFrom, permitsAccess, type ContractMove, type ContractMoveName } from './contract-moves.ts'
import { missingDeclarations, type ExitCase } from './exit-case.ts'
import { mayManage, refuseLife, type LifeDesk, type LifeOccasion, type LifeRefused } from './life-desk.ts'
import { stopOf } from './stop.ts'

export interface WantedMove {
  readonly contract: ContractId
  readonly move: ContractMoveName
  readonly reason: string
  /** Who goes on with the open tickets, for a step that stops; `null`: the body itself. */
  readonly successor: ContractId | null
}

export type MoveOutcome =
  | {
      readonly ok: true
      /** `false`: it waits for the second person. */
      readonly taken: boolean
      readonly state: ContractState['state']
      readonly effects: StopEffects | null
      readonly event: EventId
    }
  | LifeRefused

const SHORTEST_REASON = 10
/** A proposal that nobody confirmed is forgotten after a week. */
const PROPOSAL_LASTS = 7n * 86_400_000_000n

/** Whether a step that was asked for still waits for the second person. */
export function isProposalOpen({ at }: Pick<MoveProposal, 'at'>, now: Micros): boolean {
  return now - at < PROPOSAL_LASTS
}

/**
 * Takes one step of a contract's life, or asks for it where two people are needed: the second call, by another person, with
 * the same successor, takes it. The log comes first.
 * @throws UnavailableError when it may not have been recorded: then nothing was changed
 */
export async function moveContract(
  desk: LifeDesk,
  occasion: LifeOccasion,
  actor: Actor,
  wanted: WantedMove,
): Promise<MoveOutcome> {
  const { bundle, now } = occasion
  const barred = mayManage(occasion, actor)
  if (barred !== null) return barred
  if (wanted.reason.trim().length < SHORTEST_REASON) return refuseLife('reason-too-short')
  const contract = bundle.contracts.get(wanted.contract)
  if (contract === undefined) return refuseLife('unknown-contract')
  const live = await desk.store.contractState(wanted.contract)
  if (live === null) return refuseLife('state-unknown')
  const move = moveFrom(live.state, wanted.move)
  if (move === null) return refuseLife('no-such-step')
  const guarded = await guard(desk, occasion, contract, wanted, move)
  if (guarded !== null) return guarded

  const proposal = move.people === 2 ? await desk.store.proposal(wanted.contract) : null
  const isProposed = proposal !== null && proposal.move === wanted.move && isProposalOpen(proposal, now)
  if (isProposed && isSamePerson(actor, proposal)) return refuseLife('second-person')
  if (isProposed && move.stops && proposal.successor !== wanted.successor)
    return refuseLife('other-successor')
  const firstPerson = isProposed ? proposal.pseudonym : actor.pseudonym
  const isTaken = move.people === 1 || isProposed
  const { id: event } = await desk.log.append({
    kind: isTaken && move.stops ? 'contract-terminated' : 'contract-moved',
    requestId: occasion.requestId,
    operator: actor.pseudonym,
    role: actor.role,
    unit: actor.unit,
    contract: contract.id,
    processor: contract.processor,
    policyVersion: bundle.version,
    detail: {
      step: wanted.move,
      from: live.state,
      to: move.to,
      proposed_by: isTaken && !isProposed ? null : firstPerson,
      taken: isTaken,
      successor: move.stops ? wanted.successor : null,
    },
  })
  if (!isTaken) {
    const { operator, pseudonym } = actor
    await desk.store.propose({ ...wanted, operator, pseudonym, at: now })
    return { ok: true, taken: false, state: live.state, effects: null, event }
  }
  const taken: TakenMove = {
    ...{ contract: contract.id, move: wanted.move, from: live.state, to: move.to, at: now },
    by: firstPerson,
    second: isProposed ? actor.pseudonym : null,
    reason: wanted.reason,
  }
  const state: ContractState = {
    contract: contract.id,
    processor: contract.processor,
    state: move.to,
    since: now,
  }
  const stop = move.stops ? stopOf(occasion, contract, taken, wanted.successor) : null
  const effects = await desk.store.takeMove(taken, state, stop)
  if (effects === null) return refuseLife('changed-meanwhile')
  await closeExit(desk, taken)
  return { ok: true, taken: true, state: move.to, effects: move.stops ? effects : null, event }
}

/** What a step asks for besides the state it starts from. */
async function guard(
  desk: LifeDesk,
  { bundle, now }: LifeOccasion,
  contract: Contract,
  { move: name, successor }: WantedMove,
  move: ContractMove,
): Promise<LifeRefused | null> {
  if (permitsAccess(move.to) && now >= contract.to) return refuseLife('contract-ended')
  if (move.stops && successor !== null) {
    const next = bundle.contracts.get(successor)
    const state = (await desk.store.contractState(successor))?.state
    const goesOn = state !== undefined && (permitsAccess(state) || state === 'draft')
    if (next === undefined || next.id === contract.id || now >= next.to || !goesOn)
      return refuseLife('unknown-successor')
  }
  if (name !== 'begin-return' && name !== 'verify' && name !== 'close') return null
  const exit = await desk.store.exitCase(contract.id)
  if (exit === null) return refuseLife('no-exit')
  if (exit.choice === null) return refuseLife('no-choice')
  if (name === 'begin-return') return null
  if (missingDeclarations(exit).length > 0) return refuseLife('declarations-missing')
  const left = await desk.copies.copies({ contract: contract.id, unsettled: true, limit: 1 })
  return left.length > 0 ? refuseLife('copies-left') : null
}

/** Verification and closing are written into the exit case too, so that it tells all by itself. */
async function closeExit({ store }: LifeDesk, { contract, move, by, second, at }: TakenMove): Promise<void> {
  if (move !== 'verify' && move !== 'close') return
  const exit = await store.exitCase(contract)
  if (exit === null) return
  const next: ExitCase =
    move === 'verify' ? { ...exit, verified: { by, second: second ?? by, at } } : { ...exit, closedAt: at }
  await store.replaceExitCase({ ...next, revision: exit.revision + 1 })
}
