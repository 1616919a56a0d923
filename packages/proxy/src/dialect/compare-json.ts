import type { FieldName } from '@varco/core'
import { toConstant, type JsonPath, type RecordFilter } from '@varco/policy'
import { isList, JsonNumber, membersOf, parseLossless, type LosslessJson } from '../body/lossless-json.ts'
import { refusal } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import { closed, comparison, differing, isCondition, NOT_FOR_TYPE } from './compare-field.ts'
import type { FilterLeaf } from './query.ts'

type JsonTest = Extract<RecordFilter, { kind: 'json' }>['test']

/**
 * What a leaf says of what stands at a path, as JSON and as if it were not negated: equal or not to a value, holding or
 * within it, and numbers by their size.
 */
export function compareJson(leaf: FilterLeaf, field: FieldName, path: JsonPath): RecordFilter | Refusal {
  const { operator, values } = leaf
  const [value = ''] = values
  const at = (as: 'json' | 'decimal', of: RecordFilter): RecordFilter => ({ kind: 'at', field, path, as, of })
  const test = (kind: JsonTest, text: string): RecordFilter => ({
    kind: 'json',
    field,
    test: kind,
    value: text,
  })
  switch (operator) {
    case 'is': {
      const of = closed(isCondition(field, 'json', value))
      return 'refused' in of ? of : at('json', of)
    }
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte': {
      const of = closed(comparison(operator, field, 'decimal', values))
      return 'refused' in of ? of : at('decimal', of)
    }
    case 'eq':
    case 'neq':
    case 'isdistinct':
    case 'in':
    case 'cs':
    case 'cd': {
      if (!values.every(isReadableJson)) return refusal('invalid-value', { hint: EXPECTED })
      if (operator === 'cs' || operator === 'cd')
        return at('json', test(operator === 'cs' ? 'contains' : 'within', value))
      if (operator === 'in')
        return at('json', { kind: 'any', of: values.map((each) => test('equals', each)) })
      const equal = test('equals', value)
      return at('json', operator === 'eq' ? equal : differing(operator, field, equal))
    }
    default:
      return refusal('invalid-query', { hint: NOT_FOR_TYPE })
  }
}

const MAX_CHARS = 4_000
const MAX_DEPTH = 32

/** PostgreSQL reads as jsonb what JSON is, but for NUL, halves of characters, and numbers that have no end. */
function isReadableJson(text: string): boolean {
  if (text.length > MAX_CHARS) return false
  const value = parseLossless(text)
  return value !== undefined && isReadable(value, 0)
}

function isReadable(value: LosslessJson, depth: number): boolean {
  if (depth > MAX_DEPTH) return false
  if (typeof value === 'string') return toConstant('text', value) !== null
  if (value instanceof JsonNumber) return !/e[+-]?\d{4,}/i.test(value.source)
  if (isList(value)) return value.every((each) => isReadable(each, depth + 1))
  const members = membersOf(value)
  return (
    members === null ||
    [...members].every(([name, each]) => toConstant('text', name) !== null && isReadable(each, depth + 1))
  )
}

const EXPECTED = {
  it: `Atteso: JSON di al massimo ${MAX_CHARS} caratteri, i testi tra virgolette.`,
  en: `Expected: JSON of at most ${MAX_CHARS} characters, texts in quotes.`,
}
