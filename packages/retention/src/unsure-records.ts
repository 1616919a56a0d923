import { digestTombstones, type UnsureRecords } from './certificate.ts'
import type { Burial, RetentionStore, Tombstone } from './store.ts'

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
  let records = 0
  const counted = async function* (): AsyncGenerator<readonly Tombstone[]> {
    for await (const page of store.tombstones(plan, unsureRule(rule))) {
      records += page.length
      yield page
    }
  }
  const keysDigest = await digestTombstones(counted())
  return records === 0 ? null : { records, keysDigest }
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
