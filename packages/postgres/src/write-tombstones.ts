import { InvariantError } from '@varco/core'
import type { Burial, PerhapsBurial, Tombstone } from '@varco/retention'
import type pg from 'pg'
import { byteaArray } from './log-binary-array.ts'

export interface BuriedSlice {
  readonly tombstones: readonly Tombstone[]
  readonly action: Burial | PerhapsBurial
  readonly at: bigint
}

/** In the transaction that notes what went. */
export async function writeTombstones(
  client: Pick<pg.PoolClient, 'query'>,
  of: { readonly plan: string; readonly rule: string },
  slice: BuriedSlice,
): Promise<void> {
  const written = tombstoneInsert(of, slice, 1)
  if (written !== null) await client.query(written.text, written.values)
}

/** @param first the first parameter's number. @returns `null`: there is none to write */
export function tombstoneInsert(
  { plan, rule }: { readonly plan: string; readonly rule: string },
  { tombstones, action, at }: BuriedSlice,
  first: number,
): { readonly text: string; readonly values: unknown[] } | null {
  const [one] = tombstones
  if (one === undefined) return null
  // In an order that tells nothing of that of the keys.
  const hashes = tombstones.map(({ hash }) => hash).toSorted()
  const values = [...[plan, rule, one.resource, action, at], byteaArray(hashes.map(bytesOf))]
  return {
    text: `INSERT INTO varco.tombstones (plan, rule, resource, action, at_us, hashes) VALUES (${values.map((_, i) => `$${first + i}`).join(', ')})`,
    values,
  }
}

/** What is no hexadecimal is dropped by the decoder without a word, and a record would come back with a backup. */
function bytesOf(hash: string): Buffer {
  const bytes = Buffer.from(hash, 'hex')
  if (bytes.length === 0 || 2 * bytes.length !== hash.length)
    throw new InvariantError('the hash of a retention tombstone is not hexadecimal')
  return bytes
}
