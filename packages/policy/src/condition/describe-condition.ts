import type { Comparison, Condition, Constant, Reference } from '../decision/condition.ts'
import { isReference } from './bind-condition.ts'
import { unmistakable } from './unseen.ts'

const SIGNS: Readonly<Record<Comparison, string>> = {
  eq: '=',
  neq: '≠',
  lt: '<',
  lte: '≤',
  gt: '>',
  gte: '≥',
}

/**
 * A condition as a person reads it; a rule's own constants and references, never a record's values. Each text is one
 * condition's alone: a constant made to look like a clause, a reference or a line of its own comes in quotes.
 */
export function describeCondition(condition: Condition): string {
  switch (condition.op) {
    case 'always':
      return 'always'
    case 'never':
      return 'never'
    case 'unknown':
      return 'unknown'
    case 'and':
    case 'or':
      return condition.of
        .map((part) =>
          part.op === 'and' || part.op === 'or' ? `(${describeCondition(part)})` : describeCondition(part),
        )
        .join(` ${condition.op} `)
    case 'not':
      return `not (${describeCondition(condition.of)})`
    case 'is-true':
      return describeCondition(condition.of)
    case 'is-not-false':
      return `possibly (${describeCondition(condition.of)})`
    case 'in':
      return `${condition.field} in ${list(condition.values)}`
    case 'nin':
      return `${condition.field} not in ${list(condition.values)}`
    case 'between':
      return `${condition.field} between ${value(condition.from)} and ${value(condition.to)}`
    case 'exists':
      return condition.value ? `${condition.field} is present` : `${condition.field} is absent`
    case 'contains':
      return `${condition.field} contains ${value(condition.value)}`
    case 'prefix':
      return `${condition.field} starts with ${value(condition.value)}`
    default:
      return `${condition.field} ${SIGNS[condition.op]} ${'other' in condition ? `$record.${condition.other}` : value(condition.value)}`
  }
}

function list(values: readonly Constant[] | Reference): string {
  return isReference(values) ? value(values) : `[${values.map(value).join(', ')}]`
}

function value(of: Constant | Reference): string {
  if (!isReference(of)) return typeof of === 'string' ? quotedIfNeeded(of) : String(of)
  return of.scope === 'now' ? '$now' : `$${of.scope}.${of.name}`
}

/** What is one word, and no sign of ours, stands as it is. */
const WORD = /^[\p{L}\p{N}_.:@/+-]+$/u
const OWN_WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'is', 'possibly'])

function quotedIfNeeded(text: string): string {
  if (WORD.test(text) && !OWN_WORDS.has(text) && unmistakable(text) === text) return text
  return unmistakable(JSON.stringify(text))
}
