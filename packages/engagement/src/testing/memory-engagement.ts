import type { ContractId, GrantId, OperatorId, Pseudonym, TicketId } from '@varco/core'
import { EngagementConflictError } from '../errors.ts'
import type {
  Assignment,
  ContractState,
  EngagementBatch,
  EngagementChange,
  EngagementFeed,
  EngagementStore,
  EngagementWriter,
  Operator,
  Ticket,
} from '../facts.ts'
import type { Grant } from '../grants/grant.ts'
import type { GrantQuery, GrantStore } from '../grants/grant-store.ts'
import type { Instruction } from '../instructions/instruction.ts'
import type { InstructionStore } from '../instructions/instruction-store.ts'

export interface MemoryEngagement
  extends EngagementStore, EngagementWriter, EngagementFeed, GrantStore, InstructionStore {
  readonly everyTicket: () => readonly Ticket[]
  readonly everyOperator: () => readonly Operator[]
  readonly everyAssignment: () => readonly Assignment[]
}

/** The ports' double for tests: forgets everything with the process. */
export function memoryEngagement(initial: EngagementBatch = {}): MemoryEngagement {
  const contracts = new Map<ContractId, ContractState>()
  const operators = new Map<OperatorId, Operator>()
  const assignments = new Map<string, Assignment>()
  const tickets = new Map<TicketId, Ticket>()
  const grants = new Map<GrantId, Grant>()
  const said = new Map<Pseudonym, Instruction>()
  const listeners = new Set<(change: EngagementChange) => void>()
  const tell = (change: EngagementChange): void => {
    for (const listener of listeners) listener(change)
  }

  const check = (batch: EngagementBatch): void => {
    const known = new Map([...operators, ...(batch.operators ?? []).map((each) => [each.id, each] as const)])
    const identities = new Map<string, OperatorId>()
    for (const { id, issuer, externalId } of known.values()) {
      const identity = JSON.stringify([issuer, externalId])
      if (identities.has(identity) && identities.get(identity) !== id)
        throw new EngagementConflictError('identity-taken')
      identities.set(identity, id)
    }
    for (const { operator } of batch.assignments ?? [])
      if (!known.has(operator)) throw new EngagementConflictError('unknown-operator')
  }
  const putMany = async (batch: EngagementBatch): Promise<void> => {
    check(batch)
    for (const state of batch.contracts ?? []) contracts.set(state.contract, state)
    for (const operator of batch.operators ?? []) operators.set(operator.id, operator)
    for (const assignment of batch.assignments ?? []) assignments.set(assignmentKey(assignment), assignment)
    for (const ticket of batch.tickets ?? []) tickets.set(ticket.id, ticket)
    if ((batch.contracts ?? []).length > 0) tell({ kind: 'contracts' })
    if ((batch.operators ?? []).length + (batch.assignments ?? []).length > 0) tell({ kind: 'people' })
    const [ticket, ...others] = batch.tickets ?? []
    if (ticket !== undefined)
      tell(others.length === 0 ? { kind: 'ticket', id: ticket.id } : { kind: 'tickets' })
  }
  // The first facts are put before anyone can listen.
  void putMany(initial)

  return {
    everyTicket: () => [...tickets.values()],
    everyOperator: () => [...operators.values()],
    everyAssignment: () => [...assignments.values()],
    putMany,
    putContractState: (state) => putMany({ contracts: [state] }),
    putOperator: (operator) => putMany({ operators: [operator] }),
    putAssignment: (assignment) => putMany({ assignments: [assignment] }),
    putTicket: (ticket) => putMany({ tickets: [ticket] }),
    whoIs: async (issuer, externalId, now) => {
      const operator = operators
        .values()
        .find((each) => each.issuer === issuer && each.externalId === externalId)
      if (operator === undefined) return null
      const holding = [...assignments.values()].filter(
        ({ operator: of, from, to }) => of === operator.id && from <= now && (to === null || now < to),
      )
      const instructions = holding.flatMap(({ pseudonym }) => {
        const found = said.get(pseudonym)
        return found !== undefined && found.operator === operator.id && now < found.until ? [found] : []
      })
      const known = { operator, assignments: holding.toSorted(byStart) }
      return instructions.length === 0 ? known : { ...known, instructions }
    },
    ticket: async (id) => tickets.get(id) ?? null,
    contractState: async (id) => contracts.get(id) ?? null,
    grant: async (id) => grants.get(id) ?? null,
    addGrant: async (grant) => {
      if (grants.has(grant.id)) throw new EngagementConflictError('identity-taken')
      grants.set(grant.id, grant)
      tell({ kind: 'grant', id: grant.id })
    },
    replaceGrant: async (grant) => {
      if (grants.get(grant.id)?.revision !== grant.revision - 1) return false
      grants.set(grant.id, grant)
      tell({ kind: 'grant', id: grant.id })
      return true
    },
    grants: async (query) =>
      [...grants.values()]
        .filter((grant) => isAskedFor(grant, query))
        .toSorted((a, b) =>
          a.askedAt === b.askedAt ? (a.id < b.id ? 1 : -1) : a.askedAt < b.askedAt ? 1 : -1,
        )
        .filter(({ id, askedAt }) => {
          const last = query.after === undefined ? undefined : grants.get(query.after)
          if (last === undefined) return query.after === undefined
          return askedAt < last.askedAt || (askedAt === last.askedAt && id < last.id)
        })
        .slice(0, query.limit),
    instruction: async (pseudonym, now) => {
      const found = said.get(pseudonym)
      return found !== undefined && now < found.until ? found : null
    },
    putInstruction: async (instruction) => {
      said.set(instruction.pseudonym, instruction)
      tell({ kind: 'people' })
    },
    endInstruction: async (pseudonym, now) => {
      const found = said.get(pseudonym)
      if (found === undefined || found.until <= now) return false
      said.delete(pseudonym)
      tell({ kind: 'people' })
      return true
    },
    watch: async (listener) => {
      listeners.add(listener)
      return {
        [Symbol.asyncDispose]: async () => {
          listeners.delete(listener)
        },
      }
    },
  }
}

function isAskedFor(grant: Grant, { state, owner, operator, contract, unreviewedAt }: GrantQuery): boolean {
  const { emergency } = grant
  return (
    (state === undefined || grant.state === state) &&
    (owner === undefined || grant.owner === owner) &&
    (operator === undefined || grant.operator === operator) &&
    (contract === undefined || grant.contract === contract) &&
    (unreviewedAt === undefined ||
      (emergency !== null && emergency.review === null && emergency.reviewDue <= unreviewedAt))
  )
}

function assignmentKey({ operator, pseudonym, from }: Assignment): string {
  return JSON.stringify([operator, pseudonym, String(from)])
}

function byStart(a: Assignment, b: Assignment): number {
  if (a.from !== b.from) return a.from < b.from ? -1 : 1
  return a.pseudonym < b.pseudonym ? -1 : 1
}
