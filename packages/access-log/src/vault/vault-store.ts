import type { Micros, Pseudonym } from '@varco/core'

/** A sealed identity: who is behind a pseudonym, readable only with the key outside the database. */
export interface SealedIdentity {
  readonly pseudonym: Pseudonym
  /** Nonce and ciphertext. */
  readonly sealed: Uint8Array
}

/** Somebody's wish to know who is behind a pseudonym. */
export interface OpeningRequest {
  readonly id: string
  readonly pseudonym: Pseudonym
  readonly caseId: string
  readonly reason: string
  readonly requestedBy: string
  readonly requestedAt: Micros
  /** `null` while undecided. */
  readonly outcome: 'opened' | 'refused' | null
  readonly decidedBy: string | null
  readonly decidedAt: Micros | null
}

export type OpeningDecision = Readonly<{
  outcome: 'opened' | 'refused'
  decidedBy: string
  decidedAt: Micros
}>

/** Keeps sealed identities and the requests to open them. Every method throws when the store cannot be reached. */
export interface VaultStore {
  /** Keeps an identity; one that is there already stays as it is. */
  keep(identity: SealedIdentity): Promise<void>
  find(pseudonym: Pseudonym): Promise<SealedIdentity | null>
  addRequest(request: OpeningRequest): Promise<void>
  request(id: string): Promise<OpeningRequest | null>
  /** Undecided ones, oldest first. */
  pending(): Promise<readonly OpeningRequest[]>
  /** Decides an undecided request; `false` when it was decided before, by whomever. */
  decide(id: string, decision: OpeningDecision): Promise<boolean>
}
