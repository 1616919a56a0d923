import type {
  ContractId,
  GrantId,
  Micros,
  OperatorId,
  ProcessorId,
  Pseudonym,
  PurposeId,
  ResourceName,
  TicketId,
} from '@varco/core'
import type { Action, GrantFacts } from '@varco/policy'

export const GRANT_STATES = ['asked', 'approved', 'refused', 'revoked'] as const
/** That one has expired is no state: it follows from the time. */
export type GrantState = (typeof GRANT_STATES)[number]

/** What one may be granted: one record or one data subject's records, one action, one purpose, under one ticket. */
export interface GrantMatter {
  readonly resource: ResourceName
  /** Key of the record. Personal data: never in the log. */
  readonly record: string | null
  /** Key of the data subject. At least one of the two is given. Personal data: never in the log. */
  readonly dataSubject: string | null
  readonly action: Action
  readonly purpose: PurposeId
  readonly ticket: TicketId
}

/** What came of looking at an emergency grant afterwards. */
export interface GrantReview {
  readonly by: Pseudonym
  readonly at: Micros
  readonly outcome: 'justified' | 'unjustified'
  readonly note: string
}

/** A just-in-time permission: asked for, decided by the unit that owns the records, and over within hours. */
export interface Grant {
  readonly id: GrantId
  /** Who asked and may use it; nobody else can. */
  readonly operator: OperatorId
  readonly pseudonym: Pseudonym
  readonly processor: ProcessorId | null
  readonly contract: ContractId | null
  readonly role: string
  readonly unit: string
  readonly matter: GrantMatter
  /** In the asker's words; may name people, so it stays out of the log. */
  readonly reason: string
  /** The unit that answers for the records, as the catalogue had it when it was asked. */
  readonly owner: string
  /**
   * What authorises it: what the rules that require it gave as their norm when it was asked (GDPR Art. 10, for judicial
   * data). `null`: asked before this was kept.
   */
  readonly norm: string | null
  readonly askedAt: Micros
  /** How long it was asked for. */
  readonly minutes: number
  readonly state: GrantState
  readonly decidedBy: Pseudonym | null
  readonly decidedAt: Micros | null
  /** Exclusive; `null` until approved. */
  readonly expiresAt: Micros | null
  readonly revokedBy: Pseudonym | null
  readonly revokedAt: Micros | null
  /** Break-glass: nobody approved it, and it must be reviewed by then. */
  readonly emergency: { readonly reviewDue: Micros; readonly review: GrantReview | null } | null
  /** Counts its changes: a change is made to the revision it was decided on, or not at all. */
  readonly revision: number
}

/** What a decision takes of an approved grant; `null` for one that was never approved, or is no more. */
export function grantFacts({ id, state, expiresAt, matter }: Grant): GrantFacts | null {
  return state === 'approved' && expiresAt !== null ? { id, expiresAt, ...matter } : null
}
