import type { FieldName, Micros, Pseudonym } from '@varco/core'
import {
  evaluateClosed,
  toConstant,
  type Bundle,
  type ClosedCondition,
  type FetchedRecord,
  type Resource,
} from '@varco/policy'
import { Temporal } from 'temporal-polyfill'
import { canonicalKey } from './canonical-key.ts'
import { mayPointAtRestricted } from './points-at-restricted.ts'
import type { Cutoff } from './rules.ts'

/** What a restriction keeps from everybody's eyes: records of a data subject, one record, or what a rule has restricted. */
export type RestrictionScope =
  | {
      readonly kind: 'data-subject'
      readonly dataSubject: { readonly kind: string; readonly id: string }
      /** Of theirs these alone; absent: all. */
      readonly resource?: string
    }
  | { readonly kind: 'record'; readonly resource: string; readonly record: string }
  | {
      readonly kind: 'stage'
      readonly rule: string
      readonly resource: string
      /** A record that is within all of them is restricted; a date corrected later frees it. */
      readonly cutoffs: readonly Pick<Cutoff, 'field' | 'type' | 'upTo'>[]
      /** IANA name: where a day begins. */
      readonly timeZone: string
    }

/** Data that is kept and no longer used (GDPR Art. 18): through the gate nobody sees, finds, counts or changes it. */
export interface Restriction {
  readonly id: string
  readonly scope: RestrictionScope
  /** The request, the rule or the file it is placed for. */
  readonly reason: string
  /** The data subject's own request: they are told before it is lifted (GDPR Art. 18(3)). `null`: nobody asked for it. */
  readonly request: string | null
  readonly placedBy: Pseudonym
  readonly placedAt: Micros
  readonly liftedBy: Pseudonym | null
  readonly liftedAt: Micros | null
}

/** Every method throws `UnavailableError` when the store cannot be reached. */
export interface RestrictionStore {
  /** One of the same id stays as it is. */
  addRestriction(restriction: Restriction): Promise<void>
  /** The log has it. */
  noteRecorded(id: string): Promise<void>
  /** Those that a crash may have kept out of the log. */
  unrecorded(): Promise<readonly Restriction[]>
  restriction(id: string): Promise<Restriction | null>
  /** Only one not yet lifted. */
  liftRestriction(restriction: Restriction): Promise<boolean>
  /** Those in force, oldest first. */
  restrictions(): Promise<readonly Restriction[]>
}

/** Which of a resource's records are free: true or false of every record, never unknown. */
export function unrestricted(restrictions: readonly Restriction[], resource: Resource): ClosedCondition {
  const covered = coveredIn(restrictions, resource)
  if (covered.length === 0) return { op: 'always' }
  return { op: 'not', of: { op: 'is-true', of: { op: 'or', of: covered } } }
}

/**
 * Whether a record is restricted that somebody else brings: one that does not say what a restriction asks about, or says it
 * as no value of the field could be, is, for nobody can tell that it is free.
 */
export function restrictedIn(
  restrictions: readonly Restriction[],
  resource: Resource,
  bundle: Bundle,
): (record: FetchedRecord) => boolean {
  const covered = coveredIn(restrictions, resource)
  const asked = new Set(covered.flatMap(fieldsIn))
  const covers = evaluateClosed({ op: 'or', of: covered }, resource.fields)
  const says = (record: FetchedRecord, field: FieldName): boolean => {
    const [value, type] = [record[field], resource.fields.get(field)?.type]
    return value === null || (value !== undefined && type !== undefined && toConstant(type, value) !== null)
  }
  const mayPoint = evaluateClosed(mayPointAtRestricted(restrictions, resource, bundle), resource.fields)
  return (record) =>
    [...asked].some((field) => !says(record, field)) || covers(record) === true || mayPoint(record) !== false
}

function coveredIn(restrictions: readonly Restriction[], resource: Resource): readonly ClosedCondition[] {
  const scopes = restrictions.filter(({ liftedAt }) => liftedAt === null).map(({ scope }) => scope)
  const records = scopes.flatMap((scope) =>
    scope.kind === 'record' && scope.resource === resource.name ? [scope.record] : [],
  )
  const owner = resource.dataSubject
  const people = scopes.flatMap((scope) =>
    scope.kind === 'data-subject' &&
    scope.dataSubject.kind === owner?.kind &&
    (scope.resource ?? resource.name) === resource.name
      ? [scope.dataSubject.id]
      : [],
  )
  return [
    ...among(resource, resource.key, records),
    ...(owner === null ? [] : among(resource, owner.field, people)),
    ...scopes.flatMap((scope) =>
      scope.kind === 'stage' && scope.resource === resource.name ? [within(scope)] : [],
    ),
  ]
}

function fieldsIn(condition: ClosedCondition): readonly FieldName[] {
  if (condition.op === 'and') return condition.of.flatMap(fieldsIn)
  return 'field' in condition ? [condition.field] : []
}

/** A key that no record can have, such as one from before its type changed, is not asked about: the database would refuse to. */
function among(resource: Resource, field: FieldName, keys: readonly string[]): readonly ClosedCondition[] {
  const values = new Set(keys.map((key) => canonicalKey(resource, field, key)).filter((key) => key !== null))
  return values.size === 0 ? [] : [{ op: 'in', field, values: [...values] }]
}

function within({ cutoffs, timeZone }: RestrictionScope & { kind: 'stage' }): ClosedCondition {
  return {
    op: 'and',
    of: cutoffs.map(({ field, type, upTo }): ClosedCondition =>
      type === 'date'
        ? { op: 'lte', field, value: upTo }
        : { op: 'lt', field, value: midnightAfter(upTo, timeZone) },
    ),
  }
}

/** In the canonical form of conditions' instants. */
function midnightAfter(day: string, timeZone: string): string {
  const instant = Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(timeZone).toInstant()
  return instant.toString({ fractionalSecondDigits: 6 })
}
