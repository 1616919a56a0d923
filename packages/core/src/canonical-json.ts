import canonicalize from 'canonicalize'
import { InvariantError } from './errors.ts'

/** What JSON can hold. 64-bit integers travel as strings. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** RFC 8785 canonical JSON: the one form that is hashed and signed. */
export function canonicalJson(value: Json): string {
  const text = canonicalize(value)
  if (text === undefined) throw new InvariantError('value has no canonical JSON form')
  return text
}
