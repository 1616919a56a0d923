import type { FieldName } from '@varco/core'
import type { Resource } from '@varco/policy'
import { membersOf, parseLossless, stringifyLossless, type LosslessJson } from '../body/lossless-json.ts'
import { canonicalText, toNewValue } from '../body/new-value.ts'

export type Members = ReadonlyMap<string, LosslessJson>

/**
 * Of a whole record that a caller sends, the keys whose values are not those they were shown. What they were not shown, and do
 * not send, they do not change: a caller cannot erase what they cannot see. A masked value that comes back is the mask, not a value.
 * @param shown the record's JSON text as this caller is shown it
 */
export function changedKeys(
  sent: Members,
  shown: string,
  { fields }: Resource,
  keys: ReadonlyMap<string, FieldName>,
): readonly string[] {
  const before = membersOf(parseLossless(shown)) ?? new Map<string, LosslessJson>()
  return [...sent].flatMap(([key, value]) => {
    const type = fields.get(keys.get(key) as FieldName)?.type ?? 'json'
    const textOf = (json: LosslessJson): string => {
      const known = toNewValue(type, true, json)
      return known === undefined ? stringifyLossless(json) : canonicalText(type, known)
    }
    const old = before.get(key)
    return old !== undefined && textOf(old) === textOf(value) ? [] : [key]
  })
}

/**
 * The record as the upstream has it, every key of it, with the changed ones in their place; `null` when it is none.
 * @param source the record's JSON text as the upstream gave it
 */
export function wholeRecord(source: string, changed: Members): string | null {
  const members = membersOf(parseLossless(source))
  if (members === null) return null
  const merged = [...new Map([...members, ...changed])]
  return `{${merged.map(([key, value]) => `${JSON.stringify(key)}:${stringifyLossless(value)}`).join(',')}}`
}
