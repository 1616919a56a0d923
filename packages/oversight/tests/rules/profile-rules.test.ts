import type { WatchedEvent } from '@varco/oversight'
import type { WatchedWorld } from '@varco/oversight/testing'
import { expect, test } from 'vitest'
import { DAY_US, event, MINUTE_US, numbered, raised, TEN, ticket, world } from '../support/watched-scene.ts'

/** One operator's day of so many people. */
function day(
  operator: string,
  count: number,
  ago = 0,
  change: Partial<WatchedEvent> = {},
): readonly WatchedEvent[] {
  return Array.from({ length: count }, (_, i) =>
    event(i, {
      ...{ id: `${operator}.${ago}.${i}`, operator, ticket: 'T-VAGUE' },
      ...{ at: TEN - ago * DAY_US + i * MINUTE_US, subjects: [numbered(i)], ...change },
    }),
  )
}

/** What is raised by volume alone, after days on which each of the peers saw so many people. */
async function volume(
  peers: number,
  each: number,
  today: readonly WatchedEvent[],
  fill: (made: WatchedWorld) => void = () => {},
): Promise<readonly string[]> {
  const past = Array.from({ length: peers }, (_, i) => day(`PEER-${i}`, each, 1)).flat()
  // A ticket that names nobody: no-ticket has nothing to say of it, and it explains nobody.
  const made = world(
    [...past, ...today].toSorted((a, b) => a.at - b.at),
    (filled) => {
      filled.tickets.push(ticket({ id: 'T-VAGUE', subjects: [] }))
      fill(filled)
    },
  )
  return (await raised(made)).filter((alert) => alert.startsWith('volume'))
}

test('four times what peers see in a day is asked about, less is not', async () => {
  expect(await volume(5, 10, day('AUR-1', 40))).toEqual(['volume AUR-1'])
  expect(await volume(5, 10, day('AUR-1', 39))).toEqual([])
  // Few people are few, whatever the peers see.
  expect(await volume(5, 1, day('AUR-1', 24))).toEqual([])
})

test('fewer than five peers are nobody to be compared with', async () => {
  expect(await volume(4, 10, day('AUR-1', 90))).toEqual([])
  // Those of another unit are no peers.
  expect(await volume(5, 10, day('AUR-1', 90, 0, { unit: 'cc-mail' }))).toEqual([])
})

test('who has tickets for all but few works hard', async () => {
  const ticketsFor =
    (count: number) =>
    ({ tickets }: WatchedWorld): void => {
      for (let i = 0; i < count; i++) tickets.push(ticket({ id: `T-${i}`, subjects: [numbered(i)] }))
    }
  expect(await volume(5, 10, day('AUR-1', 50), ticketsFor(41))).toEqual([])
  expect(await volume(5, 10, day('AUR-1', 50), ticketsFor(40))).toEqual(['volume AUR-1'])
})

test('one person looked at again and again is one person', async () => {
  const again = day('AUR-1', 90).map((each) => ({ ...each, subjects: [numbered(1)] }))
  expect(await volume(5, 10, again)).toEqual([])
})
