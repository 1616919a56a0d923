import { digestTombstones, type WentUpstream } from '../certificate.ts'
import type { PlannedRule } from '../plan.ts'
import type { RetentionStore } from '../store.ts'
import { errandRule } from './outbox.ts'

/** What hung on a rule's records and went, by resource: counted from its tombstones. */
export async function wentUpstream(
  store: Pick<RetentionStore, 'tombstones'>,
  plan: string,
  { rule, upstream = [] }: Pick<PlannedRule, 'rule' | 'upstream'>,
): Promise<readonly WentUpstream[]> {
  const went: WentUpstream[] = []
  // One resource may hang on the same records by two fields.
  for (const [resource, [first]] of Map.groupBy(upstream, (each) => each.resource)) {
    const tombstones = store.tombstones(plan, errandRule(rule, resource))
    const { records: done, keysDigest } = await digestTombstones(tombstones)
    went.push({ resource, upstream: first?.upstream ?? '', done, keysDigest })
  }
  return went
}
