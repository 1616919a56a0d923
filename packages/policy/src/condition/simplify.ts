import type { ClosedCondition } from '../decision/condition.ts'

const ALWAYS: ClosedCondition = { op: 'always' }
const NEVER: ClosedCondition = { op: 'never' }
const UNKNOWN: ClosedCondition = { op: 'unknown' }

/**
 * Folds constants away and pushes `is-true` and `is-not-false` down to the leaves. The value on every record
 * stays what it was, NULLs included. A condition under `is-true` or `is-not-false` comes out without `unknown`.
 */
export function simplify(condition: ClosedCondition): ClosedCondition {
  switch (condition.op) {
    case 'and':
    case 'or':
      return junction(condition.op, condition.of.map(simplify))
    case 'not':
      return negation(simplify(condition.of))
    case 'is-true':
      return holds(simplify(condition.of))
    case 'is-not-false':
      return mayHold(simplify(condition.of))
    case 'in':
      return condition.values.length === 0 ? NEVER : condition
    case 'nin':
      return condition.values.length === 0 ? ALWAYS : condition
    default:
      return condition
  }
}

function junction(op: 'and' | 'or', of: readonly ClosedCondition[]): ClosedCondition {
  const [neutral, absorbing] = op === 'and' ? [ALWAYS, NEVER] : [NEVER, ALWAYS]
  const flat = of
    .flatMap((part) => (part.op === op ? part.of : [part]))
    .filter((part) => part.op !== neutral.op)
  if (flat.some((part) => part.op === absorbing.op)) return absorbing
  const known = flat.filter((part) => part.op !== 'unknown')
  const parts = known.length === flat.length ? flat : [...known, UNKNOWN]
  const [only] = parts
  if (only === undefined) return neutral
  return parts.length === 1 ? only : { op, of: parts }
}

function negation(of: ClosedCondition): ClosedCondition {
  if (of.op === 'always') return NEVER
  if (of.op === 'never') return ALWAYS
  if (of.op === 'unknown') return UNKNOWN
  if (of.op === 'not') return of.of
  return { op: 'not', of }
}

/** True exactly where the condition is true; never unknown. */
function holds(of: ClosedCondition): ClosedCondition {
  switch (of.op) {
    case 'always':
    case 'never':
    case 'exists':
    case 'is-true':
    case 'is-not-false':
      return of
    case 'unknown':
      return NEVER
    case 'and':
    case 'or':
      return junction(of.op, of.of.map(holds))
    case 'not':
      return negation(mayHold(of.of))
    default:
      return { op: 'is-true', of }
  }
}

/** True exactly where the condition is not false; never unknown. */
function mayHold(of: ClosedCondition): ClosedCondition {
  switch (of.op) {
    case 'always':
    case 'never':
    case 'exists':
    case 'is-true':
    case 'is-not-false':
      return of
    case 'unknown':
      return ALWAYS
    case 'and':
    case 'or':
      return junction(of.op, of.of.map(mayHold))
    case 'not':
      return negation(holds(of.of))
    default:
      return { op: 'is-not-false', of }
  }
}
