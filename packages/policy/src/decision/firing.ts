import type { Context } from '../condition/context.ts'
import type { DataRecord } from '../condition/evaluate-condition.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { Plan } from './rule-index.ts'
import type { Firing } from './row-outcomes.ts'

/**
 * Which rules of a plan fire on a row: a permit when its condition is true and `mayUse` it, a forbid unless
 * its condition is false.
 */
export function firing(
  plan: Plan,
  mayUse: (permit: CompiledRule) => boolean,
  record: DataRecord,
  context: Context,
): Firing {
  const { permits, forbids } = plan
  if (permits.length + forbids.length > 31) {
    const bit = (fires: boolean): string => (fires ? '1' : '0')
    return [
      ...permits.map((rule) => bit(mayUse(rule) && rule.evaluate(record, context) === true)),
      ...forbids.map((rule) => bit(rule.evaluate(record, context) !== false)),
    ].join('')
  }
  let bits = 0
  let place = 1
  for (const rule of permits) {
    if (mayUse(rule) && rule.evaluate(record, context) === true) bits |= place
    place <<= 1
  }
  for (const rule of forbids) {
    if (rule.evaluate(record, context) !== false) bits |= place
    place <<= 1
  }
  return bits
}
