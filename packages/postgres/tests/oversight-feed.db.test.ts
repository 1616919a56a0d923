import { generateLogKeys, openAccessLog, type AccessLogWriter } from '@varco/access-log'
import { eventDraft } from '@varco/access-log/testing'
import { asId, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import type { FeedPosition } from '@varco/oversight'
import { openLogStore, postgresEventFeed, type Database, type PostgresLogStore } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

let database: Database
let store: PostgresLogStore

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  store = openLogStore(database)
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
