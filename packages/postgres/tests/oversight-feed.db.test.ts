import {
  actDraft,
  appendHistory,
  generateLogKeys,
  openAccessLog,
  type AccessLogWriter,
} from '@varco/access-log'
import { eventDraft } from '@varco/access-log/testing'
import { asId, UnavailableError, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import type { FeedPosition } from '@varco/oversight'
import { openLogStore, postgresEventFeed, type Database, type PostgresLogStore } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { FeedThread } from '../src/oversight-feed-thread.ts'

let database: Database
let store: PostgresLogStore

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  store = openLogStore(database, { mindsClock: false })
})

afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

test('the watch misses nothing and reads nothing twice, whoever commits late', async () => {
  const keys = generateLogKeys('gse.example/varco')
  const clock = new ManualClock(1_795_500_000_000_000n)
  await using writers = new AsyncDisposableStack()
  const writerNamed = async (name: string): Promise<AccessLogWriter> =>
    writers.use(await openAccessLog({ store, keys, clock, writer: asId<WriterId>(name) }))
  const feed = postgresEventFeed(database)
  const read: string[] = []
  let position: FeedPosition = []
  const follow = async (): Promise<void> => {
    for await (const batch of feed.read(position)) {
      read.push(...batch.events.map(({ ticket }) => ticket ?? ''))
      position = batch.position
    }
  }

  const log = await writerNamed('proxy-1')
  const other = await writerNamed('proxy-2')
  await follow()
  clock.advance(5_000n)
  await other.append(eventDraft({ ticket: 'early' }))
  await follow()
  expect(read).toEqual(['early'])

  // The clock of one process is behind the other's: its event is older, and comes later.
  clock.advance(-4_000n)
  await log.append(eventDraft({ ticket: 'late' }))
  for (let i = 0; i < 3; i++) await log.append(eventDraft({ ticket: `more-${i}` }))
  await (await writerNamed('proxy-3')).append(eventDraft({ ticket: 'new tree' }))
  await follow()
  await follow()
  expect(read[0]).toBe('early')
  expect(read.slice(1).toSorted()).toEqual(['late', 'more-0', 'more-1', 'more-2', 'new tree'])
})

test('a thread of its own reads the same as is read without one, and can be left in the middle', async () => {
  await using scratch = await scratchDatabase(inject('serverUrl'))
  await using logs = openLogStore(scratch, { mindsClock: false })
  const keys = generateLogKeys('gse.example/varco')
  const at = 1_795_500_000_000_000n
  for (const [writer, count] of [
    ['proxy-1', 2_500],
    ['proxy-2', 700],
  ] as const) {
    const past = Array.from({ length: count }, (_, i) => ({
      at: at + BigInt(i * 3),
      draft:
        i % 50 === 0
          ? actDraft('log-read', { requestId: 'r', operator: 'DPO-1', policyVersion: 'v', detail: {} })
          : eventDraft({ ticket: `T-${i}`, operator: `AUR-${i % 7}` }),
    }))
    const clock = { now: () => at + 1_000_000n }
    await appendHistory({ store: logs, keys, clock, writer: asId<WriterId>(writer) }, past)
  }
  const everything = async (manyEvents: number, after: FeedPosition = []) => {
    const batches = []
    for await (const batch of postgresEventFeed(scratch, { manyEvents }).read(after)) batches.push(batch)
    return batches
  }
  const [here, there] = [await everything(Number.MAX_SAFE_INTEGER), await everything(1)]
  expect(here.flatMap(({ events }) => events).length).toBeGreaterThan(3_000)
  expect(there).toEqual(here)
  const middle: FeedPosition = [{ writer: 'proxy-1', epoch: 1, seq: 1_999, at: Number(at) + 1_999 * 3 }]
  expect(await everything(1, middle)).toEqual(await everything(Number.MAX_SAFE_INTEGER, middle))
  for await (const _ of postgresEventFeed(scratch, { manyEvents: 1 }).read([])) break
})

test('a thread that cannot read the log says so, and does not keep anybody waiting', async () => {
  const url = new URL(database.url)
  url.pathname = '/there-is-none'
  await using thread = new FeedThread(url.href, [
    { from: { writer: 'proxy-1', epoch: 1, seq: -1, at: 0 }, size: 10 },
  ])
  await expect(thread.steps(0).next()).rejects.toThrow('could not be read')
  const { pool } = database
  await expect(
    (async () => {
      for await (const _ of postgresEventFeed({ pool, url: url.href }, { manyEvents: 1 }).read([])) break
    })(),
  ).rejects.toThrow(UnavailableError)
})
