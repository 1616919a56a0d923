import type { FieldName, ResourceName } from '@varco/core'
import {
  isOpenTo,
  type ClosedCondition,
  type FetchedRecord,
  type NewValue,
  type Permit,
  type RecordUpdate,
  type Resource,
} from '@varco/policy'
import type { AnswerFormat } from '../answer/negotiate-format.ts'
import type { LosslessJson } from '../body/lossless-json.ts'
import { toNewValue } from '../body/new-value.ts'
import { QueryError, type Query } from '../dialect/query.ts'
import { readPreferences, type UpdatePreferences } from '../dialect/read-preferences.ts'
import { refusal } from '../problems/problems.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import type { Visit } from '../visit.ts'
import { recordsLeft } from './budget-left.ts'
import { absent, ask, decideLevel, denied, readQueryOf } from './decide.ts'
import type { Established } from './establish-context.ts'
import { fieldNotAvailable, forField, type Reading } from './plan-reading.ts'

/** A permitted update: what to change on which records, and how they are shown to whoever changed them. */
export interface Updating {
  readonly permit: Permit
  /** By what the caller may see: how they name the records, and what comes back. */
  readonly reading: Reading
  readonly update: RecordUpdate
  readonly preferences: UpdatePreferences
  /** Records at most. */
  readonly most: number
}

/** Whoever would change more at once has written a program, not corrected a mistake. */
const MOST_AT_ONCE = 100

/**
 * Step 3 of an update: a field that is plain under the action `update` may be written. The records are named, and shown
 * afterwards, by what the caller may read; rows on which a field to be changed may not be written are out of reach.
 */
export function decideUpdate(
  visit: Visit,
  context: Established,
  format: AnswerFormat,
  body: ReadonlyMap<string, LosslessJson>,
): Updating | Refusal {
  const query = readQueryOf(visit)
  if (query instanceof QueryError) return refusal(query.code, { hint: query.hint })
  const preferences = readPreferences(visit.header('prefer'))
  const updating = decideChange(visit, context, format, {
    resource: visit.resource,
    query,
    body,
    preferences,
  })
  // What an upstream alone has is changed through it.
  if (!isRefusal(updating) && updating.update.resource.relation === null)
    return absent(updating.permit, { top: { visit, format } })
  return updating
}

/** What is to be changed, by whichever face it was asked for. */
export interface AskedChange {
  /** As asked: may be none of the catalogue's. */
  readonly resource: string
  readonly query: Query
  /** By field. */
  readonly body: ReadonlyMap<string, LosslessJson>
  readonly preferences: UpdatePreferences
  /** The body says all of a record, so what may not be written, or is no value, is no change yet: the values are those that may. */
  readonly whole?: boolean
}

export function decideChange(
  visit: Visit,
  context: Established,
  format: AnswerFormat,
  { resource: name, query, body, preferences, whole = false }: AskedChange,
): Updating | Refusal {
  const { bundle, trail } = visit
  const resource = bundle.resources.get(name as ResourceName)
  const top = { visit, format }
  const permit = ask(visit, context, name, 'update')
  if (resource === undefined || !isOpenTo(bundle.rules, { ...context, resource: resource.name })) {
    return absent(permit, { top })
  }
  if (permit.effect === 'deny') return denied(permit, visit)
  if (query.filter === null) return refusal('invalid-query', { hint: WHICH })
  const { offset, limit } = query.range
  if (query.embeds.length > 0 || query.order.length > 0 || offset > 0 || limit !== null) {
    return refusal('not-supported', { hint: ALL_OF_THEM })
  }
  const reading = decideLevel({ visit, context, wantsCount: false, top }, resource.name, query, null)
  const rules = [...new Set([...permit.rules, ...trail.rules])]
  Object.assign(trail, { action: 'update', resource: resource.name, rules })
  if (isRefusal(reading)) return reading
  const values = readValues(resource, { permit, reading: reading.permit, whole }, body)
  if (isRefusal(values)) return values
  const left = recordsLeft(visit, resource, permit)
  if (isRefusal(left)) return left
  const most = Math.min(MOST_AT_ONCE, left, visit.gate.limits.records, preferences.maxAffected ?? Infinity)
  const update = {
    ...{ resource, filter: reading.query.filter, values, limit: most + 1 },
    reach: both(reading.query.reach, writableReach(permit, values)),
    fields: [...new Set([...reading.query.fields, ...permit.conditionFields, ...values.keys()])],
  }
  return { permit, reading, update, preferences, most }
}

/** Hidden and absent fields are refused in the same words, and before anything is said of a value. */
function readValues(
  resource: Resource,
  { permit, reading, whole }: { readonly permit: Permit; readonly reading: Permit; readonly whole: boolean },
  body: ReadonlyMap<string, LosslessJson>,
): ReadonlyMap<FieldName, NewValue> | Refusal {
  const { fields } = resource
  const names = [...body.keys()] as FieldName[]
  const isWritable = (name: FieldName): boolean => permit.fields.get(name)?.best === 'plain'
  const isKnown = (name: FieldName): boolean =>
    isWritable(name) || (reading.fields.get(name)?.best ?? 'hidden') !== 'hidden'
  if (names.length === 0) return refusal('invalid-query', { hint: NOTHING })
  const unknown = names.find((name) => !isKnown(name))
  if (unknown !== undefined) return forField(fieldNotAvailable(), resource, unknown)
  const fixed = whole ? undefined : names.find((name) => !isWritable(name))
  if (fixed !== undefined) return forField(refusal('field-not-writable'), resource, fixed)
  const values = new Map<FieldName, NewValue>()
  for (const name of names.filter(isWritable)) {
    const field = fields.get(name)
    const value = field && toNewValue(field.type, field.nullable, body.get(name) ?? null)
    if (value !== undefined) values.set(name, value)
    // Of a whole record it may be the mask that was shown: what differs from it is refused once that is known.
    else if (!whole) return refusal('invalid-value')
  }
  return values
}

/** Whether every field to be changed may be written on this record as it stands. */
export function isWritable(
  { permit, update }: Pick<Updating, 'permit' | 'update'>,
  before: FetchedRecord,
): boolean {
  const outcomes = permit.outcomesOf(before)
  return [...update.values.keys()].every((field) => outcomes?.get(field)?.outcome === 'plain')
}

function writableReach(
  { rowFilter, fields }: Permit,
  values: ReadonlyMap<FieldName, NewValue>,
): ClosedCondition {
  const guards = [...values.keys()].flatMap((field) => fields.get(field)?.plainWhere ?? [])
  return { op: 'and', of: [rowFilter, ...guards] }
}

function both(a: ClosedCondition, b: ClosedCondition): ClosedCondition {
  return { op: 'and', of: [a, b] }
}

const WHICH = {
  it: 'Una modifica deve dire su quali record, con almeno un filtro.',
  en: 'A change must say which records, by one filter at least.',
}
const ALL_OF_THEM = {
  it: 'Una modifica vale per tutti i record del filtro: niente order, limit, offset o relazioni.',
  en: 'A change is made to all the records of the filter: no order, limit, offset or relations.',
}
export const NOTHING = {
  it: 'Nessun campo da modificare.',
  en: 'There is no field to change.',
}
