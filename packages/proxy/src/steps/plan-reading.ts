import type { FieldName } from '@varco/core'
import {
  REASONS,
  type ClosedCondition,
  type FieldPermit,
  type FieldType,
  type Permit,
  type RecordOrder,
  type RecordQuery,
  type RecordSet,
  type Resource,
} from '@varco/policy'
import { leavesOf, type OrderTerm, type Query, type Range, type SelectItem } from '../dialect/query.ts'
import { toRecordFilter } from '../dialect/to-record-filter.ts'
import type { Refusal } from '../refusal.ts'
import type { Asked } from '../visit.ts'

/** What a query is held against. */
export interface Permits {
  readonly permit: Permit
  /** If counting was asked for. */
  readonly counting: Permit | null
  /** The field by which embedded records belong to their owner. */
  readonly link: FieldName | null
  /** Records at most. */
  readonly most: number
}

/** A permitted reading: what to fetch, and what of it goes into the answer. */
export interface Reading {
  readonly resource: Resource
  readonly asked: Asked
  readonly permit: Permit
  readonly columns: readonly Column[]
  readonly query: RecordQuery
  /** What is to be counted, if anything is. */
  readonly total: RecordSet | null
  readonly embedded: readonly EmbeddedReading[]
}

/** Records of another resource, shown within each record whose field `from` they have in `to`. */
export interface EmbeddedReading {
  readonly as: string
  /** A list of them, or one or none. */
  readonly many: boolean
  readonly from: FieldName
  readonly to: FieldName
  readonly reading: Reading
  /** Of those of each owner. */
  readonly range: Range
}

/** A field of the answer. */
export interface Column {
  readonly field: FieldName
  readonly as: string
  readonly type: FieldType
  /** Shown as text, whatever its type. */
  readonly asText: boolean
}

/**
 * Holds a query against a permit. A field that is hidden everywhere is refused in the same words as one that does not
 * exist, whatever the query wants with it, and before anything is said of the rest of the query.
 */
export function planReading(
  resource: Resource,
  asked: Asked,
  { permit, counting, link, most }: Permits,
  query: Query,
): Reading | Refusal {
  const links = query.embeds.map(({ relation }) => relationOf(resource, relation)?.from ?? null)
  // What ties records together must be plain on both sides: who is shown the one would learn the other.
  if (
    [...links, ...(link === null ? [] : [link])].some(
      (field) => field === null || bestOf(permit, field) !== 'plain',
    )
  )
    return fieldNotAvailable()
  const named = query.select?.flatMap(({ kind, field }) => (kind === 'field' ? [field] : [])) ?? []
  const compared = [
    ...leavesOf(query.filter).map(({ field }) => field),
    ...query.order.map(({ field }) => field),
    ...query.embeds.flatMap(({ inner }, index) => (inner ? (links[index] ?? []) : [])),
    ...(link === null ? [] : [link]),
  ]
  if (![...named, ...compared].every((field) => bestOf(permit, field) !== 'hidden'))
    return fieldNotAvailable()
  // INVARIANT: from here on every field that the query names is the catalogue's.
  const permits = counting === null ? [permit] : [permit, counting]
  const isPlain = (field: string): boolean => permits.every((each) => bestOf(each, field) === 'plain')
  if (!compared.every(isPlain)) return notOnThisField('field-not-plain')

  const filter = query.filter === null ? null : toRecordFilter(query.filter, resource)
  if (filter !== null && 'refused' in filter) return filter
  const onlyCounts = asked.action === 'count'
  const columns = onlyCounts ? [] : columnsOf(query.select, resource, permit)
  const { offset, limit } = query.range
  return {
    resource,
    asked,
    permit,
    columns,
    query: {
      resource,
      fields: fieldsToFetch(columns, resource, permit, [...links, link]),
      reach: reachOf([permit], compared as FieldName[]),
      filter,
      order: query.order.map(toRecordOrder),
      // Embedded records are skipped and limited owner by owner, once they are here.
      offset: link === null ? offset : 0,
      limit: onlyCounts ? 0 : link === null ? Math.min(limit ?? Infinity, most) : most,
    },
    total: counting === null ? null : { resource, reach: reachOf(permits, compared as FieldName[]), filter },
    embedded: [],
  }
}

/** How another resource's records belong to this one's; `null`: in no way that the catalogue declares. */
export function relationOf(
  { document }: Resource,
  name: string,
): {
  readonly resource: string
  readonly from: FieldName
  readonly to: FieldName
  readonly many: boolean
} | null {
  const relation = Object.hasOwn(document.relations, name) ? document.relations[name] : undefined
  if (relation === undefined) return null
  const { resource, field, to, many } = relation
  return { resource, from: field as FieldName, to: to as FieldName, many }
}

export function fieldNotAvailable(): Refusal {
  return notOnThisField('field-not-available')
}

function bestOf({ fields }: Permit, field: string): FieldPermit['best'] {
  return fields.get(field as FieldName)?.best ?? 'hidden'
}

function notOnThisField(code: 'field-not-available' | 'field-not-plain'): Refusal {
  return { refused: true, status: 400, code, text: REASONS[code] }
}

/** Rows on which something compared is not plain are out of reach: neither their presence nor their place may tell of it. */
function reachOf(permits: readonly Permit[], compared: readonly FieldName[]): ClosedCondition {
  const guards = permits.flatMap(({ fields, rowFilter }) => [
    rowFilter,
    ...[...new Set(compared)].flatMap((field) => fields.get(field)?.plainWhere ?? []),
  ])
  const [only, ...others] = guards.filter(({ op }) => op !== 'always')
  if (only === undefined) return { op: 'always' }
  return others.length === 0 ? only : { op: 'and', of: [only, ...others] }
}

function columnsOf(
  select: readonly SelectItem[] | null,
  resource: Resource,
  permit: Permit,
): readonly Column[] {
  const column = (field: FieldName, as: string, asText = false): Column => ({
    field,
    as,
    type: resource.fields.get(field)?.type ?? 'json',
    asText,
  })
  const all = [...permit.fields]
    .filter(([, { best }]) => best !== 'hidden')
    .map(([field]) => column(field, field))
  if (select === null) return all
  const chosen = select.flatMap(({ kind, field, as, asText }) =>
    kind === 'all' ? all : [column(field as FieldName, as, asText)],
  )
  return [...new Map(chosen.map((each) => [each.as, each])).values()]
}

/** What is shown, what the log must name, what ties records together, and what each row's outcome depends on. */
function fieldsToFetch(
  columns: readonly Column[],
  resource: Resource,
  permit: Permit,
  links: readonly (FieldName | null)[],
): readonly FieldName[] {
  const subject = resource.dataSubject === null ? [] : [resource.dataSubject.field]
  const shown = columns.map(({ field }) => field)
  const tying = links.filter((field) => field !== null)
  return [...new Set([resource.key, ...subject, ...permit.conditionFields, ...shown, ...tying])]
}

function toRecordOrder({ field, direction, nulls }: OrderTerm): RecordOrder {
  return { field: field as FieldName, direction, nulls: nulls ?? (direction === 'asc' ? 'last' : 'first') }
}
