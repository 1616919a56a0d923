import { hash } from 'node:crypto'
import { beginnings } from '@varco/core'
import { HASH_BYTES, leafHashOfPrefixed, type Hash } from '../merkle/hash.ts'
import type { SideRow } from './log-store.ts'

const MAX_FIELD_BYTES = 4 * 512
const scratch = Buffer.alloc(1 + 4 * 4 + 16 + 16 + 2 * MAX_FIELD_BYTES)
const beginningOfScratch = beginnings(scratch)
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
  return beginningOfScratch(end)
}

/** Up to this many characters a loop here is quicker than a call into the runtime. */
const SHORT_CHARS = 40

function putText(text: string | null, encoding: 'latin1' | 'utf8', at: number): number {
  if (text === null) return scratch.writeInt32BE(ABSENT, at)
  const start = at + 4
  const length = putShort(text, encoding === 'latin1' ? 0x100 : 0x80, start)
    ? text.length
    : scratch.write(text, start, encoding)
  scratch.writeInt32BE(length, at)
  return start + length
}

/** Whether the text was short, and of characters below the limit alone. */
function putShort(text: string, limit: number, at: number): boolean {
  if (text.length > SHORT_CHARS) return false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char >= limit) return false
    scratch[at + i] = char
  }
  return true
}

/** The salted commitment to a side row: its RFC 6962 leaf hash. */
export function sideRowHash(row: SideRow): Hash {
  return leafHashOfPrefixed(sideRowLeaf(row))
}

/**
 * What an event commits to: `SHA-256(0x02 || commitment || commitment ...)` over its side rows in order. A list, not a tree: all the
 * others are at hand whenever one is checked, and a tree takes one more hash for each record shown.
 */
export function sideRowsRoot(commitments: readonly Hash[]): Hash {
  return hash('sha256', rootInput(commitments), 'binary') as Hash
}

/** The same in base64, as the event says it. */
export function sideRowsRootText(commitments: readonly Hash[]): string {
  return hash('sha256', rootInput(commitments), 'base64')
}

/** As many as most events have; longer lists get a buffer of their own. */
const MOST_IN_SCRATCH = 64
const rootScratch = Buffer.alloc(1 + MOST_IN_SCRATCH * HASH_BYTES)
const beginningOfRootScratch = beginnings(rootScratch)

function rootInput(commitments: readonly Hash[]): Uint8Array {
  const text = `\u0002${commitments.join('')}`
  return text.length > rootScratch.length
    ? Buffer.from(text, 'latin1')
    : beginningOfRootScratch(rootScratch.write(text, 'latin1'))
}
