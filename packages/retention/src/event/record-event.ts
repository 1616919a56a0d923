import type { Micros, Pseudonym } from '@varco/core'
import type { Resource } from '@varco/policy'
import { spelt } from '../canonical-key.ts'

/** Something that happened to a record and stands in none of its fields, such as an account's closing: a term runs from it. */
export interface RecordEvent {
  readonly id: string
  readonly resource: string
  /** The record's: nobody reads its key here, also when it is gone. */
  readonly hash: string
  /** As the rules call it. */
  readonly event: string
  /** ISO date, in the body's time zone; `null`: it did not happen after all. The last that was told counts. */
  readonly on: string | null
  readonly toldBy: Pseudonym
  readonly toldAt: Micros
  /** See `sealOf`; `null`: it was told before there were seals, and nothing goes by it. */
  readonly seal: string | null
}

/** One that was not taken back. */
export type HappenedEvent = RecordEvent & { readonly on: string }

/** Told and asked for under one hash, however the key is spelt. */
export function eventHash(
  hashKey: (resource: string, key: string) => string,
  resource: Resource,
  key: string,
): string {
  return hashKey(`event of ${resource.name}`, spelt(resource, resource.key, key))
}
