import type { EventQuery, MindedHolds } from '@varco/access-log'
import { asId, type Micros } from '@varco/core'
import type { Hold, HoldScope, RetentionStore } from '@varco/retention'
import { expect, test } from 'vitest'
import { unlessMonthsHeld } from '../src/compose/held-months.ts'

const BEFORE: Micros = 1_700_000_000_000_000n

function hold(scope: HoldScope): Hold {
  return {
    ...{ id: 'h', scope, case: 'RG 12/2026', reason: 'a dispute', placedBy: asId('LEG-1') },
    ...{ placedAt: 1n, reviewAt: null, reviewed: null, releasedBy: null, releasedAt: null },
  }
}

function standing(...holds: readonly Hold[]): Pick<RetentionStore, 'whileHoldsStand'> {
  return { whileHoldsStand: (work) => work(holds, async () => {}) }
}

test.each<[string, HoldScope, Partial<EventQuery>]>([
  [
    'a data subject',
    { kind: 'data-subject', dataSubject: { kind: 'producer', id: 'P1' } },
    { dataSubject: { kind: 'producer', id: 'P1' } },
  ],
  [
    'a record',
    { kind: 'record', resource: 'invoice', record: '7' },
    { record: { resource: 'invoice', key: '7' } },
  ],
  ['a resource', { kind: 'resource', resource: 'invoice' }, { resource: 'invoice' }],
])('a hold on %s keeps the months in which it was shown', async (_, scope, expected) => {
  const asked: EventQuery[] = []
  const reader = (found: number) => ({
    search: async (query: EventQuery) => {
      asked.push(query)
      return { events: Array.from({ length: found }, () => ({}) as never), next: null }
    },
  })
  let done = 0
  const work = async (minded: MindedHolds): Promise<void> => {
    expect(minded).toEqual(['h'])
    done++
  }
  expect(await unlessMonthsHeld(reader(1), standing(hold(scope)))(BEFORE, work)).toBe(false)
  expect(done).toBe(0)
  expect(await unlessMonthsHeld(reader(0), standing(hold(scope)))(BEFORE, work)).toBe(true)
  expect(done).toBe(1)
  expect(asked).toEqual([
    { ...expected, to: BEFORE, limit: 1 },
    { ...expected, to: BEFORE, limit: 1 },
  ])
})

test('without a hold the log is not asked', async () => {
  const search = () => Promise.reject(new Error('asked'))
  expect(await unlessMonthsHeld({ search }, standing())(BEFORE)).toBe(true)
})
