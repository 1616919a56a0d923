import { InvariantError } from '@varco/core'
import { isRangeType, type FieldType } from '@varco/policy'

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

/**
 * A plain value as JSON text, as PostgreSQL's `to_json` writes it: numbers with every digit they have, times in ISO 8601.
 * @throws InvariantError for a value that is not of the type: the catalogue and the table disagree
 */
export function jsonOf(type: FieldType, value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (isRangeType(type)) {
    if (typeof value === 'string') return JSON.stringify(value)
    throw new InvariantError(`a ${type} field holds something else`)
  }
  switch (type) {
    case 'integer':
    case 'decimal':
      return numberOf(value)
    case 'boolean':
      if (typeof value === 'boolean') return String(value)
      break
    case 'timestamp':
      if (typeof value === 'string') return JSON.stringify(isoInstant(value))
      break
    case 'text[]':
      if (Array.isArray(value)) return JSON.stringify(value)
      break
    case 'json':
      if (typeof value === 'string') return checkedJson(value)
      break
    case 'text':
    case 'uuid':
    case 'date':
      if (typeof value === 'string') return JSON.stringify(value)
      break
  }
  throw new InvariantError(`a ${type} field holds something else`)
}

function numberOf(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string') throw new InvariantError('a number field holds something else')
  // NaN and the infinities, which JSON lacks, and JavaScript's exponents.
  return NUMBER.test(text) ? text : JSON.stringify(text)
}

/** `2026-03-29 01:30:00.5+00` becomes `2026-03-29T01:30:00.5+00:00`; `infinity` stays. */
function isoInstant(text: string): string {
  return text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00')
}

function checkedJson(text: string): string {
  try {
    JSON.parse(text)
    return text
  } catch {
    throw new InvariantError('a json field holds something else')
  }
}
