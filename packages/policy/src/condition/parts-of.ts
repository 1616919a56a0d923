import type { ClosedCondition, Condition } from '../decision/condition.ts'

/** The conditions directly inside a connective; none inside a leaf. */
export function partsOf(condition: ClosedCondition): readonly ClosedCondition[]
export function partsOf(condition: Condition): readonly Condition[]
export function partsOf(condition: Condition): readonly Condition[] {
  switch (condition.op) {
    case 'and':
    case 'or':
      return condition.of
    case 'not':
    case 'is-true':
    case 'is-not-false':
      return [condition.of]
    default:
      return []
  }
}
