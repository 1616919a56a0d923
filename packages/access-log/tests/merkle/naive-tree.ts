import { createHash } from 'node:crypto'

/*
 * RFC 6962 section 2.1 spelt out over buffers, straight from its definitions and sharing no code with the package:
 * MTH, PATH, PROOF and SUBPROOF as recursive functions of the list of entries.
 */

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function split(n: number): number {
  let k = 1
  while (2 * k < n) k = 2 * k
  return k
}

export function mth(entries: readonly Uint8Array[]): Buffer {
  const [only] = entries
  if (only === undefined) return sha256()
  if (entries.length === 1) return sha256(Buffer.of(0), only)
  const k = split(entries.length)
  return sha256(Buffer.of(1), mth(entries.slice(0, k)), mth(entries.slice(k)))
}

export function path(m: number, entries: readonly Uint8Array[]): Buffer[] {
  if (entries.length <= 1) return []
  const k = split(entries.length)
  return m < k
    ? [...path(m, entries.slice(0, k)), mth(entries.slice(k))]
    : [...path(m - k, entries.slice(k)), mth(entries.slice(0, k))]
}

export function proof(m: number, entries: readonly Uint8Array[]): Buffer[] {
  return subproof(m, entries, true)
}

function subproof(m: number, entries: readonly Uint8Array[], whole: boolean): Buffer[] {
  if (m === entries.length) return whole ? [] : [mth(entries)]
  const k = split(entries.length)
  return m <= k
    ? [...subproof(m, entries.slice(0, k), whole), mth(entries.slice(k))]
    : [...subproof(m - k, entries.slice(k), false), mth(entries.slice(0, k))]
}
