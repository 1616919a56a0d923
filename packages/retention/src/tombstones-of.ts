import type { RetentionDesk } from './desk.ts'
import type { Tombstone } from './store.ts'

/** What is kept of records' keys: who has the key of the hash finds what a backup brings back, and nobody reads one. */
export function tombstonesOf(
  { hashKey }: Pick<RetentionDesk, 'hashKey'>,
  resource: string,
  keys: readonly string[],
): readonly Tombstone[] {
  return keys.map((key) => ({ resource, hash: hashKey(resource, key) }))
}
