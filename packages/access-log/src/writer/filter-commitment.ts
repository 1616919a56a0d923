import { hash } from 'node:crypto'
import { beginnings } from '@varco/core'
import type { FilterUse } from '../event.ts'
import type { Hash } from '../merkle/hash.ts'

/** As much as most filters take; longer ones get a buffer of their own. */
const scratch = Buffer.alloc(2_048)
const beginningOfScratch = beginnings(scratch)
const LENGTH_BYTES = 4
/** Of UTF-8, for each UTF-16 unit. */
const MAX_BYTES_A_CHAR = 3
/** Salt, position, field, operator and value. */
const PARTS = 5
const MAX_POSITION_CHARS = 16

/**
 * A salted commitment to a filter's value: SHA-256 over salt, position, field, operator and value, each behind its length in four
 * bytes. Whoever holds the salt and guesses the value can confirm it; once the salt is erased nobody can. The position is part of it,
 * so that equal filters of one event do not look equal.
 */
export function filterCommitment(salt: Uint8Array, position: number, { field, op, value }: FilterUse): Hash {
  const chars = MAX_POSITION_CHARS + field.length + op.length + value.length
  const most = PARTS * LENGTH_BYTES + salt.length + MAX_BYTES_A_CHAR * chars
  const isShort = most <= scratch.length
  const bytes = isShort ? scratch : Buffer.alloc(most)
  let end = bytes.writeUInt32BE(salt.length)
  bytes.set(salt, end)
  end += salt.length
  for (const text of [String(position), field, op, value]) end = putText(bytes, text, end)
  return hash('sha256', isShort ? beginningOfScratch(end) : bytes.subarray(0, end), 'binary') as Hash
}

function putText(bytes: Buffer, text: string, at: number): number {
  const start = at + LENGTH_BYTES
  const length = bytes.write(text, start)
  bytes.writeUInt32BE(length, at)
  return start + length
}
