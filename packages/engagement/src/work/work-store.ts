import type { ContractId, EventId } from '@varco/core'
import type { WorkKeyOwner } from './work-keys.ts'
import type { WorkMonth } from './work-month.ts'
import type { WorkToken } from './work-token.ts'

/** What one token's holder did in the month off the system, by purpose, in whole hours. */
export interface WorkDeclaration extends Pick<WorkToken, 'message' | 'signature'> {
  readonly hours: Readonly<Record<string, number>>
}

/** A month with what was handed in, by the tokens' names. */
export interface DeclaredMonth extends WorkMonth {
  readonly declarations: readonly WorkDeclaration[]
}

export type DecideClosing = (month: DeclaredMonth) => Promise<EventId | null>

/**
 * What is kept of declared work. Nothing here may tell in which order, or when, anything came: whoever reads the store
 * must not learn from it who handed in what. Every method throws `UnavailableError` when the store cannot be reached.
 */
export interface WorkStore {
  month(owner: WorkKeyOwner): Promise<WorkMonth | null>
  /** @returns the month as it is kept: of two that come at once, the first */
  putMonth(month: Omit<WorkMonth, 'announced' | 'closed'>): Promise<WorkMonth>
  /** Lets the key be used; the first entry stands. */
  announce(owner: WorkKeyOwner, event: EventId): Promise<void>
  /**
   * Notes that the taker has had this month's token.
   * @param blinded digest of the message that was signed; the same one may come again
   * @returns `false`, and nothing changed, where the taker has had one for another message
   */
  take(owner: WorkKeyOwner, taker: string, blinded: string): Promise<boolean>
  /** @returns `false`, and nothing changed, where the token was used before or the month is closed */
  handIn(owner: WorkKeyOwner, declaration: WorkDeclaration): Promise<boolean>
  /** Months of the contract, both included, in their order; their declarations by the tokens' names. */
  declared(contract: ContractId, from: string, to: string): Promise<readonly DeclaredMonth[]>
  /** Those up to a month that are not closed. */
  notClosed(upTo: string): Promise<readonly DeclaredMonth[]>
  /**
   * Takes nothing more in. Of all who would close a month at once one decides, on what it holds then; nothing is handed in
   * meanwhile. Whoever comes to a closed month decides nothing.
   * @param decide the entry about the closing, or `null` to leave the month open
   * @returns whether this closed it
   */
  close(owner: WorkKeyOwner, decide: DecideClosing): Promise<boolean>
  /** As `close`, of a month closed or not: the entry takes the place of the one before. */
  closeAnew(owner: WorkKeyOwner, decide: DecideClosing): Promise<boolean>
}
