import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clock } from '@varco/core'
import type { PersonFacts, WatchedEvent, WatchedTicket, WatchStore } from '@varco/oversight'
import { lookupOf, watchedWorld, type WatchedWorld } from '@varco/oversight/testing'
import { fixtureBundle } from '@varco/policy/testing'
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

test('an access that a ticket of the data subject explains is nobody’s business', async () => {
  const made = world(
    Array.from({ length: 20 }, (_, i) => event(i, { ticket: 'T-1' })),
    ({ tickets }) => tickets.push(ticket()),
  )
  expect(await raised(made)).toEqual([])
})

test('fifteen without a ticket are asked about, with the facts; fifteen that only forgot to name it are not', async () => {
  const fifteen = Array.from({ length: 15 }, (_, i) => event(i))
  const made = world(fifteen)
  expect(await raised(made)).toEqual(['no-ticket AUR-1'])
  const [alert] = await made.store.alerts({ limit: 1 })
  expect(alert?.facts).toEqual([
    { code: 'no-ticket', purpose: 'invoice-enquiry' },
    { code: 'so-many', count: 15, of: 'events', days: 1 },
  ])
  expect(alert?.events).toHaveLength(15)
  expect(await raised(world(fifteen, ({ tickets }) => tickets.push(ticket())))).toEqual([])
})

test('what an access finds of tickets does not hang on what is asked meanwhile for those months later', async () => {
  const many = (from: number, day: number): readonly WatchedEvent[] =>
    Array.from({ length: 600 }, (_, i) =>
      event(from + i, {
        at: TEN - 200 * DAY_US + day * DAY_US + i * 1_000_000,
        ...(i >= 585 ? { subjects: [lookupOf('f')] } : { ticket: `T-${from + i}`, subjects: [] }),
      }),
    )
  const made = world([...many(0, 0), ...many(600, 100), ...many(1_200, 200)], ({ tickets, events }) => {
    for (const { ticket: id, at } of events)
      if (id !== null)
        tickets.push(ticket({ id, subjects: [numbered(Number(id.slice(2)))], openedAt: at - 1 }))
    for (const day of [-20, 80, 180]) {
      const openedAt = TEN - 200 * DAY_US + day * DAY_US
      tickets.push(ticket({ id: `T-of-day-${day}`, subjects: [lookupOf('f')], openedAt }))
    }
  })
  made.batch = 600
  expect(await raised(made)).toEqual([])
})

test('whoever was refused in the batch before is known to have had a ticket by then', async () => {
  const shown = { ticket: 'T-new', workstation: 'WS-9' }
  const made = world(
    [event(0, { decision: 'deny', reasons: ['no-grant'], subjects: [] }), event(6, shown)],
    ({ tickets }) => tickets.push(ticket(), ticket({ id: 'T-new', openedAt: TEN + 2 * MINUTE_US })),
  )
  for (const batch of [1, 2, 100]) {
    const again = world(made.events, ({ tickets }) => tickets.push(...made.tickets))
    again.batch = batch
    expect(await raised(again)).toEqual([])
  }
})

test('some batches are one commit, and a day that is forgotten by then is never written', async () => {
  const commits: { readonly days: number; readonly events: number }[] = []
  const made = world(Array.from({ length: 40 }, (_, i) => event(i, { at: TEN - (400 - i * 10) * DAY_US })))
  const store: WatchStore = {
    load: (lookBack) => made.store.load(lookBack),
    commit: (commit) => {
      const events = commit.work.reduce(
        (sum, { dimension, accesses }) => sum + (dimension === 'action' ? accesses : 0),
        0,
      )
      commits.push({ days: commit.days.length, events })
      return made.store.commit(commit)
    },
  }
  made.batch = 5
  made.eventsACommit = 15
  const pass = await made.watcher(store).pass()
  expect(pass.events).toBe(40)
  // The last one is about tickets.
  expect(commits.map(({ events }) => events)).toEqual([15, 15, 10, 0])
  expect(commits.map(({ days }) => days)).toEqual([10, 10, 10, 0])
  const loose = (await made.store.load(1_000)).days.map(({ day }) => day)
  made.eventsACommit = 1
  const one = world(made.events)
  one.batch = 40
  await one.watcher().pass()
  expect((await one.store.load(1_000)).days.map(({ day }) => day)).toEqual(loose)
})

