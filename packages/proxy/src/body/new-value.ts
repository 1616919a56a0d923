import { isRangeType, toConstant, type FieldType, type NewValue } from '@varco/policy'
import { JsonNumber, isList, stringifyLossless, type LosslessJson } from './lossless-json.ts'

/** A value of a request's body as one of its field's type; `undefined` when it is none. */
export function toNewValue(type: FieldType, nullable: boolean, json: LosslessJson): NewValue | undefined {
  if (json === null) return nullable ? null : undefined
  if (isRangeType(type)) return typeof json === 'string' ? asText(toConstant(type, json)) : undefined
  switch (type) {
    case 'json': {
      const text = stringifyLossless(json)
      // PostgreSQL's jsonb takes neither.
      return text.isWellFormed() && !/\\u0000/i.test(text) ? text : undefined
    }
    case 'text[]':
      if (!isList(json)) return undefined
      return json.every((item) => typeof item === 'string' && toConstant('text', item) !== null)
        ? (json as readonly string[])
        : undefined
    case 'boolean':
      return typeof json === 'boolean' ? json : undefined
    case 'integer':
    case 'decimal': {
      const text = json instanceof JsonNumber ? json.source : json
      return typeof text === 'string' ? asText(toConstant(type, text)) : undefined
    }
    case 'text':
    case 'uuid':
    case 'date':
    case 'timestamp':
      return typeof json === 'string' ? asText(toConstant(type, json)) : undefined
  }
}

function asText(constant: ReturnType<typeof toConstant>): string | undefined {
  return constant === null ? undefined : String(constant)
}

/**
 * A value in the one text that the log commits to: JSON, numbers, dates and instants in their canonical form, so that
 * the same value gives the same text wherever it comes from.
 */
export function canonicalText(type: FieldType, value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (type === 'json') return typeof value === 'string' ? value : JSON.stringify(value)
  return JSON.stringify(type === 'text[]' ? value : (toConstant(type, value) ?? value))
}
