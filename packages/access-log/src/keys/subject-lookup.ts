import type { KeyObject } from 'node:crypto'
import { hmacSha256, InvariantError, type DataSubjectRef } from '@varco/core'

declare const brand: unique symbol

/** What the side rows know a data subject by: 16 bytes as a latin1 string, or nothing at all without the key. */
export type SubjectLookup = string & { readonly [brand]: 'subject-lookup' }

export type LookupSubject = (dataSubject: DataSubjectRef) => SubjectLookup

const LOOKUP_BYTES = 16
const MAX_MESSAGE_CHARS = 1_024
/** So many data subjects at most are remembered: a list shows the same ones again and again. A power of two. */
const REMEMBERED = 4_096

/**
 * HMAC-SHA-256 of `kind NUL id`, cut to its first 16 bytes.
 * @param options `remembers: false` where whoever asks comes with each but once: to remember costs as much as to hash
 */
export function subjectLookup(
  key: KeyObject,
  { remembers = true }: { readonly remembers?: boolean } = {},
): LookupSubject {
  const hmac = hmacSha256(key.export(), 'binary')
  const compute = (message: string): SubjectLookup => {
    if (message.length > MAX_MESSAGE_CHARS) throw new InvariantError('a data subject reference is too long')
    return hmac(message).slice(0, LOOKUP_BYTES) as SubjectLookup
  }
  if (!remembers) return ({ kind, id }) => compute(`${kind}\0${id}`)
  // Each in a place of its own, where the last to come stays: of one not seen before a Map that forgets would take half as long as its hash.
  const messages: string[] = Array.from({ length: REMEMBERED }, () => '')
  const lookups: (SubjectLookup | undefined)[] = Array.from({ length: REMEMBERED })
  return ({ kind, id }) => {
    const message = `${kind}\0${id}`
    const place = placeOf(message)
    const known = messages[place] === message ? lookups[place] : undefined
    if (known !== undefined) return known
    const lookup = compute(message)
    messages[place] = message
    lookups[place] = lookup
    return lookup
  }
}

/** FNV-1a of the text's units, cut to the number of places. Whoever makes texts collide gains a hash of waiting. */
function placeOf(message: string): number {
  let sum = 0x811c_9dc5
  for (let i = 0; i < message.length; i++) sum = Math.imul(sum ^ message.charCodeAt(i), 0x0100_0193)
  return (sum ^ (sum >>> 15)) & (REMEMBERED - 1)
}
