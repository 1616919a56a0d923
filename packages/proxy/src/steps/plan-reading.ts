import type { FieldName } from '@varco/core'
import {
  REASONS,
  type ClosedCondition,
  type FieldPermit,
  type FieldType,
  type JsonPlace,
  type Permit,
  type RecordFilter,
  type RecordOrder,
  type RecordQuery,
  type RecordSet,
  type RelatedSet,
  type Resource,
} from '@varco/policy'
import {
  embedsIn,
  leavesOf,
  type OrderTerm,
  type Query,
  type Range,
  type SelectItem,
} from '../dialect/query.ts'
import { relatedTo, toRecordFilter } from '../dialect/to-record-filter.ts'
import { refusal } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import type { Asked } from '../visit.ts'
import { WorkedOutOnce } from './worked-out-once.ts'

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
  /** Nothing of them is asked for but whether they are there. */
  readonly unshown: boolean
  /** Their fields stand among the owner's own. */
  readonly spread: boolean
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
  /** What stands within the field's value; absent: all of it. */
  readonly at?: JsonPlace
  readonly as: string
  readonly type: FieldType
  /** Shown as text, whatever its type. */
  readonly asText: boolean
}

/** The names that a record of the answer may have. */
export function namesOf({ columns, embedded }: Reading): readonly string[] {
  return [
    ...columns.map(({ as }) => as),
    ...embedded.flatMap(({ as, spread, unshown, reading }) =>
      spread ? namesOf(reading) : unshown ? [] : as,
    ),
  ]
}

/** Plans what a query embeds, once it is known that its owner may be read so. */
export type PlanEmbedded = () => readonly EmbeddedReading[] | Refusal

/**
 * Holds a query against a permit. A field that is hidden everywhere is refused in the same words as one that does not
 * exist, whatever the query wants with it, and before anything is said of the rest of the query.
 */
export function planReading(
  resource: Resource,
  asked: Asked,
  { permit, counting, link, most }: Permits,
  query: Query,
  planEmbedded: PlanEmbedded,
): Reading | Refusal {
  const standsAlone = query.embeds.length === 0 && query.order.length === 0 && link === null
  if (standsAlone && counting === null && asked.action !== 'count')
    return planPlain(resource, asked, permit, query, most)
  const links = query.embeds.map(({ relation }) => relationOf(resource, relation)?.from ?? null)
  // What ties records together must be plain on both sides: who is shown the one would learn the other.
  if (
    [...links, ...(link === null ? [] : [link])].some(
      (field) => field === null || bestOf(permit, field) !== 'plain',
    )
  )
    return fieldNotAvailable()
  const needed = new Set([...embedsIn(query.filter), ...query.order.flatMap(({ embed }) => embed ?? [])])
  const compared = [
    ...leavesOf(query.filter).map(({ field }) => field),
    ...query.order.flatMap(({ embed, field }) => (embed === undefined ? field : [])),
    // Rows on which the relation's field is not plain are out of reach of whatever depends on it.
    ...query.embeds.flatMap(({ as, inner }, index) => (inner || needed.has(as) ? (links[index] ?? []) : [])),
    ...(link === null ? [] : [link]),
  ]
  const permits: readonly [Permit, ...Permit[]] = counting === null ? [permit] : [permit, counting]
  const objection = objectionToNames(resource, permits, query.select, compared)
  if (objection !== null) return objection
  // INVARIANT: from here on every field that the query names is the catalogue's.

  const embedded = planEmbedded()
  if ('refused' in embedded) return embedded
  const filter = filterOf(query, resource, embedded, setOf)
  if (filter !== null && 'refused' in filter) return filter
  const counted = counting === null ? null : filterOf(query, resource, embedded, countedSetOf)
  if (counted !== null && 'refused' in counted) return counted
  const order = orderOf(query, resource, embedded)
  if ('refused' in order) return order
  const onlyCounts = asked.action === 'count'
  const columns = onlyCounts
    ? NO_COLUMNS
    : COLUMNS.of(permit, query.select ?? EVERYTHING, () => columnsOf(query.select, resource, permit))
  const tying = [...links, link].filter((field) => field !== null)
  const { offset, limit } = query.range
  return {
    resource,
    asked,
    permit,
    columns,
    query: {
      resource,
      fields:
        tying.length > 0
          ? fieldsToFetch(columns, resource, permit, tying)
          : FIELDS.of(permit, columns, () => fieldsToFetch(columns, resource, permit, [])),
      reach: reachOf([permit], compared as FieldName[]),
      filter,
      order,
      // Embedded records are skipped and limited owner by owner, once they are here.
      offset: link === null ? offset : 0,
      limit: onlyCounts ? 0 : link === null ? Math.min(limit ?? Infinity, most) : most,
    },
    total:
      counting === null
        ? null
        : { resource, reach: reachOf(permits, compared as FieldName[]), filter: counted },
    embedded,
  }
}

