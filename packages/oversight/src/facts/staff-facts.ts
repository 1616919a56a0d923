/** What the watch may know of who works: the assignment behind a pseudonym, and the same keyed hashes as of data subjects. */
export interface StaffMember {
  readonly pseudonym: string
  readonly contract: string | null
  readonly unit: string
  readonly role: string
  /** The assignment's attributes that are lists, such as the regions it covers. */
  readonly lists: ReadonlyMap<string, readonly string[]>
  /** Microseconds; inclusive. */
  readonly from: number
  /** Exclusive; `null` while it lasts. */
  readonly to: number | null
  readonly identity: string | null
  readonly household: string | null
  readonly family: string | null
}

export interface StaffFacts {
  /** Everybody who is or was assigned, by pseudonym. */
  all(): Promise<ReadonlyMap<string, StaffMember>>
  /** Since when a contract can no longer be worked under, in microseconds; those that still can are not named. */
  endedContracts(): Promise<ReadonlyMap<string, number>>
}
