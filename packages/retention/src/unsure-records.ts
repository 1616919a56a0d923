import { digestTombstones, type UnsureRecords } from './certificate.ts'
import type { Burial, RetentionStore } from './store.ts'

/** As whose the tombstones of what a rule may have done stand, apart from the rule's own. */
export function unsureRule(rule: string): string {
  return `${rule}/?`
}

/** Counted from their tombstones; `null`: there are none. */
export async function unsureOf(
  store: Pick<RetentionStore, 'tombstones'>,
  plan: string,
  rule: string,
): Promise<UnsureRecords | null> {
  const unsure = await digestTombstones(store.tombstones(plan, unsureRule(rule)))
  return unsure.records === 0 ? null : unsure
}

/** Which of the hashes are of what went, or may have gone. */
export async function perhapsBuried(
  store: Pick<RetentionStore, 'tombstoned'>,
  resource: string,
  burial: Burial,
  hashes: readonly string[],
): Promise<ReadonlySet<string>> {
  const buried = await store.tombstoned(resource, burial, hashes)
  return buried.union(await store.tombstoned(resource, `perhaps-${burial}`, hashes))
}