/** Why a query may not name what it does; `null`: it may. */
function objectionToNames(
  resource: Resource,
  permits: readonly [Permit, ...Permit[]],
  select: readonly SelectItem[] | null,
  compared: readonly string[],
): Refusal | null {
  const [permit] = permits
  const named = select?.flatMap(({ kind, field }) => (kind === 'field' ? [field] : [])) ?? []
  const hidden = [...named, ...compared].find((field) => bestOf(permit, field) === 'hidden')
  if (hidden !== undefined) return forField(fieldNotAvailable(), resource, hidden)
  const isPlain = (field: string): boolean => permits.every((each) => bestOf(each, field) === 'plain')
  const notPlain = compared.find((field) => !isPlain(field))
  if (notPlain !== undefined) return forField(notOnThisField('field-not-plain'), resource, notPlain)
  if (select?.every((item) => isPlaceIn(resource, item)) === false)
    return refusal('invalid-query', { hint: WITHIN })
  return null
}

/** What of a plan depends on which fields are compared, and on nothing that they are compared with. */
interface Groundwork {
  readonly columns: readonly Column[]
  readonly fields: readonly FieldName[]
  readonly reach: ClosedCondition
}

/** By the names compared, each once; all of which may be. */
const GROUNDWORKS = new WorkedOutOnce<Permit, readonly SelectItem[], Map<string, Groundwork>>()
/** Callers choose what they compare. */
const MOST_GROUNDWORKS = 20

/** Nothing embedded, ordered or counted: the same few fields are compared again and again, with other values. */
function planPlain(
  resource: Resource,
  asked: Asked,
  permit: Permit,
  query: Query,
  most: number,
): Reading | Refusal {
  const compared = new Set(leavesOf(query.filter).map(({ field }) => field))
  const groundwork = groundworkOf(resource, permit, query.select, [...compared])
  if ('refused' in groundwork) return groundwork
  const filter = query.filter === null ? null : toRecordFilter(query.filter, resource, NOTHING_EMBEDDED)
  if (filter !== null && 'refused' in filter) return filter
  const { columns, fields, reach } = groundwork
  const { offset, limit } = query.range
  return {
    ...{ resource, asked, permit, columns, total: null, embedded: NO_READINGS },
    query: { resource, fields, reach, filter, order: [], offset, limit: Math.min(limit ?? Infinity, most) },
  }
}

function groundworkOf(
  resource: Resource,
  permit: Permit,
  select: readonly SelectItem[] | null,
  compared: readonly string[],
): Groundwork | Refusal {
  const known = GROUNDWORKS.of(permit, select ?? EVERYTHING, () => new Map<string, Groundwork>())
  const names = JSON.stringify(compared)
  const found = known.get(names)
  if (found !== undefined) return found
  const objection = objectionToNames(resource, [permit], select, compared)
  if (objection !== null) return objection
  const columns = COLUMNS.of(permit, select ?? EVERYTHING, () => columnsOf(select, resource, permit))
  const made = {
    columns,
    fields: FIELDS.of(permit, columns, () => fieldsToFetch(columns, resource, permit, [])),
    reach: reachOf([permit], compared as FieldName[]),
  }
  if (known.size < MOST_GROUNDWORKS) known.set(names, made)
  return made
}

const NOTHING_EMBEDDED: ReadonlyMap<string, RelatedSet> = new Map()
const NO_READINGS: readonly EmbeddedReading[] = []
const EVERYTHING: readonly SelectItem[] = []
const NO_COLUMNS: readonly Column[] = []
const COLUMNS = new WorkedOutOnce<Permit, readonly SelectItem[], readonly Column[]>()
const FIELDS = new WorkedOutOnce<Permit, readonly Column[], readonly FieldName[]>()

/**
 * What is asked of the records, and that they have what is embedded by `!inner`.
 * @param of which of the embedded records are meant
 */
function filterOf(
  query: Query,
  resource: Resource,
  embedded: readonly EmbeddedReading[],
  of: (each: EmbeddedReading) => RelatedSet,
): RecordFilter | Refusal | null {
  const asked =
    query.filter === null
      ? null
      : toRecordFilter(query.filter, resource, new Map(embedded.map((each) => [each.as, of(each)])))
  if (asked !== null && 'refused' in asked) return asked
  const required = embedded.flatMap((each, index) =>
    query.embeds[index]?.inner === true ? relatedTo(of(each)) : [],
  )
  if (required.length === 0) return asked
  return { kind: 'all', of: [...(asked === null ? [] : [asked]), ...required] }
}

