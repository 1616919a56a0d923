import type {
  ContractId,
  GrantId,
  Micros,
  ProcessorId,
  Pseudonym,
  PurposeId,
  ResourceName,
  TicketId,
} from '@varco/core'
import type { Action, CONTRACT_STATES } from '../bundle/schema.ts'

export type Scalar = string | number | boolean

/** Who asks, as the engagement knows them at `now`. */
export interface Principal {
  readonly kind: 'person' | 'workload'
  readonly pseudonym: Pseudonym
  readonly role: string
  readonly unit: string
  /** What `$principal.*` may name besides `role` and `unit`, such as `regions`. */
  readonly attributes: Readonly<Record<string, Scalar | readonly Scalar[]>>
}

/** The contract the principal works under, with its live state; `null` in a request means the body's own staff. */
export interface ContractFacts {
  readonly id: ContractId
  readonly processor: ProcessorId
  /** Live state, from the database: the dates are the bundle's. */
  readonly state: (typeof CONTRACT_STATES)[number]
}

export interface TicketFacts {
  readonly id: TicketId
  readonly status: 'open' | 'closed'
  /** Key of the data subject it is about. */
  readonly dataSubject: string | null
  readonly purpose: PurposeId
  readonly openedAt: Micros
}

/** A grant that was approved for this very caller, with the one matter it is for. */
export interface GrantFacts {
  readonly id: GrantId
  readonly resource: ResourceName
  /** Key of the one record, or `null`. */
  readonly record: string | null
  /** Key of the one data subject, or `null`. With a record too, both must fit. With neither, every record fits. */
  readonly dataSubject: string | null
  readonly action: Action
  readonly purpose: PurposeId
  /** The ticket it is bound to, which the request must carry; `null`: to none. */
  readonly ticket: TicketId | null
  readonly expiresAt: Micros
}

/** One question to the policy: may this principal do this to that kind of record, for this purpose, now? */
export interface AccessRequest {
  readonly now: Micros
  readonly principal: Principal
  readonly contract: ContractFacts | null
  /** As sent: may name nothing the bundle knows. */
  readonly purpose: string | null
  /** `null` when none was sent; `unknown` when the one sent does not exist. */
  readonly ticket: TicketFacts | 'unknown' | null
  readonly grant: GrantFacts | null
  readonly action: Action
  readonly resource: string
}
