import { asId, type Pseudonym } from '@varco/core'
import type { RetentionPlan } from '@varco/retention'
import { expect, test } from 'vitest'
import { planJson, planText } from '../src/commands/retention-plan-text.ts'

const plan: RetentionPlan = {
  ...{ id: 'p1', state: 'planned', day: '2026-11-25', hash: 'ab', basis: 'cd', policyVersion: asId('v1') },
  ...{ plannedBy: asId('ADM-1'), plannedAt: 0n, startedAt: null, endedAt: null, revision: 0 },
  ...{ approval: 'owner', approvals: [], faults: [] },
  rules: [
    {
      ...{ rule: 'invoices', resource: 'invoice', action: 'erase', because: 'art. 2220', owner: null },
      place: { relation: { schema: 'gse', table: 'invoice' }, key: asId('id') },
      ...{ records: 9, oldest: '2010-01-02', sample: [], held: 0, withoutTrigger: 0, digest: 'ef' },
      cascades: [
        { foreignKey: 'lines', child: 'gse.line', onDelete: 'cascade', rows: 30, unplanned: 0 },
        { foreignKey: 'checks', child: 'gse.check', onDelete: 'set-null', rows: 4, unplanned: 3 },
        { foreignKey: 'scans', child: 'gse.scan', onDelete: 'cascade', rows: 0, unplanned: 0 },
      ],
    },
  ],
}

test('a plan that was ended early says so, and why, to programs and to people', () => {
  expect(planJson(plan)['endedEarly']).toBeNull()
  const ended = {
    ...plan,
    endedEarly: { why: 'asked', by: asId<Pseudonym>('ADM-2'), at: 1_000_000n },
  } as const
  expect(planJson(ended)['endedEarly']).toEqual({ why: 'asked', by: 'ADM-2', atUs: '1000000' })
  expect(planText(ended)).toContain('ended early 1970-01-01T00:00:01.000000Z by ADM-2: it was asked for')
})

test('a plan says about how long its run takes, and by what, until it is over', () => {
  expect(planJson(plan)['estimate']).toBeNull()
  const known = { ...plan, estimate: { seconds: 119, by: 'earlier-runs' } } as const
  expect(planText(known)).toContain('its run takes about 119 s, as earlier runs did')
  expect(planJson(known)['estimate']).toEqual({ seconds: 119, by: 'earlier-runs' })
  const guessed = { ...plan, estimate: { seconds: 200, by: 'no-run' } } as const
  expect(planText(guessed)).toContain('its run takes about 3 min, which no run here has shown yet')
  expect(planText({ ...known, state: 'done' })).not.toContain('takes about')
})

test('a plan says of each foreign key that acts by itself how many rows it would reach', () => {
  const text = planText(plan)
  expect(text).toContain('30 rows of gse.line point at them (lines, on delete cascade): all of them planned')
  expect(text).toContain(
    '4 rows of gse.check point at them (checks, on delete set null): 3 in no plan, and what they point at stays',
  )
  expect(text).not.toContain('scans')
  expect(planJson(plan)['rules']).toMatchObject([{ cascades: plan.rules[0]?.cascades }])
})

test('a plan says how many records an event would let go that the log does not bear out, where there are any', () => {
  expect(planText(plan)).not.toContain('bear out')
  const doubted = { ...plan, rules: plan.rules.map((rule) => ({ ...rule, unproven: 2 })) }
  expect(planText(doubted)).toContain('2 stay, for the log does not bear out their event: verify it')
  expect(planJson(doubted)['rules']).toMatchObject([{ unproven: 2 }])
})
