import type { FieldName } from '@varco/core'
import type { ClosedCondition, Constant } from '../decision/condition.ts'
import { partsOf } from './parts-of.ts'

/** The values of a field that a condition names one by one, to let them in or to keep them out. */
export function namedValues(condition: ClosedCondition, field: FieldName): ReadonlySet<Constant> {
  return new Set(namedIn(condition, field))
}

function namedIn(condition: ClosedCondition, field: FieldName): readonly Constant[] {
  switch (condition.op) {
    case 'eq':
    case 'neq':
      return condition.field === field && 'value' in condition ? [condition.value] : []
    case 'in':
    case 'nin':
      return condition.field === field ? condition.values : []
    default:
      return partsOf(condition).flatMap((part) => namedIn(part, field))
  }
}
