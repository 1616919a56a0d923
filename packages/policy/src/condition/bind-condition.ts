import type { FieldType } from '../bundle/schema.ts'
import type { ClosedCondition, Condition, Constant, FieldTypes, Reference } from '../decision/condition.ts'
import type { Context } from './context.ts'
import { toConstant } from './field-value.ts'

export function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && 'scope' in value
}

/** Replaces each reference by what it stands for. What nobody knows, or is of another type, makes its comparison unknown. */
export function bindCondition(condition: Condition, types: FieldTypes, context: Context): ClosedCondition {
  const bind = (inner: Condition): ClosedCondition => {
    switch (inner.op) {
      case 'always':
      case 'never':
      case 'unknown':
      case 'exists':
      case 'prefix':
        return inner
      case 'and':
      case 'or':
        return { op: inner.op, of: inner.of.map(bind) }
      case 'not':
      case 'is-true':
      case 'is-not-false':
        return { op: inner.op, of: bind(inner.of) }
      case 'in':
      case 'nin': {
        const values = boundList(inner.values, types.get(inner.field)?.type, context)
        return values === null ? { op: 'unknown' } : { ...inner, values }
      }
      case 'between': {
        const type = types.get(inner.field)?.type
        const from = boundValue(inner.from, type, context)
        const to = boundValue(inner.to, type, context)
        return {
          op: 'and',
          of: [
            from === null ? { op: 'unknown' } : { op: 'gte', field: inner.field, value: from },
            to === null ? { op: 'unknown' } : { op: 'lte', field: inner.field, value: to },
          ],
        }
      }
      default: {
        if ('other' in inner) return inner
        const value = boundValue(inner.value, types.get(inner.field)?.type, context)
        return value === null ? { op: 'unknown' } : { ...inner, value }
      }
    }
  }
  return bind(condition)
}

/** `null` when unknown. */
export function boundValue(
  value: Constant | Reference,
  type: FieldType | undefined,
  context: Context,
): Constant | null {
  if (type === undefined) return null
  if (!isReference(value)) return toConstant(type, value)
  const known = context.valueOf(value, type === 'date' ? 'date' : 'other')
  return known === undefined || typeof known === 'object' ? null : toConstant(type, known)
}

/** One value is a list of one; one value of another type makes the whole list unknown. */
export function boundList(
  values: readonly Constant[] | Reference,
  type: FieldType | undefined,
  context: Context,
): readonly Constant[] | null {
  if (type === undefined) return null
  const known = isReference(values) ? context.valueOf(values, type === 'date' ? 'date' : 'other') : values
  if (known === undefined) return null
  const list: readonly unknown[] = typeof known === 'object' ? known : [known]
  const constants = list.map((value) => toConstant(type, value))
  return constants.every((value) => value !== null) ? constants : null
}
