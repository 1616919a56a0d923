import type { FieldName, Localized } from '@varco/core'
import { toConstant, type RangeFilter, type RangeType, type RecordFilter } from '@varco/policy'
import { refusal } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import type { Operator } from './query.ts'

const TESTS = {
  cs: 'contains',
  cd: 'within',
  ov: 'overlaps',
  sl: 'left',
  sr: 'right',
  nxr: 'not-right',
  nxl: 'not-left',
  adj: 'adjacent',
} as const satisfies Partial<Record<Operator, RangeFilter['test']>>

/** How one range lies to another; the first three are said of lists too. */
export type RangeOperator = keyof typeof TESTS

export function compareRange(
  operator: RangeOperator,
  field: FieldName,
  type: RangeType,
  text: string,
): RecordFilter | Refusal {
  const value = toConstant(type, text)
  if (value === null) return refusal('invalid-value', { hint: RANGES[type] })
  return { kind: 'range', field, type, test: TESTS[operator], value: String(value) }
}

/** What is expected where a range is. */
export const RANGES: Readonly<Record<RangeType, Localized>> = {
  int4range: such('[1,10)'),
  int8range: such('[1,10)'),
  numrange: such('[0.5,10)'),
  daterange: such('[2026-03-29,2026-04-01)'),
  tsrange: such('[2026-03-29 01:30,2026-03-29 02:30)'),
  tstzrange: such('[2026-03-29T01:30:00Z,2026-03-29T02:30:00Z)'),
}

function such(example: string): Localized {
  return {
    it: `Atteso: un intervallo come ${example}, oppure empty.`,
    en: `Expected: a range such as ${example}, or empty.`,
  }
}
