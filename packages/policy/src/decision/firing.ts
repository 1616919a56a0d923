import type { Context } from '../condition/context.ts'
import type { DataRecord } from '../condition/evaluate-condition.ts'
import type { Judge } from './judge.ts'
import type { Firing } from './row-outcomes.ts'

/**
 * Which rules of a plan fire on a row: a permit when its condition is true and `mayUse` it, a forbid unless
 * its condition is false.
 * @param mayUse whether the request meets what the permit at this place requires
 */
export function firing(
  { permits, forbids }: Judge,
  mayUse: (permit: number) => boolean,
  record: DataRecord,
  context: Context,
): Firing {
  if (permits.length + forbids.length > 31) {
    const bit = (fires: boolean): string => (fires ? '1' : '0')
    return [
      ...permits.map(({ evaluate }, index) => bit(mayUse(index) && evaluate(record, context) === true)),
      ...forbids.map((evaluate) => bit(evaluate(record, context) !== false)),
    ].join('')
  }
  let bits = 0
  let place = 1
  let index = 0
  for (const { evaluate } of permits) {
    if (mayUse(index) && evaluate(record, context) === true) bits |= place
    index += 1
    place <<= 1
  }
  for (const evaluate of forbids) {
    if (evaluate(record, context) !== false) bits |= place
    place <<= 1
  }
  return bits
}
