import type { RetentionDesk } from './desk.ts'
import type { Tombstones } from './store.ts'

/** What is kept of records' keys: who has the key of the hash finds what a backup brings back, and nobody reads one. */
export function tombstonesOf(
  { hashKey }: Pick<RetentionDesk, 'hashKey'>,
  resource: string,
  keys: readonly string[],
): Tombstones {
  return { resource, hashes: keys.map((key) => hashKey(resource, key)) }
}
