import type { EventQuery } from '@varco/access-log'
import { asId, type Micros } from '@varco/core'
import type { Hold, HoldScope } from '@varco/retention'
import { expect, test } from 'vitest'
import { heldMonths } from '../src/compose/held-months.ts'

const BEFORE: Micros = 1_700_000_000_000_000n

function hold(scope: HoldScope): Hold {
  return {
    ...{ id: 'h', scope, case: 'RG 12/2026', reason: 'a dispute', placedBy: asId('LEG-1') },
    ...{ placedAt: 1n, reviewAt: null, releasedBy: null, releasedAt: null },
  }
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
  const holds = { holds: async () => [hold(scope)] }
  expect(await heldMonths(reader(1), holds)(BEFORE)).toBe(true)
  expect(await heldMonths(reader(0), holds)(BEFORE)).toBe(false)
  expect(asked).toEqual([
    { ...expected, to: BEFORE, limit: 1 },
    { ...expected, to: BEFORE, limit: 1 },
  ])
})

test('without a hold the log is not asked', async () => {
  const search = () => Promise.reject(new Error('asked'))
  expect(await heldMonths({ search }, { holds: async () => [] })(BEFORE)).toBe(false)
})
