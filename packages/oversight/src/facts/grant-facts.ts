/** When grants were decided on. Throws `UnavailableError`. */
export interface GrantFacts {
  /** Microseconds, by id, of those that were approved or taken in an emergency. */
  decidedAt(ids: readonly string[]): Promise<ReadonlyMap<string, number>>
}