function setOf({ from, to, reading }: EmbeddedReading): RelatedSet {
  return { from, to, set: reading.query }
}

/** Of what an owner is counted by, those that may be counted. */
function countedSetOf({ from, to, reading }: EmbeddedReading): RelatedSet {
  return { from, to, set: reading.total ?? reading.query }
}

function orderOf(
  { order }: Query,
  resource: Resource,
  embedded: readonly EmbeddedReading[],
): readonly RecordOrder[] | Refusal {
  const terms: RecordOrder[] = []
  for (const term of order) {
    const of = term.embed === undefined ? null : relatedOrder(term, embedded)
    if (of !== null && 'refused' in of) return of
    const owner = of?.set.resource ?? resource
    if (!isPlaceIn(owner, term)) return refusal('invalid-query', { hint: WITHIN })
    terms.push({ ...toRecordOrder(term, owner), ...(of === null ? {} : { of }) })
  }
  return terms
}

/**
 * The record that is embedded in each, by a field of it that must be plain: one on which it is not counts as none, as one
 * out of reach does.
 */
function relatedOrder(
  { embed, field }: OrderTerm,
  embedded: readonly EmbeddedReading[],
): RelatedSet | Refusal {
  const found = embedded.find(({ as }) => as === embed)
  if (found === undefined) return fieldNotAvailable()
  const { permit, query } = found.reading
  const best = bestOf(permit, field)
  if (best === 'hidden') return fieldNotAvailable()
  if (best !== 'plain') return notOnThisField('field-not-plain')
  if (found.many) return refusal('invalid-query', { hint: ONE })
  const guard = permit.fields.get(field as FieldName)?.plainWhere ?? { op: 'never' }
  return { ...setOf(found), set: { ...query, reach: { op: 'and', of: [query.reach, guard] } } }
}

/** Within a text, a number or a date nothing stands. */
function isPlaceIn({ fields }: Resource, { field, at }: Pick<SelectItem, 'field' | 'at'>): boolean {
  const type = fields.get(field as FieldName)?.type
  return at === undefined || type === 'json' || type === 'text[]'
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

/** What a caller may not be told, the log knows; a name nobody declared may hold anything, and stays out of it. */
export function forField(refused: Refusal, { fields }: Resource, field: string): Refusal {
  return fields.has(field as FieldName) ? { ...refused, field } : refused
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
  const column = (
    field: FieldName,
    { as, at, asText }: Pick<SelectItem, 'as' | 'at' | 'asText'>,
  ): Column => ({
    field,
    ...(at === undefined ? {} : { at }),
    as,
    type: resource.fields.get(field)?.type ?? 'json',
    asText,
  })
  const all = [...permit.fields]
    .filter(([, { best }]) => best !== 'hidden')
    .map(([field]) => column(field, { as: field, asText: false }))
  if (select === null) return all
  const chosen = select.flatMap((item) =>
    item.kind === 'all' ? all : [column(item.field as FieldName, item)],
  )
  return [...new Map(chosen.map((each) => [each.as, each])).values()]
}

/** What is shown, what the log must name, what ties records together, and what each row's outcome depends on. */
function fieldsToFetch(
  columns: readonly Column[],
  resource: Resource,
  permit: Permit,
  tying: readonly FieldName[],
): readonly FieldName[] {
  const subject = resource.dataSubject === null ? [] : [resource.dataSubject.field]
  const shown = columns.map(({ field }) => field)
  return [...new Set([resource.key, ...subject, ...permit.conditionFields, ...shown, ...tying])]
}

function toRecordOrder(term: OrderTerm, { fields }: Resource): RecordOrder {
  const { direction, nulls } = term
  const field = term.field as FieldName
  // JSON as such has no order in PostgreSQL.
  const at = term.at ?? (fields.get(field)?.type === 'json' ? WHOLE : undefined)
  return {
    field,
    ...(at === undefined ? {} : { at }),
    direction,
    nulls: nulls ?? (direction === 'asc' ? 'last' : 'first'),
  }
}

const WHOLE: JsonPlace = { path: [], as: 'json' }

const WITHIN = {
  it: 'Con -> e ->> si legge solo dentro campi json ed elenchi di testi.',
  en: 'Only within json fields and lists of texts can -> and ->> read.',
}
const ONE = {
  it: 'Si ordina per un campo di una relazione solo se ogni record ne ha al più uno.',
  en: 'An order by a relation’s field needs a relation of which each record has one at most.',
}
