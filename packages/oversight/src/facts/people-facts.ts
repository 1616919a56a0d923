import type { SubjectLookup } from '@varco/access-log'

/**
 * What the watch may know of a data subject: keyed hashes that can be compared and say nothing by themselves. The key is
 * outside the database.
 */
export interface PersonFacts {
  /** Of the tax code. */
  readonly identity: string | null
  /** Of address and municipality. */
  readonly household: string | null
  /** Of surname and municipality, with the number of its bearers one would expect there by chance. */
  readonly family: { readonly hash: string; readonly chance: number } | null
  /** Of the municipality. */
  readonly place: string | null
  readonly region: string | null
  readonly vip: boolean
  /** A record about nobody, put there to be found. */
  readonly canary: boolean
}

export interface PeopleFacts {
  /** Those who are known; of the others nothing can be said. */
  about(lookups: readonly SubjectLookup[]): Promise<ReadonlyMap<SubjectLookup, PersonFacts>>
}
