import { digestTombstones, type UnsureRecords } from './certificate.ts'
import type { Burial, Buried, RetentionStore } from './store.ts'

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

/** What went by it, or may have gone. */
export function perhapsBuried(
  store: Pick<RetentionStore, 'buried'>,
  resource: string,
  burial: Burial,
): Promise<Buried> {
  return store.buried(resource, [burial, `perhaps-${burial}`])
}
