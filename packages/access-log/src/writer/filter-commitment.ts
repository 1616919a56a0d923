import { hash } from 'node:crypto'
import type { FilterUse } from '../event.ts'
import type { Hash } from '../merkle/hash.ts'

/**
 * A salted commitment to a filter's value. Whoever holds the salt and guesses the value can confirm it; once the
 * salt is erased nobody can. The position is part of it, so that equal filters of one event do not look equal.
 */
export function filterCommitment(salt: Uint8Array, position: number, { field, op, value }: FilterUse): Hash {
  const parts = [salt, Buffer.from(String(position)), Buffer.from(field), Buffer.from(op), Buffer.from(value)]
  return hash('sha256', Buffer.concat(parts.flatMap((part) => [lengthOf(part), part])), 'binary') as Hash
}

function lengthOf(part: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(part.length)
  return length
}
