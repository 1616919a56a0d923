import type { Micros } from '@varco/core'
import type { RetentionDesk } from '../desk.ts'
import { isPlanOver } from '../plan.ts'
import { logCeiling } from './log-ceiling.ts'
import type { ScheduleLedger } from './schedule-ledger.ts'
import { scheduledRules } from './scheduled-rules.ts'
import type { Timetable } from './timetable.ts'

export const OVERDUE = ['missed', 'unapproved', 'unfinished', 'upstream', 'review', 'log'] as const

/** What should have happened by now. */
export interface OverdueWork {
  /** The rule's id, or the hold's; of an upstream the resource; of the log `log`. */
  readonly what: string
  /**
   * `missed`: nobody was there at its time; `unapproved`: nobody has agreed; `unfinished`: agreed to and not over;
   * `upstream`: an upstream does not let go of what hangs on records that are due; `review`: a hold that nobody has looked at again; `log`: the access log holds what is past its ceiling.
   */
  readonly why: (typeof OVERDUE)[number]
  readonly since: Micros
  readonly plan: string | null
}

const HOUR = 3_600_000_000n
const DAY = 24n * HOUR
const ALLOWED = { missed: HOUR, unapproved: 14n * DAY, unfinished: DAY, upstream: HOUR }

export interface OverdueSources {
  readonly ledger: ScheduleLedger
  readonly timetable: Pick<Timetable, 'nextAfter'>
  /** Whether the access log has an event of before a moment. */
  readonly logHolds: (before: Micros) => Promise<boolean>
}

/** Scheduled work, reviews of holds and the log's own term, where they are later than they may be. @throws UnavailableError */
export async function overdueWork(
  { bundle, store, outbox, clock }: Pick<RetentionDesk, 'bundle' | 'store' | 'outbox' | 'clock'>,
  { ledger, timetable, logHolds }: OverdueSources,
): Promise<readonly OverdueWork[]> {
  const now = clock.now()
  const seen = new Map((await ledger.seen()).map((each) => [each.rule, each]))
  const overdue: OverdueWork[] = []
  for (const scheduled of scheduledRules(bundle())) {
    const { rule } = scheduled
    const last = seen.get(rule)
    if (last === undefined) continue
    const expected = timetable.nextAfter(scheduled, last.at)
    if (expected + ALLOWED.missed < now)
      overdue.push({ what: rule, why: 'missed', since: expected, plan: null })
    const plan = last.plan === null ? null : await store.plan(last.plan)
    if (plan === null || isPlanOver(plan)) continue
    const why = plan.state === 'planned' ? 'unapproved' : 'unfinished'
    const since = plan.state === 'planned' ? plan.plannedAt : (plan.approvals.at(-1)?.at ?? plan.plannedAt)
    if (since + ALLOWED[why] < now) overdue.push({ what: rule, why, since, plan: plan.id })
  }
  for (const { plan, resource, since } of await outbox.standing())
    if (since + ALLOWED.upstream < now) overdue.push({ what: resource, why: 'upstream', since, plan })
  for (const { id, reviewAt } of await store.holds()) {
    if (reviewAt !== null && reviewAt < now)
      overdue.push({ what: id, why: 'review', since: reviewAt, plan: null })
  }
  const ceiling = logCeiling(bundle(), now)
  if (await logHolds(ceiling)) overdue.push({ what: 'log', why: 'log', since: ceiling, plan: null })
  return overdue
}
