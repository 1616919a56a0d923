import {
  isRangeType,
  toConstant,
  type FetchedRecord,
  type FieldType,
  type RecordMapping,
  type Resource,
} from '@varco/policy'
import {
  isList,
  JsonNumber,
  membersOf,
  parseLossless,
  stringifyLossless,
  type LosslessJson,
} from '../body/lossless-json.ts'
import { UpstreamError } from './upstream-error.ts'

/**
 * An upstream's record under its fields' names, as a record source would give it. Keys that the mapping does not name
 * are left behind; what is not there is not known. Of a key given twice the last holds, here and for what is shown.
 * @throws UpstreamError when a value is not of its field's type: then it may be anything
 */
export function toRecord(
  text: string,
  { keys }: RecordMapping,
  { fields, key, dataSubject }: Resource,
): FetchedRecord {
  const members = membersOf(parseLossless(text))
  if (members === null) throw new UpstreamError('malformed')
  const record: Record<string, unknown> = {}
  for (const [name, field] of keys) {
    const value = members.get(name)
    if (value !== undefined) record[field] = valueOf(fields.get(field)?.type ?? 'json', value)
  }
  // Nobody could say which record was shown, or whose.
  const needed = [key, ...(dataSubject === null ? [] : [dataSubject.field])]
  if (needed.some((field) => record[field] === null || record[field] === undefined))
    throw new UpstreamError('malformed')
  return record
}

const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

function valueOf(type: FieldType, json: LosslessJson): unknown {
  if (json === null) return null
  if (isRangeType(type)) {
    if (typeof json === 'string' && toConstant(type, json) !== null) return json
    throw new UpstreamError('malformed')
  }
  switch (type) {
    case 'json':
      return stringifyLossless(json)
    case 'boolean':
      if (typeof json === 'boolean') return json
      break
    case 'text[]':
      if (isList(json) && json.every((item) => typeof item === 'string')) return json
      break
    case 'integer':
    case 'decimal': {
      if (!(json instanceof JsonNumber)) break
      const constant = toConstant(type, json.source)
      // With the digits it came with, but for exponents: those are written out.
      if (constant !== null) return PLAIN_NUMBER.test(json.source) ? json.source : String(constant)
      break
    }
    case 'text':
    case 'uuid':
    case 'date':
    case 'timestamp':
      if (typeof json === 'string' && toConstant(type, json) !== null) return json
      break
  }
  throw new UpstreamError('malformed')
}
