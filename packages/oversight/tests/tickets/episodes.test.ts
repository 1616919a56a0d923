import { expect, test } from 'vitest'
import { bootstrapRatio } from '../../src/tickets/bootstrap.ts'
import { episodesOf } from '../../src/tickets/episodes.ts'

const DAY_US = 86_400_000_000

test('contacts of one data subject on one topic within the days are one episode', () => {
  const at = (id: string, day: number, change = {}) => ({
    ...{ id, dataSubject: 'anna', purpose: 'invoice', openedAt: day * DAY_US, closedAt: (day + 1) * DAY_US },
    ...{ reopened: 0, price: null },
    ...change,
  })
  const episodes = episodesOf(
    [
      ...[at('1', 0), at('2', 20), at('other topic', 21, { purpose: 'meter' })],
      ...[at('other person', 22, { dataSubject: 'bruno' }), at('3', 45), at('much later', 76)],
      ...[
        at('nobody', 77, { dataSubject: null }),
        at('nobody too', 78, { dataSubject: null, closedAt: null }),
      ],
    ],
    30,
  )
  expect(episodes.map(({ tickets, resolved }) => [tickets.map(({ id }) => id).join(' '), resolved])).toEqual([
    ['1 2 3', true],
    ['other topic', true],
    ['other person', true],
    ['much later', true],
    ['nobody', true],
    ['nobody too', false],
  ])
  expect(episodes[0]?.minutes).toBe(46 * 1_440)
})

test('the interval is the same each time, holds the ratio, and narrows with more to go by', () => {
  const items = (count: number) => Array.from({ length: count }, (_, i) => ({ above: 1 + (i % 4), below: 1 }))
  const [few, many] = [bootstrapRatio(items(20), 'seed'), bootstrapRatio(items(2_000), 'seed')]
  expect(bootstrapRatio(items(20), 'seed')).toEqual(few)
  for (const interval of [few, many]) {
    expect(interval?.low).toBeLessThan(2.5)
    expect(interval?.high).toBeGreaterThan(2.5)
  }
  expect((many?.high ?? 9) - (many?.low ?? 0)).toBeLessThan(((few?.high ?? 0) - (few?.low ?? 0)) / 3)
  expect(bootstrapRatio([], 'seed')).toBeNull()
})

test('of many items it is as wide as the normal approximation has it, also where they differ much', () => {
  const items = Array.from({ length: 20_000 }, (_, i) => ({
    above: (i * 7_919) % 13,
    below: i % 3 === 0 ? 1 : 0,
  }))
  const [above, below] = [0, 1].map((at) =>
    items.reduce((sum, item) => sum + (at === 0 ? item.above : item.below), 0),
  ) as [number, number]
  const ratio = above / below
  const variance = items.reduce((sum, item) => sum + (item.above - ratio * item.below) ** 2, 0)
  const half = (1.96 * Math.sqrt(variance)) / below
  const interval = bootstrapRatio(items, 'many')
  expect(((interval?.high ?? 0) - (interval?.low ?? 0)) / (2 * half)).toBeGreaterThan(0.88)
  expect(((interval?.high ?? 0) - (interval?.low ?? 0)) / (2 * half)).toBeLessThan(1.12)
  expect(Math.abs(((interval?.high ?? 0) + (interval?.low ?? 0)) / 2 - ratio)).toBeLessThan(half / 4)
})
