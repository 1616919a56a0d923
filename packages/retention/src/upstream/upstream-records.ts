import type { FetchedRecord, HangingRecords } from '@varco/policy'

/** That an upstream did not do what was asked. Holds nothing of what it said. */
export interface NotReached {
  readonly ok: false
  /** It understood, and will not; else it may another time. */
  readonly refused: boolean
  /** In one word, such as `status-503`. */
  readonly outcome: string
}

export type Found = { readonly ok: true; readonly records: readonly FetchedRecord[] } | NotReached
/** `absent`: it was not there. */
export type Removed = { readonly ok: true; readonly was: 'there' | 'absent' } | NotReached

/** The records that upstreams have, each reached where the bundle says and nowhere else. Asked of one thing twice, it does no more. */
export interface UpstreamRecords {
  /** Some of those that hang on a record by this value; none: there are no more. Asked only where there is a listing. */
  find(hanging: HangingRecords, value: string): Promise<Found>
  /** Takes one away. */
  remove(hanging: HangingRecords, key: string): Promise<Removed>
}
