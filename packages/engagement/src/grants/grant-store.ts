import type { ContractId, GrantId, Micros, OperatorId } from '@varco/core'
import type { Grant, GrantState } from './grant.ts'

/** Which grants; what is absent does not narrow. */
export interface GrantQuery {
  readonly state?: GrantState
  /** The owning unit. */
  readonly owner?: string
  readonly operator?: OperatorId
  readonly contract?: ContractId
  /** Emergency grants without a review, due before then. */
  readonly unreviewedAt?: Micros
  /** The last of the page before. */
  readonly after?: GrantId
  readonly limit: number
}

/**
 * Grants as they stand. Every method throws `UnavailableError` when the store cannot be reached. A change is told to
 * every node through the engagement's feed.
 */
export interface GrantStore {
  grant(id: GrantId): Promise<Grant | null>
  addGrant(grant: Grant): Promise<void>
  /**
   * Puts a grant in the place of its revision before.
   * @returns `false`, and nothing changed, when that one is no longer there
   */
  replaceGrant(grant: Grant): Promise<boolean>
  /** Latest asked first. */
  grants(query: GrantQuery): Promise<readonly Grant[]>
}
