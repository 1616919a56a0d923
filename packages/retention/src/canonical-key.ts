import type { FieldName } from '@varco/core'
import { toConstant, type Resource } from '@varco/policy'

/** Two spellings of one key, such as a UUID in capitals, are one text; `null`: no value of the field's type is spelt so. */
export function canonicalKey({ fields }: Resource, field: FieldName, key: string): string | null {
  const type = fields.get(field)?.type
  const constant = type === undefined ? null : toConstant(type, key)
  return constant === null ? null : String(constant)
}

/** As the database writes a key, as a person did, or as an older catalogue's type had it: one key is one text. */
export function spelt(resource: Resource, field: FieldName, key: string): string {
  return canonicalKey(resource, field, key) ?? key
}