test('where judging is slow a commit does not wait for many events', async () => {
  let now = TEN + 30 * DAY_US
  const slow: Clock = { now: () => BigInt((now += 6_000_000)) }
  const made = watchedWorld(fixtureBundle(), slow)
  made.events.push(...Array.from({ length: 40 }, (_, i) => event(i)))
  made.batch = 5
  made.eventsACommit = 1_000
  let commits = 0
  await made
    .watcher({
      load: (lookBack) => made.store.load(lookBack),
      commit: (commit) => {
        commits += commit.work.length > 0 ? 1 : 0
        return made.store.commit(commit)
      },
    })
    .pass()
  expect(commits).toBeGreaterThan(3)
})

test('a ticket that was closed since an earlier pass is not taken for open', async () => {
  const many = (from: number): readonly WatchedEvent[] =>
    Array.from({ length: 600 }, (_, i) =>
      event(from + i, { at: TEN + from * 1_000 + i, ticket: `T-${i}`, subjects: [numbered(i)] }),
    )
  const made = world(many(0), ({ tickets }) => {
    for (let i = 0; i < 600; i++)
      tickets.push(ticket({ id: `T-${i}`, subjects: [numbered(i)], openedAt: TEN - DAY_US }))
  })
  const watcher = made.watcher()
  await watcher.pass()
  expect(await made.store.alerts({ limit: 5 })).toEqual([])
  const closedAt = TEN - DAY_US / 2
  made.tickets.splice(0, 600, ...made.tickets.map((each) => ({ ...each, closedAt })))
  made.events.push(...many(600))
  await watcher.pass()
  const loose = (await made.store.load(90)).days.flatMap((day) => [...day.loose.keys()])
  expect(loose).toHaveLength(600)
})

test('a ticket made after the access explains nothing, and is a finding of its own', async () => {
  const late = ticket({ openedAt: TEN + 3 * 60 * MINUTE_US })
  const made = world([event(0, { ticket: 'T-1' }), event(1, { ticket: 'T-1' })], ({ tickets }) =>
    tickets.push(late),
  )
  expect(await raised(made)).toEqual(['ticket-after-access AUR-1'])
  const close = ticket({ openedAt: TEN + 6 * MINUTE_US })
  expect(
    await raised(
      world([event(0, { ticket: 'T-1' }), event(1, { ticket: 'T-1' })], ({ tickets }) => tickets.push(close)),
    ),
  ).toEqual([])
})

test('a made-up grant explains nothing: only a rule that demands one proves it', async () => {
  const made = world([event(0, { rules: ['cc-invoice-enquiry'] })], ({ people, staff }) => {
    people.set(lookupOf('a'), { ...NOBODY, identity: 'me' })
    staff.set('AUR-1', worker('AUR-1', { identity: 'me' }))
  })
  expect(await raised(made)).toEqual(['self AUR-1'])
})

test('a canary record raises an alert at once, whatever explains the access, whether it is anybody’s or nobody’s', async () => {
  const touched = { reasons: ['permitted', 'canary-touched'], ticket: 'T-1' }
  const withTicket = ({ tickets }: WatchedWorld): void => {
    tickets.push(ticket())
  }
  const made = world([event(0, touched)], withTicket)
  expect(await raised(made)).toEqual(['canary AUR-1'])
  const [alert] = await made.store.alerts({ limit: 1 })
  expect([alert?.facts, alert?.events]).toEqual([[{ code: 'canary-record' }], ['test.1.0']])
  expect(await raised(world([event(0, { ...touched, subjects: [] })], withTicket))).toEqual(['canary AUR-1'])
  expect(await raised(world([event(0, { ...touched, decision: 'deny' })], withTicket))).toEqual([])
  expect(await raised(world([event(0, { ...touched, reasons: ['permitted'] })], withTicket))).toEqual([])
})

test('family is the same address, or a surname that chance would hardly put there', async () => {
  const relative = (person: Partial<PersonFacts>): Promise<readonly string[]> =>
    raised(
      world([event(0)], ({ people, staff }) => {
        people.set(lookupOf('a'), { ...NOBODY, ...person })
        staff.set('AUR-1', worker('AUR-1', { household: 'home', family: 'name' }))
      }),
    )
  expect(await relative({ household: 'home' })).toEqual(['family AUR-1'])
  expect(await relative({ family: { hash: 'name', chance: 0.02 } })).toEqual(['family AUR-1'])
  expect(await relative({ family: { hash: 'name', chance: 3 } })).toEqual([])
  expect(await relative({ household: 'elsewhere' })).toEqual([])
})

