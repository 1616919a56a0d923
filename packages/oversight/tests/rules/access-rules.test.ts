import type { Fact, WatchedEvent } from '@varco/oversight'
import { lookupOf, type WatchedWorld } from '@varco/oversight/testing'
import { describe, expect, test } from 'vitest'
import {
  DAY_US,
  event,
  MINUTE_US,
  NOBODY,
  numbered,
  raised,
  TEN,
  ticket,
  worker,
  world,
} from '../support/watched-scene.ts'

/** So many accesses, each of another person, minute after minute. */
function people(count: number, change: Partial<WatchedEvent> = {}): readonly WatchedEvent[] {
  return Array.from({ length: count }, (_, i) => event(i, { subjects: [numbered(i)], ...change }))
}

/** The facts of the one alert that one pass raises. */
async function factsOf(made: WatchedWorld): Promise<readonly Fact[]> {
  await made.watcher().pass()
  const [alert, ...others] = await made.store.alerts({ limit: 10 })
  expect(others).toEqual([])
  return alert?.facts ?? []
}

/** A ticket about each of the people, open that morning. */
const withTickets = ({ events, tickets }: WatchedWorld): void => {
  for (const { id, subjects } of events) tickets.push(ticket({ id: `T-of-${id}`, subjects }))
}

describe('a ticket of another data subject', () => {
  const named = ({ tickets }: WatchedWorld): void =>
    void tickets.push(ticket({ id: 'T-x', subjects: [lookupOf('x')] }))

  test('given for four people is asked about; for three, for people with tickets of their own, or naming nobody, it is not', async () => {
    const looks = (count: number) => people(count, { ticket: 'T-x' })
    expect(await raised(world(looks(4), named))).toEqual(['ticket-of-another AUR-1'])
    expect(await raised(world(looks(3), named))).toEqual([])
    const both = (made: WatchedWorld): void => {
      named(made)
      withTickets(made)
    }
    expect(await raised(world(looks(4), both))).toEqual([])
    const vague = ({ tickets }: WatchedWorld): void => void tickets.push(ticket({ id: 'T-x', subjects: [] }))
    expect(await raised(world(looks(4), vague))).toEqual([])
  })

  test('names the ticket, and counts people, not looks', async () => {
    expect(await factsOf(world(people(4, { ticket: 'T-x' }), named))).toEqual([
      { code: 'ticket-of-another', ticket: 'T-x' },
      { code: 'so-many', count: 4, of: 'people', days: 1 },
    ])
    const again = Array.from({ length: 9 }, (_, i) => event(i, { ticket: 'T-x' }))
    expect(await raised(world(again, named))).toEqual([])
  })
})

describe('a protected file', () => {
  const listed = ({ people: known, staff }: WatchedWorld): void => {
    known.set(lookupOf('a'), { ...NOBODY, vip: true })
    staff.set('AUR-1', worker('AUR-1'))
  }

  test('looked at once is asked about, unless a ticket about it was open then', async () => {
    expect(await factsOf(world([event(0)], listed))).toEqual([{ code: 'on-vip-list' }])
    const explained = (made: WatchedWorld, openedAt: number): void => {
      listed(made)
      made.tickets.push(ticket({ openedAt }))
    }
    expect(await raised(world([event(0)], (made) => explained(made, TEN - DAY_US)))).toEqual([])
    expect(await raised(world([event(1)], (made) => explained(made, TEN + 5 * MINUTE_US)))).toEqual([
      'vip AUR-1',
    ])
  })

  test('that was asked for and refused shows nothing', async () => {
    expect(await raised(world([event(0, { decision: 'deny', subjects: [] })], listed))).toEqual([])
  })
})

