import type { FieldName, Json, Micros, Pseudonym } from '@varco/core'
import { evaluateClosed, readCondition, type Bundle, type Resource } from '@varco/policy'
import { pointingAt, type Belonging } from './belonging.ts'
import { spelt } from './canonical-key.ts'

/** What a hold stops. */
export type HoldScope =
  | { readonly kind: 'data-subject'; readonly dataSubject: { readonly kind: string; readonly id: string } }
  | { readonly kind: 'record'; readonly resource: string; readonly record: string }
  /** All of its records. */
  | { readonly kind: 'resource'; readonly resource: string }
  /** Every record that the log shows to have been disclosed under it. */
  | { readonly kind: 'contract'; readonly contract: string }
  /** Records of a resource of which a condition is true, or may be; written as a rule's `where`, with constants alone. */
  | { readonly kind: 'query'; readonly resource: string; readonly where: Json }

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
  /** Who kept it on when they looked at it last, and why; `null`: nobody has yet. */
  readonly reviewed: { readonly by: Pseudonym; readonly at: Micros; readonly reason: string } | null
  readonly releasedBy: Pseudonym | null
  readonly releasedAt: Micros | null
}

/** The resource a hold is about, where it is about one. */
export function heldResource(scope: HoldScope): string | null {
  return 'resource' in scope ? scope.resource : null
}

/** A record about to go, as the deleting transaction holds it locked. */
export interface LockedRecord {
  readonly key: string
  /** Key of its data subject. */
  readonly dataSubject: string | null
  /** What it has in the fields that holds compare; where that is not known it is held. */
  readonly watched?: Readonly<Record<string, unknown>>
  /** Whether it points at records of those whom holds are about; where that is not known it is held. */
  readonly theirs?: boolean
}

/** What must be known of a record to tell whether it is held. */
export interface HoldQuestions {
  /** Fields whose values are asked for. */
  readonly watched: readonly FieldName[]
  /** By one of these it may be theirs. */
  readonly belonging: readonly Belonging[]
}

/** Which of the keys of a resource were disclosed under any of the contracts. */
export type ShownUnder = (
  contracts: readonly string[],
  resource: string,
  keys: readonly string[],
) => Promise<ReadonlySet<string>>

/** The holds in force, for one resource: asked of every record before it goes. */
export interface HoldsOn extends HoldQuestions {
  /** `false`: none of them can be about the resource. */
  readonly mayHold: boolean
  /** @throws UnavailableError when the log cannot say what was disclosed: then nothing may go */
  among(records: readonly Pick<LockedRecord, 'key'>[]): Promise<(record: LockedRecord) => boolean>
}

export function holdsOn(
  holds: readonly Hold[],
  resource: Resource,
  { bundle, shownUnder }: { readonly bundle: () => Bundle; readonly shownUnder: ShownUnder },
): HoldsOn {
  const scopes = holds.filter(({ releasedAt }) => releasedAt === null).map(({ scope }) => scope)
  const contracts = scopes.flatMap((scope) => (scope.kind === 'contract' ? [scope.contract] : []))
  const queries = scopes.flatMap((scope) =>
    scope.kind === 'query' && scope.resource === resource.name ? [readCondition(scope.where, resource)] : [],
  )
  // What a catalogue that changed since can no longer read holds everything.
  const unread = queries.some((query) => !query.ok)
  const conditions = queries.flatMap((query) =>
    query.ok ? [evaluateClosed(query.condition, resource.fields)] : [],
  )
  const named = namedBy(scopes, resource)
  const belonging = pointingAtHeld(bundle(), scopes, resource)
  return {
    watched: [...new Set(queries.flatMap((query) => (query.ok ? [...query.fields] : [])))],
    belonging,
    mayHold: named !== null || contracts.length > 0 || queries.length > 0 || belonging.length > 0,
    among: async (records) => {
      const keys = records.map(({ key }) => key)
      const shown = contracts.length === 0 ? NOBODY : await shownUnder(contracts, resource.name, keys)
      return (record) =>
        unread ||
        named?.(record) === true ||
        shown.has(record.key) ||
        (belonging.length > 0 && record.theirs !== false) ||
        conditions.some((matches) => matches(record.watched ?? {}) !== false)
    },
  }
}

/** How records of the resource that name nobody may belong to those whom holds are about. */
function pointingAtHeld(
  bundle: Bundle,
  scopes: readonly HoldScope[],
  resource: Resource,
): readonly Belonging[] {
  const people = scopes.flatMap((scope) => (scope.kind === 'data-subject' ? [scope.dataSubject] : []))
  return pointingAt(bundle, resource, people)
}

const NOBODY: ReadonlySet<string> = new Set()

/** `null`: by no hold, whatever the record. */
function namedBy(
  scopes: readonly HoldScope[],
  resource: Resource,
): ((record: LockedRecord) => boolean) | null {
  const owner = resource.dataSubject
  const all = scopes.some((scope) => scope.kind === 'resource' && scope.resource === resource.name)
  const records = new Set(
    scopes.flatMap((scope) =>
      scope.kind === 'record' && scope.resource === resource.name
        ? [spelt(resource, resource.key, scope.record)]
        : [],
    ),
  )
  const people = new Set(
    scopes.flatMap((scope) =>
      scope.kind === 'data-subject' && scope.dataSubject.kind === owner?.kind
        ? [spelt(resource, owner.field, scope.dataSubject.id)]
        : [],
    ),
  )
  if (!all && records.size === 0 && people.size === 0) return null
  // Asked of each record that goes: nothing is spelt anew for what no hold names.
  return ({ key, dataSubject }) =>
    all ||
    (records.size > 0 && records.has(spelt(resource, resource.key, key))) ||
    (people.size > 0 &&
      owner !== null &&
      dataSubject !== null &&
      people.has(spelt(resource, owner.field, dataSubject)))
}
