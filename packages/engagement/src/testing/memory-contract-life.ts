import type { ContractId } from '@varco/core'
import { isOver } from '../life/contract-end.ts'
import type { ContractLifeStore, MoveProposal, TakenMove } from '../life/contract-life-store.ts'
import type { ExitCase } from '../life/exit-case.ts'
import type { MemoryEngagement } from './memory-engagement.ts'

const EVERY = 1_000_000

/** Contracts' lives over the double of the engagement. */
export function memoryContractLife(engagement: MemoryEngagement): ContractLifeStore {
  const proposals = new Map<ContractId, MoveProposal>()
  const moves: TakenMove[] = []
  const exits = new Map<ContractId, ExitCase>()
  let turn: Promise<unknown> = Promise.resolve()
  /** One step after the other, as transactions on one row would. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }
  return {
    contractState: (id) => engagement.contractState(id),
    proposal: async (id) => proposals.get(id) ?? null,
    propose: async (proposal) => {
      proposals.set(proposal.contract, proposal)
    },
    takeMove: (move, state, stop) =>
      inTurn(async () => {
        const { contract, by, at } = move
        const stood = await engagement.contractState(contract)
        if (stood?.state !== move.from) return null
        await engagement.putContractState(isOver(stood) ? { ...state, since: stood.since } : state)
        moves.push(move)
        proposals.delete(contract)
        if (stop === null) return { ticketsMoved: 0, grantsRevoked: 0 }
        const grants = (await engagement.grants({ contract, limit: EVERY })).filter(
          (grant) => grant.state === 'asked' || grant.state === 'approved',
        )
        for (const grant of grants) {
          const { revision } = grant
          await engagement.replaceGrant({
            ...grant,
            state: 'revoked',
            revokedBy: by,
            revokedAt: at,
            revision: revision + 1,
          })
        }
        const open = engagement
          .everyTicket()
          .filter((ticket) => ticket.contract === contract && ticket.status === 'open')
        await engagement.putMany({ tickets: open.map((ticket) => ({ ...ticket, contract: stop.successor })) })
        const effects = { ticketsMoved: open.length, grantsRevoked: grants.length }
        if (!exits.has(contract)) exits.set(contract, stop.exitCase(effects))
        return effects
      }),
    movesOf: async (id) => moves.filter(({ contract }) => contract === id),
    exitCase: async (id) => exits.get(id) ?? null,
    replaceExitCase: async (exit) => {
      if (exits.get(exit.contract)?.revision !== exit.revision - 1) return false
      exits.set(exit.contract, exit)
      return true
    },
    assignmentsOf: async (pseudonym, now) =>
      engagement
        .everyAssignment()
        .filter(
          ({ pseudonym: of, from, to }) => of === pseudonym && from <= now && (to === null || now < to),
        ),
  }
}
