import { asId, type Pseudonym } from '@varco/core'
import type { PlannedRule, RetentionPlan } from '@varco/retention'
import { expect, test } from 'vitest'
import { estimateRun, paceOfRuns } from '../src/estimate-run.ts'

const SECOND = 1_000_000n

/** Carried out in so many seconds. */
function plan(records: number, seconds: bigint, over: Partial<RetentionPlan> = {}): RetentionPlan {
  const rule: PlannedRule = {
    ...{ rule: 'invoices', resource: 'invoice', action: 'erase', because: 'art. 2220', owner: null },
    ...{
      place: null,
      records,
      oldest: null,
      sample: [],
      held: 0,
      cascades: [],
      withoutTrigger: 0,
      digest: '',
    },
  }
  return {
    ...{ id: 'p', state: 'done', day: '2026-11-25', hash: '', basis: '', policyVersion: asId('v1') },
    ...{ plannedBy: asId('ADM-1'), plannedAt: 0n, approval: 'none', approvals: [], faults: [], revision: 0 },
    ...{ rules: [rule], startedAt: 0n, endedAt: seconds * SECOND },
    ...over,
  }
}

const pace = (...plans: readonly RetentionPlan[]) => paceOfRuns({ plans: async () => plans })

test('it goes by the middle one of the runs that went their whole way', async () => {
  const night = plan(1_000, 50_000n)
  expect(estimateRun(await pace(plan(1_000, 10n), night, plan(2_000, 22n)), 10_000)).toEqual({
    seconds: 110,
    by: 'earlier-runs',
  })
})

test('runs that were short, ended early, are not over, or ended before they began tell nothing; then it goes by none', async () => {
  const early = { why: 'asked', by: asId<Pseudonym>('ADM-1'), at: 0n } as const
  const plans = [
    ...[plan(99, 10n), plan(1_000, 10n, { endedEarly: early })],
    plan(1_000, 10n, { state: 'running', endedAt: null }),
    // The clock was set back while it ran.
    plan(1_000, -3_600n),
  ]
  expect(estimateRun(await pace(...plans), 10_001)).toEqual({ seconds: 3, by: 'no-run' })
})

test('where there is nothing to do nothing is told', async () => {
  expect(estimateRun(await pace(), 0)).toBeNull()
})
