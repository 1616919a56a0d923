import type { FieldName } from '@varco/core'
import type { FieldType } from '../bundle/schema.ts'
import type { Scalar } from './request.ts'

/**
 * A value a closed condition compares with, in its field type's one canonical form: numbers as exact decimal
 * text, dates as `2026-03-29`, instants as `2026-03-29T01:30:00.000000Z`, UUIDs in lower case,
 * ranges as PostgreSQL has them.
 */
export type Constant = Scalar

/** A value known only when somebody asks: `$principal.unit`, `$ticket.data_subject`, `$now`. */
export interface Reference {
  readonly scope: 'principal' | 'contract' | 'ticket' | 'grant' | 'now'
  /** Empty for `$now`. */
  readonly name: string
}

export const COMPARISONS = ['eq', 'neq', 'lt', 'lte', 'gt', 'gte'] as const
export type Comparison = (typeof COMPARISONS)[number]

type ConditionOver<Value, Values> =
  | { readonly op: 'always' }
  | { readonly op: 'never' }
  | { readonly op: 'unknown' }
  | { readonly op: 'and' | 'or'; readonly of: readonly ConditionOver<Value, Values>[] }
  | { readonly op: 'not'; readonly of: ConditionOver<Value, Values> }
  | { readonly op: 'is-true' | 'is-not-false'; readonly of: ConditionOver<Value, Values> }
  | { readonly op: Comparison; readonly field: FieldName; readonly value: Value }
  | { readonly op: Comparison; readonly field: FieldName; readonly other: FieldName }
  | { readonly op: 'in' | 'nin'; readonly field: FieldName; readonly values: Values }
  | { readonly op: 'between'; readonly field: FieldName; readonly from: Value; readonly to: Value }
  | { readonly op: 'exists'; readonly field: FieldName; readonly value: boolean }
  | { readonly op: 'contains'; readonly field: FieldName; readonly value: Value }
  | { readonly op: 'prefix'; readonly field: FieldName; readonly value: string }

/**
 * A condition over one record's fields with nothing left to bind. The same value is evaluated in memory
 * and compiled to SQL, and both select the same rows (invariant 5).
 *
 * NULL, once for all: a comparison that meets NULL on either side is *unknown*, `exists` never is, and
 * `and`, `or`, `not` follow SQL's three-valued logic. A permit needs *true*; a forbid fires unless *false*.
 * `in` an empty list is false and `nin` an empty list true, of NULL too: nothing is compared.
 * A field that was not fetched (its key is absent) is unknown, to `exists` too.
 */
export type ClosedCondition = ConditionOver<Constant, readonly Constant[]>

/** What a rule's `where` compiles to; every closed condition is one. */
export type Condition = ConditionOver<Constant | Reference, readonly Constant[] | Reference>

/** The types a condition's fields have; a `Resource`'s `fields` is one. */
export type FieldTypes = ReadonlyMap<FieldName, { readonly type: FieldType }>
