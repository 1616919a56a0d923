import type { RetentionDesk } from '../desk.ts'
import type { RetentionPlan } from '../plan.ts'
import type { AgreedRecord } from './approve-in-part.ts'

/** What an authority's letter would leave of a plan. */
export interface AgreedOfRule {
  readonly rule: string
  readonly resource: string
  readonly proposed: number
  /** The others stay. */
  readonly agreed: number
}

/**
 * What an approval of these records alone would come to, before it is given; `null`: the letter lists what the plan does not.
 * @throws UnavailableError when the plan's keys cannot be read
 */
export async function weighAgreed(
  { store }: Pick<RetentionDesk, 'store'>,
  plan: RetentionPlan,
  agreed: readonly AgreedRecord[],
): Promise<readonly AgreedOfRule[] | null> {
  const keysOf = new Map<string, Set<string>>()
  for (const { rule, key } of agreed) {
    const keys = keysOf.get(rule)
    if (keys === undefined) keysOf.set(rule, new Set([key]))
    else keys.add(key)
  }
  const weighed: AgreedOfRule[] = []
  for (const { rule, resource, records } of plan.rules) {
    const keys = keysOf.get(rule) ?? new Set()
    let found = 0
    for await (const page of store.plannedKeys(plan.id, rule))
      for (const key of page) if (keys.has(key)) found++
    weighed.push({ rule, resource, proposed: records, agreed: found })
  }
  const listed = [...keysOf.values()].reduce((sum, { size }) => sum + size, 0)
  return weighed.reduce((sum, { agreed: found }) => sum + found, 0) === listed ? weighed : null
}
