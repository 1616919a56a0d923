import { leafHashOfPrefixed, type Hash } from '../merkle/hash.ts'
import type { SideRow } from './log-store.ts'

const MAX_FIELD_BYTES = 4 * 512
const scratch = Buffer.alloc(1 + 4 * 4 + 16 + 16 + 2 * MAX_FIELD_BYTES)
const ABSENT = -1

/**
 * What the hash of a side row covers: `0x00` (RFC 6962), then salt, data subject's lookup, resource and record
 * key, each as its length in four bytes, big-endian, and its bytes; -1 and nothing for one that is absent.
 * PostgreSQL's binary COPY lays a row out just so: verification hashes what it receives, without copying.
 * The bytes are lent until the next call.
 */
export function sideRowLeaf({ salt, subject, resource, recordKey }: SideRow): Uint8Array {
  let end = scratch.writeInt32BE(salt.length, 1)
  scratch.set(salt, end)
  end += salt.length
  end = putText(subject, 'latin1', end)
  end = putText(resource, 'utf8', end)
  end = putText(recordKey, 'utf8', end)
  return scratch.subarray(0, end)
}

function putText(text: string | null, encoding: 'latin1' | 'utf8', at: number): number {
  if (text === null) return scratch.writeInt32BE(ABSENT, at)
  const length = scratch.write(text, at + 4, encoding)
  scratch.writeInt32BE(length, at)
  return at + 4 + length
}

/** The salted commitment to a side row: its RFC 6962 leaf hash. */
export function sideRowHash(row: SideRow): Hash {
  return leafHashOfPrefixed(sideRowLeaf(row))
}