test('whoever moved to another company is still themselves, and no colleague of the old one', async () => {
  const made = world([event(0)], ({ people, staff }) => {
    people.set(lookupOf('a'), { ...NOBODY, identity: 'other' })
    staff.set('AUR-1', worker('AUR-1', { identity: 'me' }))
    staff.set('OLD-1', worker('OLD-1', { identity: 'other', contract: 'old' }))
  })
  expect(await raised(made)).toEqual([])
  made.staff.set('AUR-2', worker('AUR-2', { identity: 'other' }))
  made.events.push(event(1))
  expect(await raised(made)).toEqual(['colleague AUR-1'])
})

test('after the end one record shown is enough; a first refused attempt is habit', async () => {
  const ended = ({ ended: contracts }: WatchedWorld): void => void contracts.set('aurora-2026', TEN)
  const refused = { decision: 'deny', reasons: ['contract-not-active'], subjects: [] } as const
  expect(await raised(world([event(1)], ended))).toEqual(['after-termination AUR-1'])
  expect(await raised(world([event(1, refused), event(2, refused)], ended))).toEqual([])
  expect(await raised(world([event(1, refused), event(2, refused), event(3, refused)], ended))).toEqual([
    'after-termination AUR-1',
  ])
})

test('refused, then shown elsewhere: by another purpose, or by the colleague at the same desk', async () => {
  const refusal = event(0, {
    decision: 'deny',
    reasons: ['no-grant'],
    subjects: [],
    purpose: 'complaint-handling',
  })
  expect(await raised(world([refusal, event(5)]))).toEqual(['retried-elsewhere AUR-1'])
  expect(await raised(world([refusal, event(5, { operator: 'AUR-2' })]))).toEqual(['retried-elsewhere AUR-2'])
  expect(await raised(world([refusal, event(5, { operator: 'AUR-2', workstation: 'WS-2' })]))).toEqual([])
  expect(await raised(world([refusal, event(90)]))).toEqual([])
  // The ticket was there before the refusal: the purpose was mistyped.
  expect(
    await raised(world([refusal, event(5, { ticket: 'T-1' })], ({ tickets }) => tickets.push(ticket()))),
  ).toEqual([])
  // Made between the two, it explains nothing.
  const made = ticket({ openedAt: TEN + 2 * MINUTE_US })
  expect(
    await raised(world([refusal, event(5, { ticket: 'T-1' })], ({ tickets }) => tickets.push(made))),
  ).toEqual(['retried-elsewhere AUR-1'])
})

test('the wrong purpose for a ticket, then the right one without naming it, is a slip; for another purpose it is not', async () => {
  const refusal = event(0, {
    ...{ decision: 'deny', reasons: ['ticket-other-purpose'], subjects: [] },
    ...{ purpose: 'complaint-handling', ticket: 'T-1' },
  })
  const vague =
    (change: Partial<WatchedTicket> = {}) =>
    ({ tickets }: WatchedWorld): void => {
      tickets.push(ticket({ subjects: [], ...change }))
    }
  expect(await raised(world([refusal, event(5)], vague()))).toEqual([])
  const elsewhere = ['retried-elsewhere AUR-1']
  expect(await raised(world([refusal, event(5)], vague({ purpose: 'practice-status' })))).toEqual(elsewhere)
  // A ticket made after the refusal was not what it was refused for.
  expect(await raised(world([refusal, event(5)], vague({ openedAt: TEN + MINUTE_US })))).toEqual(elsewhere)
  // Somebody else at the desk has no slip of theirs to mend.
  expect(await raised(world([refusal, event(5, { operator: 'AUR-2' })], vague()))).toEqual([
    'retried-elsewhere AUR-2',
  ])
})

