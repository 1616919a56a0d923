import { hash } from 'node:crypto'

declare const brand: unique symbol

/**
 * A SHA-256 digest as a string of 32 characters, one a byte (latin1). Equal digests are equal strings, and
 * `crypto.hash` makes such strings three times faster than buffers.
 */
export type Hash = string & { readonly [brand]: 'hash' }

export const HASH_BYTES = 32

/** The root of the tree without leaves: SHA-256 of nothing (RFC 6962 section 2.1). */
export const EMPTY_ROOT = hash('sha256', '', 'binary') as Hash

/** RFC 6962 leaf hash, `SHA-256(0x00 || data)`, of a text's UTF-8 bytes. */
export function leafHash(text: string): Hash {
  return hash('sha256', `\0${text}`, 'binary') as Hash
}

/** RFC 6962 leaf hash of bytes that already stand behind their `0x00`: nothing is copied. */
export function leafHashOfPrefixed(prefixed: Uint8Array): Hash {
  return hash('sha256', prefixed, 'binary') as Hash
}

const pair = new Uint8Array(1 + 2 * HASH_BYTES)
pair[0] = 1

/** RFC 6962 node hash, `SHA-256(0x01 || left || right)`. */
export function nodeHash(left: Hash, right: Hash): Hash {
  for (let i = 0; i < HASH_BYTES; i++) {
    pair[1 + i] = left.charCodeAt(i)
    pair[1 + HASH_BYTES + i] = right.charCodeAt(i)
  }
  return hash('sha256', pair, 'binary') as Hash
}

/** SHA-256 of a text's UTF-8 bytes, without RFC 6962's prefix. */
export function plainHash(text: string): Hash {
  return hash('sha256', text, 'binary') as Hash
}

export function hashToBase64(digest: Hash): string {
  return Buffer.from(digest, 'latin1').toString('base64')
}

/** `null` when the text is not the standard base64 of 32 bytes. */
export function hashFromBase64(text: string): Hash | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === HASH_BYTES && bytes.toString('base64') === text
    ? (bytes.toString('latin1') as Hash)
    : null
}

export function hashesToBytes(digests: readonly Hash[]): Buffer {
  return Buffer.from(digests.join(''), 'latin1')
}

/** Cuts bytes into digests; `null` when they are not a whole number of them. */
export function hashesFromBytes(bytes: Uint8Array): readonly Hash[] | null {
  if (bytes.length % HASH_BYTES !== 0) return null
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  return Array.from(
    { length: text.length / HASH_BYTES },
    (_, i) => text.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES) as Hash,
  )
}
