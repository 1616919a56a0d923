import { digestTombstones, type WentUpstream } from '../certificate.ts'
import type { PlannedRule } from '../plan.ts'
import type { RetentionStore, Tombstone } from '../store.ts'
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
    let done = 0
    const counted = async function* (): AsyncGenerator<readonly Tombstone[]> {
      for await (const page of store.tombstones(plan, errandRule(rule, resource))) {
        done += page.length
        yield page
      }
    }
    const keysDigest = await digestTombstones(counted())
    went.push({ resource, upstream: first?.upstream ?? '', done, keysDigest })
  }
  return went
}
