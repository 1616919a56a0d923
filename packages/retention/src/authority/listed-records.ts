import type { RetentionDesk } from '../desk.ts'
import type { RetentionPlan } from '../plan.ts'
import { rulesOfPlan } from '../plan-rules.ts'

/** One record as an authority is shown it, that must agree to its going. */
export interface ListedRecord {
  readonly rule: string
  readonly resource: string
  readonly key: string
  /** ISO date: from when its term ran. `null`: no date makes it go. */
  readonly from: string | null
}

/**
 * The list of a plan, rule by rule, page by page: what is no longer due, or gone, since is left out. It names records, and
 * is for whoever must agree to each.
 * @throws UnavailableError when records or store cannot be read
 */
export async function* listedRecords(
  desk: Pick<RetentionDesk, 'bundle' | 'store' | 'records'>,
  plan: RetentionPlan,
): AsyncGenerator<readonly ListedRecord[]> {
  for (const rule of rulesOfPlan(desk, plan)) {
    for await (const keys of desk.store.plannedKeys(plan.id, rule.id)) {
      const due = await desk.records.dueAmong(rule, keys)
      yield due.map(({ key, trigger }) => ({
        rule: rule.id,
        resource: rule.resource.name,
        key,
        from: trigger,
      }))
    }
  }
}