describe('people outside the regions of an assignment', () => {
  const placed =
    (region: string | null, regions: readonly string[] | null) =>
    ({ events, people: known, staff }: WatchedWorld): void => {
      for (const { subjects } of events)
        for (const lookup of subjects) known.set(lookup, { ...NOBODY, region })
      const lists = new Map(regions === null ? [] : [['regions', regions] as const])
      staff.set('AUR-1', worker('AUR-1', { lists }))
    }

  test('are asked about from the sixth on', async () => {
    expect(await factsOf(world(people(6), placed('Lazio', ['Umbria', 'Marche'])))).toEqual([
      { code: 'outside-regions' },
      { code: 'without-explanation' },
      { code: 'so-many', count: 6, of: 'people', days: 30 },
    ])
    expect(await raised(world(people(5), placed('Lazio', ['Umbria'])))).toEqual([])
  })

  test('are nobody’s business inside them, without an assignment to regions, where the region is unknown, or with tickets', async () => {
    expect(await raised(world(people(9), placed('Lazio', ['Umbria', 'Lazio'])))).toEqual([])
    expect(await raised(world(people(9), placed('Lazio', null)))).toEqual([])
    expect(await raised(world(people(9), placed(null, ['Umbria'])))).toEqual([])
    const explained = (made: WatchedWorld): void => {
      placed('Lazio', ['Umbria'])(made)
      withTickets(made)
    }
    expect(await raised(world(people(9), explained))).toEqual([])
  })

  test('count over a month, a few each week', async () => {
    const weekly = people(6).map((each, i) => ({ ...each, at: TEN + i * 5 * DAY_US }))
    expect(await raised(world(weekly, placed('Lazio', ['Umbria'])))).toEqual(['out-of-area AUR-1'])
  })
})

describe('records with judicial data', () => {
  const check = { resource: 'antimafia_check', purpose: 'antimafia-status' } as const
  const refused = { ...check, decision: 'deny', reasons: ['outside-annex'], subjects: [] } as const
  const tried = (count: number, change: Partial<WatchedEvent> = {}): readonly WatchedEvent[] =>
    Array.from({ length: count }, (_, i) => event(i, { ...refused, ...change }))

  test('asked for three times in a week, and refused, are asked about; twice, or by the body’s own, they are not', async () => {
    const facts = await factsOf(world(tried(3)))
    expect(facts).toContainEqual({ code: 'judicial-data', resource: 'antimafia_check' })
    const refusal = {
      code: 'refused',
      resource: 'antimafia_check',
      reason: 'outside-annex',
      event: 'test.1.2',
    }
    expect(facts).toContainEqual(refusal)
    expect(facts).toContainEqual({ code: 'so-many', count: 3, of: 'events', days: 7 })
    expect(await raised(world(tried(2)))).toEqual([])
    expect(await raised(world(tried(9, { contract: null })))).toEqual([])
    expect(await raised(world(tried(9, { resource: 'invoice' })))).toEqual([])
  })

  test('shown without anything to explain it count with what was refused; with a ticket they do not', async () => {
    const mixed = [...tried(2), event(2, { ...check, ticket: 'T-1' })]
    expect(await raised(world(mixed))).toContain('judicial-probing AUR-1')
    const withTicket = ({ tickets }: WatchedWorld): void =>
      void tickets.push(ticket({ purpose: check.purpose }))
    expect(await raised(world(mixed, withTicket))).toEqual([])
  })
})

describe('off hours', () => {
  /** Rome is two hours ahead of UTC in June. */
  const at = (time: string): readonly WatchedEvent[] =>
    [0, 1, 2].map((i) => event(i, { at: Date.parse(`${time}Z`) * 1_000 + i * MINUTE_US, ticket: 'T-none' }))

  test.each([
    ['late in the evening', '2026-06-10T19:00:00'],
    ['at night', '2026-06-10T00:30:00'],
    ['before the tolerance', '2026-06-10T04:20:00'],
    ['on a Sunday at ten', '2026-06-14T08:00:00'],
  ])('three looks %s are asked about', async (_, time) => {
    const facts = await factsOf(world(at(time)))
    expect(facts).toContainEqual({ code: 'outside-hours' })
  })

  test.each([
    ['a few minutes over', '2026-06-10T18:20:00'],
    ['a few minutes early', '2026-06-10T04:31:00'],
    ['on a Saturday at ten', '2026-06-13T08:00:00'],
  ])('%s nobody is asked', async (_, time) => {
    expect(await raised(world(at(time)))).toEqual([])
  })

  test('the hour is the body’s, in winter too', async () => {
    // 19:45 in Rome in January, and 20:45 in June.
    expect(await raised(world(at('2026-01-14T18:45:00')))).toEqual([])
    expect(await raised(world(at('2026-06-10T18:45:00')))).toEqual(['off-hours AUR-1'])
  })

  test('a ticket opened that night explains who is on call', async () => {
    const night = at('2026-06-10T21:00:00')
    const openedAt = (night[0]?.at ?? 0) - MINUTE_US
    expect(await raised(world(night, ({ tickets }) => tickets.push(ticket({ openedAt }))))).toEqual([])
  })
})
