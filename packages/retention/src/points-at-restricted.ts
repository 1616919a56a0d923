import type { FieldName } from '@varco/core'
import type { Bundle, ClosedCondition, RecordFilter, Resource } from '@varco/policy'
import { pointingAt, type Belonging } from './belonging.ts'
import type { Restriction } from './restriction.ts'

/**
 * Which of a resource's records name nobody and point at none that are restricted for whose they are; `null`: all of them.
 * True or false of every record.
 */
export function pointsAtNobodyRestricted(
  restrictions: readonly Restriction[],
  resource: Resource,
  bundle: Bundle,
): RecordFilter | null {
  const theirs = pointingAtThem(restrictions, resource, bundle).map(toFilter)
  return theirs.length === 0 ? null : { kind: 'not', of: { kind: 'any', of: theirs } }
}

/** Whose it is is asked of each record that names somebody in the reach: here those alone that name nobody. */
function toFilter({ named, ways, rings }: Belonging): RecordFilter {
  const pointing: RecordFilter = {
    kind: 'any',
    of: [
      ...ways.map(({ from, to, resource, of }): RecordFilter => ({
        ...{ kind: 'related', field: from, to },
        set: { resource, reach: { op: 'always' }, filter: toFilter(of) },
      })),
      ...rings.map((field): RecordFilter => ({
        kind: 'condition',
        condition: { op: 'exists', field, value: true },
      })),
    ],
  }
  if (named === null) return pointing
  const { field, ids } = named
  const isOneOf: ClosedCondition = { op: 'in', field, values: ids }
  const namesNobody: ClosedCondition = { op: 'exists', field, value: false }
  return {
    kind: 'any',
    of: [
      { kind: 'condition', condition: { op: 'is-true', of: isOneOf } },
      { kind: 'all', of: [{ kind: 'condition', condition: namesNobody }, pointing] },
    ],
  }
}

/**
 * Whether a record does whose relations cannot be followed: what it points at is known where it is called by the data
 * subject's own key, and otherwise not, so that any pointer counts. Only a record of which this is false is free.
 */
export function mayPointAtRestricted(
  restrictions: readonly Restriction[],
  resource: Resource,
  bundle: Bundle,
): ClosedCondition {
  return { op: 'or', of: pointingAtThem(restrictions, resource, bundle).map(toCondition) }
}

/** How the resource's records may belong to those whose data are restricted, otherwise than by naming them. */
function pointingAtThem(
  restrictions: readonly Restriction[],
  resource: Resource,
  bundle: Bundle,
): readonly Belonging[] {
  const people = restrictions.flatMap(({ liftedAt, scope }) =>
    liftedAt === null && scope.kind === 'data-subject' && (scope.resource ?? resource.name) === resource.name
      ? [scope.dataSubject]
      : [],
  )
  return pointingAt(bundle, resource, people)
}

function toCondition({ named, ways, rings }: Belonging): ClosedCondition {
  const points = (field: FieldName): ClosedCondition => ({ op: 'exists', field, value: true })
  const pointing: ClosedCondition = {
    op: 'or',
    of: [
      ...ways.map(({ from, to, of }): ClosedCondition =>
        of.named?.field === to
          ? { op: 'and', of: [points(from), { op: 'in', field: from, values: of.named.ids }] }
          : points(from),
      ),
      ...rings.map(points),
    ],
  }
  return named === null
    ? pointing
    : { op: 'and', of: [{ op: 'exists', field: named.field, value: false }, pointing] }
}
