import type {
  ContractId,
  GrantId,
  Micros,
  OperatorId,
  ProcessorId,
  Pseudonym,
  PurposeId,
  TicketId,
} from '@varco/core'
import type { ContractFacts, Scalar } from '@varco/policy'
import type { Grant } from './grants/grant.ts'
import type { Instruction } from './instructions/instruction.ts'

/** A person who works for a contractor or the body, as one identity provider knows them. */
export interface Operator {
  readonly id: OperatorId
  readonly issuer: string
  /** The provider's `sub`. */
  readonly externalId: string
  /** `workload` for a service with no person behind it. */
  readonly kind: 'person' | 'workload'
}

/** Who works for which contract, in which role and unit, from when to when. `contract: null`: the body's own staff. */
export interface Assignment {
  readonly operator: OperatorId
  readonly contract: ContractId | null
  readonly pseudonym: Pseudonym
  readonly role: string
  readonly unit: string
  readonly attributes: Readonly<Record<string, Scalar | readonly Scalar[]>>
  /** Inclusive. */
  readonly from: Micros
  /** Exclusive; `null` while it lasts. */
  readonly to: Micros | null
}

export interface Ticket {
  readonly id: TicketId
  readonly contract: ContractId | null
  readonly dataSubject: string | null
  readonly purpose: PurposeId
  readonly status: 'open' | 'closed'
  readonly openedAt: Micros
  readonly closedAt: Micros | null
}

/** Live state of a contract, beside its dates in the bundle. */
export interface ContractState {
  readonly contract: ContractId
  readonly processor: ProcessorId
  readonly state: ContractFacts['state']
  /** When it took effect; of one that is over, when it ended: the steps of its exit leave that as it stands. */
  readonly since: Micros
}

/** An operator, with what holds of them at one moment. */
export interface KnownOperator {
  readonly operator: Operator
  readonly assignments: readonly Assignment[]
  /** What they said beforehand of whose orders they follow, by pseudonym; absent where nothing. */
  readonly instructions?: readonly Instruction[]
}

/**
 * What the proxy's context step asks for. Implemented on PostgreSQL and in memory, one contract suite for both.
 * Every method throws `UnavailableError` when the state cannot be learnt: the caller must deny.
 */
export interface EngagementStore {
  /** `null`: nobody of that issuer and `sub`. */
  whoIs(issuer: string, externalId: string, now: Micros): Promise<KnownOperator | null>
  ticket(id: TicketId): Promise<Ticket | null>
  contractState(id: ContractId): Promise<ContractState | null>
  grant(id: GrantId): Promise<Grant | null>
}

/** Many facts at once; any part may be absent. Where one contradicts what is stored, the new one holds. */
export interface EngagementBatch {
  readonly contracts?: readonly ContractState[]
  readonly operators?: readonly Operator[]
  readonly assignments?: readonly Assignment[]
  readonly tickets?: readonly Ticket[]
}

/**
 * What fills the engagement's state: imports and the ticket feed. Each call is one transaction, all or nothing.
 * Throws `EngagementConflictError` for what contradicts the rest, `UnavailableError` when the store cannot be reached.
 */
export interface EngagementWriter {
  putMany(batch: EngagementBatch): Promise<void>
  putContractState(state: ContractState): Promise<void>
  putOperator(operator: Operator): Promise<void>
  putAssignment(assignment: Assignment): Promise<void>
  putTicket(ticket: Ticket): Promise<void>
}

/** What changed, as far as it is told: enough to know what to forget. `everything`: changes may have been missed. */
export type EngagementChange =
  | { readonly kind: 'people' | 'contracts' | 'tickets' | 'grants' | 'everything' }
  | { readonly kind: 'ticket'; readonly id: TicketId }
  | { readonly kind: 'grant'; readonly id: GrantId }

/** Tells every node of changes, its own included. */
export interface EngagementFeed {
  /** Until disposed of. A broken feed mends itself and then tells `everything`. */
  watch(listener: (change: EngagementChange) => void): Promise<AsyncDisposable>
}
