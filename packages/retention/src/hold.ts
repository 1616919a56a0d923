import type { Micros, Pseudonym } from '@varco/core'

/** What a hold stops; a resource alone stops all of its records. */
export type HoldScope =
  | { readonly kind: 'data-subject'; readonly dataSubject: { readonly kind: string; readonly id: string } }
  | { readonly kind: 'record'; readonly resource: string; readonly record: string }
  | { readonly kind: 'resource'; readonly resource: string }

/** A legal hold: from its placing to its release nothing it covers goes, whatever has been approved. */
export interface Hold {
  readonly id: string
  readonly scope: HoldScope
  /** The file it is placed for, such as a court's number. */
  readonly case: string
  readonly reason: string
  readonly placedBy: Pseudonym
  readonly placedAt: Micros
  /** When somebody must look at it again. It holds on until it is released. */
  readonly reviewAt: Micros | null
  readonly releasedBy: Pseudonym | null
  readonly releasedAt: Micros | null
}

/** A record about to go, as the deleting transaction holds it locked. */
export interface LockedRecord {
  readonly key: string
  /** Key of its data subject. */
  readonly dataSubject: string | null
}

/** Which of a resource's records are held. */
export function heldBy(
  holds: readonly Hold[],
  resource: { readonly name: string; readonly dataSubject: { readonly kind: string } | null },
): (record: LockedRecord) => boolean {
  const scopes = holds.filter(({ releasedAt }) => releasedAt === null).map(({ scope }) => scope)
  const all = scopes.some((scope) => scope.kind === 'resource' && scope.resource === resource.name)
  const records = new Set(
    scopes.flatMap((scope) =>
      scope.kind === 'record' && scope.resource === resource.name ? [scope.record] : [],
    ),
  )
  const people = new Set(
    scopes.flatMap((scope) =>
      scope.kind === 'data-subject' && scope.dataSubject.kind === resource.dataSubject?.kind
        ? [scope.dataSubject.id]
        : [],
    ),
  )
  return ({ key, dataSubject }) =>
    all || records.has(key) || (dataSubject !== null && people.has(dataSubject))
}
