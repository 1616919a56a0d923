import type { ContractId, OperatorId } from '@varco/core'

/** Of which month of which contract a key is. */
export interface WorkKeyOwner {
  readonly contract: ContractId
  readonly month: string
}

/** Makes the months' keys and signs with them; what it needs for it is kept outside the database. */
export interface WorkKeys {
  /** A new pair for this month alone. */
  create(owner: WorkKeyOwner): Promise<{ readonly publicKey: Buffer; readonly sealedKey: Buffer }>
  /**
   * Signs what it cannot read (RFC 9474, BlindSign).
   * @returns `null` for what is no blinded message of this key
   * @throws VarcoError when the key was sealed elsewhere or for another month
   */
  sign(owner: WorkKeyOwner, sealedKey: Buffer, blinded: Buffer): Buffer | null
  /** What stands in the store for a person who took their token; it tells nothing without the key. */
  takerOf(owner: WorkKeyOwner, operator: OperatorId): string
}
