import type { FieldName } from '@varco/core'
import type { FieldType } from '../bundle/schema.ts'
import type { Comparison, Condition, Constant, FieldTypes, Reference } from '../decision/condition.ts'
import { boundList, boundValue, isReference } from './bind-condition.ts'
import { NO_CONTEXT, type Context } from './context.ts'
import { keyOf, keyOrder, toConstant, typeClass, type Key } from './field-value.ts'

/** `null` is SQL's unknown. */
export type Truth = boolean | null
export type DataRecord = Readonly<Record<string, unknown>>
/** A compiled condition. Total: it never throws, whatever the record holds. */
export type Evaluator = (record: DataRecord, context: Context) => Truth

/** Compiles a condition into a closure. Constants are prepared once; references are looked up at each call. */
export function compileCondition(condition: Condition, types: FieldTypes): Evaluator {
  const compile = (inner: Condition): Evaluator => {
    switch (inner.op) {
      case 'always':
        return () => true
      case 'never':
        return () => false
      case 'unknown':
        return () => null
      case 'and':
        return conjunction(inner.of.map(compile), false)
      case 'or':
        return conjunction(inner.of.map(compile), true)
      case 'not': {
        const of = compile(inner.of)
        return (record, context) => {
          const truth = of(record, context)
          return truth === null ? null : !truth
        }
      }
      case 'is-true': {
        const of = compile(inner.of)
        return (record, context) => of(record, context) === true
      }
      case 'is-not-false': {
        const of = compile(inner.of)
        return (record, context) => of(record, context) !== false
      }
      case 'exists':
        return exists(inner.field, inner.value)
      case 'prefix':
        return prefix(inner.field, inner.value)
      case 'contains':
        return contains(inner.field, inner.value)
      case 'in':
      case 'nin':
        return membership(inner.op === 'in', inner.field, typeOf(inner.field, types), inner.values)
      case 'between':
        return conjunction(
          [
            comparison('gte', inner.field, typeOf(inner.field, types), inner.from),
            comparison('lte', inner.field, typeOf(inner.field, types), inner.to),
          ],
          false,
        )
      default:
        return 'other' in inner
          ? comparisonOfFields(inner.op, inner.field, inner.other, types)
          : comparison(inner.op, inner.field, typeOf(inner.field, types), inner.value)
    }
  }
  return compile(condition)
}

/** Evaluates a condition that has no references. */
export function evaluateClosed(condition: Condition, types: FieldTypes): (record: DataRecord) => Truth {
  const evaluator = compileCondition(condition, types)
  return (record) => evaluator(record, NO_CONTEXT)
}

function typeOf(field: FieldName, types: FieldTypes): FieldType {
  // INVARIANT: the loader refuses conditions on undeclared fields; `json` compares with nothing.
  return types.get(field)?.type ?? 'json'
}

/** Stops at the first part that has the absorbing value: false for `and`, true for `or`. */
function conjunction(parts: readonly Evaluator[], absorbing: boolean): Evaluator {
  const [first, second] = parts
  if (first !== undefined && parts.length === 1) return first
  if (first !== undefined && second !== undefined && parts.length === 2) {
    return (record, context) => {
      const left = first(record, context)
      if (left === absorbing) return absorbing
      const right = second(record, context)
      if (right === absorbing) return absorbing
      return left === null || right === null ? null : !absorbing
    }
  }
  return (record, context) => {
    let result: Truth = !absorbing
    for (const part of parts) {
      const truth = part(record, context)
      if (truth === absorbing) return absorbing
      if (truth === null) result = null
    }
    return result
  }
}

const VERDICTS: Readonly<Record<Comparison, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  neq: (order) => order !== 0,
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
}

function comparison(
  op: Comparison,
  field: FieldName,
  type: FieldType,
  value: Constant | Reference,
): Evaluator {
  const order = keyOrder(type)
  const verdict = VERDICTS[op]
  const key = isReference(value) ? null : constantKey(type, boundValue(value, type, NO_CONTEXT))
  if (op === 'eq' || op === 'neq') {
    // Keys are canonical: equal values are identical.
    const equal = op === 'eq'
    return (record, context) => {
      const left = keyOf(type, record[field])
      const right = isReference(value) ? constantKey(type, boundValue(value, type, context)) : key
      return left === null || right === null ? null : (left === right) === equal
    }
  }
  return (record, context) => {
    const left = keyOf(type, record[field])
    const right = isReference(value) ? constantKey(type, boundValue(value, type, context)) : key
    return left === null || right === null ? null : verdict(order(left, right))
  }
}

function comparisonOfFields(
  op: Comparison,
  field: FieldName,
  other: FieldName,
  types: FieldTypes,
): Evaluator {
  const type = typeOf(field, types)
  const otherType = typeOf(other, types)
  const order = keyOrder(type)
  const verdict = VERDICTS[op]
  return (record) => {
    const left = keyOf(type, record[field])
    const right = keyOf(otherType, record[other])
    return left === null || right === null ? null : verdict(order(left, right))
  }
}

function membership(
  wanted: boolean,
  field: FieldName,
  type: FieldType,
  values: readonly Constant[] | Reference,
): Evaluator {
  const keysOf = (context: Context): readonly (Key | null)[] | null =>
    boundList(values, type, context)?.map((value) => constantKey(type, value)) ?? null
  if (!isReference(values)) {
    const keys = keysOf(NO_CONTEXT)
    const set = keys === null ? null : new Set<Key | null>(keys)
    return (record) => {
      if (set === null) return null
      if (set.size === 0) return !wanted
      const left = keyOf(type, record[field])
      return left === null ? null : set.has(left) === wanted
    }
  }
  if (typeClass(type) === 'text') return textMembership(wanted, field, values)
  return (record, context) => {
    const keys = keysOf(context)
    if (keys === null) return null
    if (keys.length === 0) return !wanted
    const left = keyOf(type, record[field])
    return left === null ? null : keys.includes(left) === wanted
  }
}

/** The commonest condition of all, a text among the caller's: as above, without making lists. */
function textMembership(wanted: boolean, field: FieldName, values: Reference): Evaluator {
  return (record, context) => {
    const known = context.valueOf(values, 'other')
    if (known === undefined) return null
    const list: readonly unknown[] = typeof known === 'object' ? known : [known]
    const left = record[field]
    let found = false
    for (const item of list) {
      if (item === left) found = true
      // One value that is none makes the whole list unknown, wherever it stands.
      if (toConstant('text', item) === null) return null
    }
    if (list.length === 0) return !wanted
    return typeof left === 'string' ? found === wanted : null
  }
}

function constantKey(type: FieldType, value: Constant | null): Key | null {
  return value === null ? null : keyOf(type, value)
}

function exists(field: FieldName, wanted: boolean): Evaluator {
  return (record) => {
    // A field may be called as something that every object inherits, such as "constructor".
    const value = Object.hasOwn(record, field) ? record[field] : undefined
    return value === undefined ? null : (value !== null) === wanted
  }
}

function prefix(field: FieldName, start: string): Evaluator {
  return (record) => {
    const value = record[field]
    return typeof value === 'string' ? value.startsWith(start) : null
  }
}

/** As `@>`: unknown only when there is no array; elements that are NULL match nothing. */
function contains(field: FieldName, value: Constant | Reference): Evaluator {
  return (record, context) => {
    const list = record[field]
    const wanted = boundValue(value, 'text[]', context)
    if (!Array.isArray(list) || wanted === null) return null
    return list.flat(Number.POSITIVE_INFINITY).includes(wanted)
  }
}
