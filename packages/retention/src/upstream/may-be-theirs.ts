import type { FetchedRecord, HangingRecords, Resource } from '@varco/policy'
import type { Belonging, Way } from '../belonging.ts'
import { spelt } from '../canonical-key.ts'
import { textIn } from './text-in.ts'

/** A record behind an upstream, and what it hangs on. */
export interface FoundUpstream {
  /** What the upstream told of it. */
  readonly found: FetchedRecord
  readonly hanging: Pick<HangingRecords, 'field'>
  readonly on: Resource
}

/**
 * Whether a record that names nobody may point at one of theirs, otherwise than by what it hangs on: that one is free, or it
 * would not be about to go. Other pointers cannot be followed from here: any counts that does not name somebody else, and
 * one that the upstream did not tell of counts too.
 */
export function mayBeTheirs(belonging: readonly Belonging[], { found, hanging, on }: FoundUpstream): boolean {
  const isFree = ({ from, resource }: Way): boolean => from === hanging.field && resource.name === on.name
  return belonging.some(({ named, ways, rings }) => {
    if (named !== null && isTold(found[named.field])) return false
    return (
      ways.some((way) => !isFree(way) && mayLeadToThem(way, found[way.from])) ||
      rings.some((field) => found[field] !== null)
    )
  })
}

function mayLeadToThem({ to, resource, of }: Way, value: unknown): boolean {
  if (!isTold(value) || of.named?.field !== to) return value !== null
  return of.named.ids.includes(spelt(resource, to, textIn(value)))
}

function isTold(value: unknown): boolean {
  return value !== null && value !== undefined
}