test('refused for the purpose, then on to the next matter with a ticket of its own: nothing was gone around', async () => {
  const next = ticket({ id: 'T-2', openedAt: TEN + 2 * MINUTE_US })
  const denied = { decision: 'deny', subjects: [], purpose: 'invoice-correction' } as const
  const after = (
    reason: string,
    change: Partial<WatchedTicket> = {},
    by: Partial<WatchedEvent> = {},
    refused: Partial<WatchedTicket> | null = {},
    batch = 2,
  ) =>
    raised(
      world(
        [
          event(0, { ...denied, reasons: [reason], ticket: refused === null ? null : 'T-1' }),
          event(5, { ticket: 'T-2', ...by }),
        ],
        (made) => {
          made.batch = batch
          made.tickets.push({ ...next, ...change })
          const other = ticket({ subjects: [lookupOf('b')], purpose: 'invoice-correction' })
          if (refused !== null) made.tickets.push({ ...other, ...refused })
        },
      ),
    )
  for (const reason of ['outside-annex', 'ticket-other-purpose']) {
    expect(await after(reason)).toEqual([])
    expect(await after(reason, {}, {}, {}, 1)).toEqual([])
  }
  const elsewhere = ['retried-elsewhere AUR-1']
  // A ticket opened for the same person, or for whom nobody knows, is what the refusal was gone around with.
  const gone = (refused: Partial<WatchedTicket> | null) => after('outside-annex', {}, {}, refused)
  expect(await gone(null)).toEqual(elsewhere)
  expect(await gone({ subjects: [] })).toEqual(elsewhere)
  expect(await gone({ subjects: [lookupOf('a')] })).toEqual(elsewhere)
  expect(await gone({ subjects: [lookupOf('a'), lookupOf('b')] })).toEqual(elsewhere)
  expect(await gone({ openedAt: TEN + MINUTE_US })).toEqual(elsewhere)
  expect(await gone({ contract: null })).toEqual(elsewhere)
  // For whose record it was: a ticket made since then may have been made for it.
  for (const reason of ['other-data-subject', 'no-grant', 'no-ticket'])
    expect(await after(reason)).toEqual(elsewhere)
  // A ticket that names nobody, or is for something else, is no matter of the person shown.
  expect(await after('outside-annex', { subjects: [] })).toEqual(elsewhere)
  expect(await after('outside-annex', { purpose: 'practice-status' })).toEqual(elsewhere)
  // Nor is one of somebody else at the desk.
  expect(await after('outside-annex', {}, { operator: 'AUR-2' })).toEqual(['retried-elsewhere AUR-2'])
})

describe('refused naming a ticket about somebody else, to see a person whose ticket is opened then', () => {
  const DAY_MINUTES = 1_440
  /** One such refusal so many minutes after ten, and what was wanted five minutes later, in two looks. */
  const trick = (name: string, at: number) => {
    const person = lookupOf(name)
    const id = { about: `T-Q-${name}`, made: `T-P-${name}` }
    const look = (i: number) => event(at + 5 + i, { id: `${name}.${i}`, subjects: [person], ticket: id.made })
    return {
      events: [
        event(at, {
          ...{ id: `${name}.0`, decision: 'deny', reasons: ['outside-annex'], subjects: [] },
          ...{ purpose: 'invoice-correction', ticket: id.about },
        }),
        look(1),
        look(2),
      ],
      tickets: [
        ticket({ id: id.about, subjects: [lookupOf('b')], purpose: 'invoice-correction' }),
        ticket({ id: id.made, subjects: [person], openedAt: TEN + (at + 2) * MINUTE_US }),
      ],
    }
  }
  const granted = (at: number) =>
    event(at, { id: `g.${at}`, subjects: [lookupOf('g')], rules: ['antimafia-officer'], grant: 'G-1' })
  const seen = (tricks: readonly ReturnType<typeof trick>[], batch = 100) =>
    raised(
      world(
        tricks.flatMap(({ events }) => events),
        (made) => {
          made.batch = batch
          made.grants.set('G-1', TEN)
          made.tickets.push(...tricks.flatMap(({ tickets }) => tickets))
        },
      ),
    )

  test('is believed to be the next matter once, however often it is looked at', async () => {
    expect(await seen([trick('a', 0)])).toEqual([])
    expect(await seen([trick('a', 0)], 1)).toEqual([])
  })

  test('is not believed again within a week, whatever is committed in between', async () => {
    const elsewhere = ['retried-elsewhere AUR-1']
    for (const batch of [1, 100])
      for (const later of [20, 2 * DAY_MINUTES, 6 * DAY_MINUTES])
        expect(await seen([trick('a', 0), trick('c', later)], batch)).toEqual(elsewhere)
    expect(await seen([trick('a', 0), trick('c', 8 * DAY_MINUTES)])).toEqual([])
  })

  test('does not have the first excuse forgotten by reading what a grant is for, once or twice', async () => {
    const grant = { events: [10, 11].map((at) => granted(at)), tickets: [] }
    for (const batch of [1, 100]) {
      expect(await seen([trick('a', 0), grant], batch)).toEqual([])
      expect(await seen([trick('a', 0), grant, trick('c', 20)], batch)).toEqual(['retried-elsewhere AUR-1'])
    }
  })

  test('does not have the first excuse forgotten by being refused often', async () => {
    const flood = Array.from({ length: 5_200 }, (_, i) =>
      event(30, {
        ...{ id: `f.${i}`, operator: `AUR-${i + 9}`, workstation: 'WS-9', resource: 'practice' },
        ...{ decision: 'deny', reasons: ['no-ticket'], subjects: [] },
      }),
    )
    const [first, second] = [trick('a', 0), trick('c', 60)]
    const all = { tickets: [], events: flood }
    expect(await seen([first, all, second], 10_000)).toEqual(['retried-elsewhere AUR-1'])
  })
})

