import { asId, millisToMicros, UnavailableError, type TicketId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import {
  liveEngagement,
  type EngagementFeed,
  type EngagementStore,
  type LiveEngagement,
} from '@varco/engagement'
import {
  assignmentFact,
  contractFact,
  FIXTURE_NOW,
  fixtureEngagement,
  memoryEngagement,
  operatorFact,
  ticketFact,
} from '@varco/engagement/testing'
import { describe, expect, test } from 'vitest'

const MS = millisToMicros(1)
const CONTRACT = contractFact().contract
const TICKET = ticketFact().id
const { issuer, externalId } = operatorFact()

/** A node over a store that counts its questions, can fall silent, and whose feed may be cut. */
async function openNode(options: { feed?: 'cut' } = {}) {
  const memory = memoryEngagement(fixtureEngagement())
  const clock = new ManualClock(FIXTURE_NOW)
  const asked = { people: 0, contracts: 0, tickets: 0, grants: 0 }
  let gone = false
  const reach = (part: keyof typeof asked): void => {
    asked[part]++
    if (gone) throw new UnavailableError('engagement store')
  }
  const store: EngagementStore = {
    whoIs: async (...args) => (reach('people'), memory.whoIs(...args)),
    contractState: async (id) => (reach('contracts'), memory.contractState(id)),
    ticket: async (id) => (reach('tickets'), memory.ticket(id)),
    grant: async (id) => (reach('grants'), memory.grant(id)),
  }
  const silent: EngagementFeed = { watch: async () => ({ [Symbol.asyncDispose]: async () => {} }) }
  const node = await liveEngagement({
    store,
    feed: options.feed === 'cut' ? silent : memory,
    clock,
    maxAgeMs: 1_000,
  })
  const setGone = (now: boolean): void => {
    gone = now
  }
  return { node, memory, clock, asked, setGone }
}

async function stateOf(node: LiveEngagement): Promise<string | undefined> {
  return (await node.contractState(CONTRACT))?.state
}

test('asks the store once for what is asked often', async () => {
  const { node, asked } = await openNode()
  for (let times = 0; times < 50; times++) {
    await node.whoIs(issuer, externalId, FIXTURE_NOW)
    await node.contractState(CONTRACT)
    await node.ticket(TICKET)
  }
  await Promise.all(Array.from({ length: 50 }, () => node.ticket(asId<TicketId>('T-closed'))))
  expect(asked).toEqual({ people: 1, contracts: 1, tickets: 2, grants: 0 })
})

describe('with the feed, a change bites at once', () => {
  test('the end of a contract', async () => {
    const { node, memory } = await openNode()
    expect(await stateOf(node)).toBe('active')
    await memory.putContractState(contractFact({ state: 'terminated' }))
    expect(await stateOf(node)).toBe('terminated')
  })

  test('a ticket closed, alone or among many', async () => {
    const { node, memory } = await openNode()
    const closed = ticketFact({ status: 'closed', closedAt: FIXTURE_NOW })
    expect(await node.ticket(TICKET)).toMatchObject({ status: 'open' })
    await memory.putTicket(closed)
    expect(await node.ticket(TICKET)).toEqual(closed)
    await memory.putMany({ tickets: [ticketFact(), ticketFact({ id: asId('T-2') })] })
    expect(await node.ticket(TICKET)).toMatchObject({ status: 'open' })
  })

  test('an assignment taken away', async () => {
    const { node, memory } = await openNode()
    expect((await node.whoIs(issuer, externalId, FIXTURE_NOW))?.assignments).toHaveLength(1)
    await memory.putAssignment(assignmentFact({ to: FIXTURE_NOW }))
    expect((await node.whoIs(issuer, externalId, FIXTURE_NOW))?.assignments).toEqual([])
  })
})

test('an assignment whose last moment passes while it is remembered has ended', async () => {
  const { node, memory, clock } = await openNode()
  await memory.putAssignment(assignmentFact({ to: FIXTURE_NOW + 10n }))
  expect((await node.whoIs(issuer, externalId, clock.now()))?.assignments).toHaveLength(1)
  clock.advance(10n)
  expect((await node.whoIs(issuer, externalId, clock.now()))?.assignments).toEqual([])
})

describe('with the feed cut', () => {
  test('a change bites within the age bound', async () => {
    const { node, memory, clock } = await openNode({ feed: 'cut' })
    await stateOf(node)
    await memory.putContractState(contractFact({ state: 'terminated' }))
    clock.advance(1_000n * MS + 1n)
    expect(await stateOf(node)).toBe('terminated')
  })

  test('what is asked often is asked for again before it is too old', async () => {
    const { node, memory, clock, asked } = await openNode({ feed: 'cut' })
    await stateOf(node)
    await memory.putContractState(contractFact({ state: 'terminated' }))
    clock.advance(600n * MS)
    expect(await stateOf(node)).toBe('active')
    await Promise.resolve()
    expect(await stateOf(node)).toBe('terminated')
    expect(asked.contracts).toBe(2)
  })

  test('a clock that steps back makes nothing younger', async () => {
    const { node, memory, clock } = await openNode({ feed: 'cut' })
    await stateOf(node)
    await memory.putContractState(contractFact({ state: 'terminated' }))
    clock.advance(-5_000n * MS)
    expect(await stateOf(node)).toBe('terminated')
  })
})

test('a store that is gone is not outlived by what was remembered', async () => {
  const { node, clock, setGone } = await openNode()
  await stateOf(node)
  setGone(true)
  clock.advance(900n * MS)
  expect(await stateOf(node)).toBe('active')
  clock.advance(101n * MS)
  await expect(node.contractState(CONTRACT)).rejects.toThrow(UnavailableError)
  await expect(node.whoIs(issuer, externalId, FIXTURE_NOW)).rejects.toThrow(UnavailableError)
  await expect(node.ticket(TICKET)).rejects.toThrow(UnavailableError)
  setGone(false)
  expect(await stateOf(node)).toBe('active')
})

test('absence is not remembered: what is put next is found', async () => {
  const { node, memory } = await openNode({ feed: 'cut' })
  const late = ticketFact({ id: asId('T-late') })
  expect(await node.ticket(late.id)).toBeNull()
  await memory.putTicket(late)
  expect(await node.ticket(late.id)).toEqual(late)
})

test('an answer under way when the change came is not remembered', async () => {
  const memory = memoryEngagement(fixtureEngagement())
  const slow = Promise.withResolvers<void>()
  let first = true
  const store: EngagementStore = {
    ...memory,
    contractState: async (id) => {
      const state = await memory.contractState(id)
      if (first) {
        first = false
        await slow.promise
      }
      return state
    },
  }
  const node = await liveEngagement({ store, feed: memory, clock: new ManualClock(FIXTURE_NOW) })
  const before = node.contractState(CONTRACT)
  await memory.putContractState(contractFact({ state: 'terminated' }))
  const after = node.contractState(CONTRACT)
  slow.resolve()
  expect((await before)?.state).toBe('active')
  expect((await after)?.state).toBe('terminated')
  expect(await stateOf(node)).toBe('terminated')
})

test('hears no more once it is disposed of', async () => {
  const { node, memory } = await openNode()
  await stateOf(node)
  await node[Symbol.asyncDispose]()
  await memory.putContractState(contractFact({ state: 'terminated' }))
  expect(await stateOf(node)).toBe('active')
})
