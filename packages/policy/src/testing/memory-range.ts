import type { RangeType } from '../bundle/schema.ts'
import type { Truth } from '../condition/evaluate-condition.ts'
import { compareCuts, readRange, type Cut, type RangeValue } from '../condition/range-value.ts'
import type { RangeFilter } from '../records/record-source.ts'

/** What PostgreSQL's operator says of the range that a record holds. */
export function liesTo(held: unknown, { type, test, value }: RangeFilter): Truth {
  const own = typeof held === 'string' ? readRange(type, held) : null
  const other = readRange(type, value)
  return own === null || other === null ? null : lies(test, type, own, other)
}

function lies(test: RangeFilter['test'], type: RangeType, a: RangeValue, b: RangeValue): boolean {
  if (test === 'within') return lies('contains', type, b, a)
  if (test === 'contains' && b === 'empty') return true
  if (a === 'empty' || b === 'empty') return false
  const order = (x: Cut, y: Cut): number => compareCuts(type, x, y)
  switch (test) {
    case 'contains':
      return order(a.lower, b.lower) <= 0 && order(b.upper, a.upper) <= 0
    case 'overlaps':
      return order(a.lower, b.upper) < 0 && order(b.lower, a.upper) < 0
    case 'left':
      return order(a.upper, b.lower) <= 0
    case 'right':
      return order(b.upper, a.lower) <= 0
    case 'not-right':
      return order(a.upper, b.upper) <= 0
    case 'not-left':
      return order(b.lower, a.lower) <= 0
    case 'adjacent':
      return order(a.upper, b.lower) === 0 || order(b.upper, a.lower) === 0
  }
}
