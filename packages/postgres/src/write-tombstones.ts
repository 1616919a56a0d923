import type { Burial, PerhapsBurial, Tombstones } from '@varco/retention'
import type pg from 'pg'
import { hexArray } from './log-binary-array.ts'

export interface BuriedSlice {
  readonly tombstones: Tombstones
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
  { tombstones: { resource, hashes }, action, at }: BuriedSlice,
  first: number,
): { readonly text: string; readonly values: unknown[] } | null {
  if (hashes.length === 0) return null
  // In an order that tells nothing of that of the keys.
  const values = [...[plan, rule, resource, action, at], hexArray(hashes.toSorted())]
  return {
    text: `INSERT INTO varco.tombstones (plan, rule, resource, action, at_us, hashes) VALUES (${values.map((_, i) => `$${first + i}`).join(', ')})`,
    values,
  }
}