test('many tickets are read by day and few by number, and what explains an access is the same', async () => {
  const busy = Array.from({ length: 1_200 }, (_, i) =>
    event(i % 400, { id: `test.1.${i}`, ticket: `T-${i}`, subjects: [numbered(i)] }),
  )
  const tickets = busy.map(({ ticket: id, subjects }, i) =>
    ticket({ id: id ?? '', subjects: i < 1_180 ? subjects : [lookupOf('somebody else')] }),
  )
  const outcome = async (batch: number): Promise<readonly string[]> =>
    raised(
      world(busy, (made) => {
        made.tickets.push(...tickets)
        made.batch = batch
      }),
    )
  const small = await outcome(50)
  expect(small).toContain('ticket-of-another AUR-1')
  expect(await outcome(1_200)).toEqual(small)
})

test('how long a unit took is told by its decision, not by when the operator came back to look', async () => {
  const matter = { resource: 'antimafia_check', purpose: 'antimafia-assessment', contract: null } as const
  const counted = async (rules: readonly string[], given: number | null, times = 1): Promise<unknown> => {
    const each = (at: number, change: Partial<WatchedEvent>) =>
      Array.from({ length: times }, (_, i) => event(at + i, { ...matter, ...change }))
    const made = world(
      [
        ...each(0, { decision: 'deny', reasons: ['no-grant'], subjects: [] }),
        ...each(60, { rules, grant: 'G-1' }),
      ],
      ({ grants }) => {
        if (given !== null) grants.set('G-1', TEN + given * MINUTE_US)
      },
    )
    const counts: unknown[] = []
    const watched: WatchStore = {
      load: (lookBack) => made.store.load(lookBack),
      commit: (batch) => {
        counts.push(...batch.refusalCounts.map(({ granted, minutes }) => ({ granted, minutes })))
        return made.store.commit(batch)
      },
    }
    await made.watcher(watched).pass()
    return counts
  }
  expect(await counted(['antimafia-officer'], 12)).toEqual([{ granted: 1, minutes: 12 }])
  // However often it is used, one refusal led to it.
  expect(await counted(['antimafia-officer'], 12, 2)).toEqual([{ granted: 1, minutes: 11 }])
  // Given before the refusal, it had only not been named.
  expect(await counted(['antimafia-officer'], -30)).toEqual([{ granted: 1, minutes: 0 }])
  // Of one whose decision is kept no more, the access is what is left to tell by.
  expect(await counted(['antimafia-officer'], null)).toEqual([{ granted: 1, minutes: 60 }])
  // No rule asked for the one that was sent.
  expect(await counted(['antimafia-status'], 12)).toEqual([{ granted: 0, minutes: 0 }])
})

/** A month in which one reaches far and the peers do not. */
function slowMonths(peers: number): readonly WatchedEvent[] {
  const snoop = Array.from({ length: 40 }, (_, day) =>
    [0, 1].map((turn) => ({ day, operator: 'AUR-SNOOP', letter: String.fromCharCode(300 + day * 2 + turn) })),
  ).flat()
  const honest = Array.from({ length: peers }, (_, i) => ({ day: i, operator: `AUR-${i}`, letter: 'z' }))
  return [...snoop, ...honest]
    .toSorted((a, b) => a.day - b.day)
    .map(({ day, operator, letter }, i) =>
      event(i, {
        ...{ operator, at: TEN - 60 * DAY_US + day * DAY_US + i * 1_000, ticket: 'T-VAGUE' },
        subjects: [Buffer.from(letter.padEnd(16, letter)).toString('latin1').slice(0, 16) as never],
      }),
    )
}

