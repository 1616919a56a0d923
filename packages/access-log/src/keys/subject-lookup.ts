import type { KeyObject } from 'node:crypto'
import { hmacSha256, InvariantError, type DataSubjectRef } from '@varco/core'

declare const brand: unique symbol

/** What the side rows know a data subject by: 16 bytes as a latin1 string, or nothing at all without the key. */
export type SubjectLookup = string & { readonly [brand]: 'subject-lookup' }

export type LookupSubject = (dataSubject: DataSubjectRef) => SubjectLookup

const LOOKUP_BYTES = 16
const MAX_MESSAGE_CHARS = 1_024
/** Twice so many data subjects at most are remembered: a list shows the same ones again and again. */
const REMEMBERED = 4_096

/**
 * HMAC-SHA-256 of `kind NUL id`, cut to its first 16 bytes.
 */
export function subjectLookup(key: KeyObject): LookupSubject {
  const hmac = hmacSha256(key.export(), 'binary')
  const compute = (message: string): SubjectLookup => {
    if (message.length > MAX_MESSAGE_CHARS) throw new InvariantError('a data subject reference is too long')
    return hmac(message).slice(0, LOOKUP_BYTES) as SubjectLookup
  }
  let recent = new Map<string, SubjectLookup>()
  let older = new Map<string, SubjectLookup>()
  return ({ kind, id }) => {
    const message = `${kind}\0${id}`
    let lookup = recent.get(message)
    if (lookup !== undefined) return lookup
    lookup = older.get(message) ?? compute(message)
    if (recent.size >= REMEMBERED) {
      older = recent
      recent = new Map()
    }
    recent.set(message, lookup)
    return lookup
  }
}