test('the slow snoop is found among peers, whatever each day looks like; alone in a small unit nobody is compared', async () => {
  const vague = ticket({ id: 'T-VAGUE', subjects: [], openedAt: TEN - 90 * DAY_US })
  const fill = (made: WatchedWorld): void => {
    made.tickets.push(vague)
    for (const each of made.events)
      for (const lookup of each.subjects) made.people.set(lookup, { ...NOBODY, place: lookup })
  }
  const found = world(slowMonths(8), fill)
  expect(await raised(found)).toContain('breadth AUR-SNOOP')
  const [alert] = await found.store.alerts({ rule: 'breadth', limit: 1 })
  expect(alert?.facts).toContainEqual(
    expect.objectContaining({ code: 'people-over-time', peers: 8, days: 90 }),
  )
  expect(await raised(world(slowMonths(3), fill))).toEqual([])
})

/** Fails before or after the commit, as a crash would. */
function failing(store: WatchStore, when: 'before' | 'after', times: number): WatchStore {
  let left = times
  return {
    load: (lookBack) => store.load(lookBack),
    commit: async (commit) => {
      if (left-- > 0) {
        if (when === 'after') await store.commit(commit)
        throw new Error('the connection was lost')
      }
      return store.commit(commit)
    },
  }
}

test('however often it crashes, and wherever batches end, each event counts once and each alert is there once', async () => {
  const scene = (): WatchedWorld =>
    world(
      [
        ...Array.from({ length: 30 }, (_, i) => event(i, { operator: i % 2 === 0 ? 'AUR-1' : 'AUR-2' })),
        event(31, { decision: 'deny', reasons: ['no-grant'], subjects: [], purpose: 'complaint-handling' }),
        event(35, { ticket: 'T-9' }),
      ],
      ({ people, staff, tickets }) => {
        people.set(lookupOf('a'), { ...NOBODY, vip: true })
        staff.set('AUR-1', worker('AUR-1'))
        tickets.push(ticket({ id: 'T-9', subjects: [lookupOf('q')] }))
      },
    )
  const whole = scene()
  await whole.watcher().pass()
  const expected = await whole.store.alerts({ limit: 100 })
  expect(expected.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(['no-ticket', 'vip', 'retried-elsewhere']),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom('before' as const, 'after' as const),
      fc.integer({ min: 0, max: 4 }),
      async (batch, when, times) => {
        const made = scene()
        made.batch = batch
        const watcher = made.watcher(failing(made.store, when, times))
        for (let tries = 0; tries < 12; tries++) await watcher.pass().catch(() => {})
        // And another process that starts from what is stored finds nothing left to do.
        expect((await made.watcher().pass()).events).toBe(0)
        expect(await made.store.alerts({ limit: 100 })).toEqual(expected)
      },
    ),
    { numRuns: Number(process.env['VARCO_ROUNDS'] ?? 25) },
  )
})

test('two watchers at once count nothing twice', async () => {
  const made = world(Array.from({ length: 30 }, (_, i) => event(i)))
  made.batch = 7
  const [one, two] = [made.watcher(), made.watcher()]
  await Promise.all([one.pass(), two.pass()])
  await Promise.all([one.pass(), two.pass()])
  const [alert, ...others] = await made.store.alerts({ limit: 10 })
  expect(others).toEqual([])
  expect(alert).toMatchObject({ rule: 'no-ticket', eventCount: 30 })
})

test('tickets split among days are the contract’s doing, and no operator’s', async () => {
  const made = world([], ({ tickets }) => {
    for (let i = 0; i < 4; i++) tickets.push(ticket({ id: `T-${i}`, openedAt: TEN + i * 60 * MINUTE_US }))
    for (let i = 0; i < 3; i++)
      tickets.push(ticket({ id: `S-${i}`, subjects: [lookupOf('s')], openedAt: TEN + i * 9 * DAY_US }))
  })
  expect(await raised(made)).toEqual(['ticket-splitting null'])
  const [alert] = await made.store.alerts({ limit: 1 })
  expect(alert?.facts).toEqual([
    { code: 'tickets-split', purpose: 'invoice-enquiry', tickets: ['T-0', 'T-1', 'T-2', 'T-3'], days: 1 },
  ])
})
