import { generateLogKeys, openAccessLog, verifyLog, type AccessLogWriter } from '@varco/access-log'
import { eventDraft, memoryAnchor } from '@varco/access-log/testing'
import { asId, systemClock, UnavailableError, type Clock, type WriterId } from '@varco/core'
import { openLogStore, type Database, type PostgresLogStore } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

/* A clock that jumps ahead, beside a database that tells the time. */

const keys = generateLogKeys('gse.example/varco')
const anchor = memoryAnchor()
let database: Database
let store: PostgresLogStore
let jumped = 0n
const clock: Clock = { now: () => systemClock.now() + jumped }
const YEAR = 365n * 86_400n * 1_000_000n

const open = (writer: string): Promise<AccessLogWriter> =>
  openAccessLog({ store, keys, clock, writer: asId<WriterId>(writer), anchors: [anchor] })

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'))
  store = openLogStore(database)
})

afterAll(async () => {
  await store[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

test('nothing gets a time that never was, and the log goes on when the clock is right again', async () => {
  await using log = await open('proxy-1')
  await log.append(eventDraft())
  jumped = YEAR
  const refused = await Promise.allSettled(Array.from({ length: 60 }, () => log.append(eventDraft())))
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set(['rejected']))
  const [first] = refused
  expect(first?.status === 'rejected' && first.reason).toBeInstanceOf(UnavailableError)
  expect(first).toMatchObject({ reason: { cause: { code: 'clock-ahead', writer: 'proxy-1' } } })
  await expect(open('proxy-2')).rejects.toMatchObject({ code: 'clock-ahead' })
  jumped = 0n
  const { seq, at } = await log.append(eventDraft())
  expect(seq).toBe(2)
  expect(at).toBeLessThanOrEqual(clock.now())
  expect((await store.heads()).map(({ writer }) => writer)).toEqual(['proxy-1', 'top'])
  const verdict = await verifyLog({
    ...{ store, verifierKeys: [keys.verifier], anchors: [anchor], now: clock.now() },
  })
  expect(verdict.findings).toEqual([])
})

test('a clock that differs by seconds, or is behind, is none the worse for it', async () => {
  await using log = await open('proxy-3')
  const places: number[] = []
  for (const by of [50_000_000n, -YEAR, 0n]) {
    jumped = by
    places.push((await log.append(eventDraft())).seq)
  }
  expect(places).toEqual([1, 2, 3])
})

test('a tree whose times are ahead all the same still grows: nobody is locked out for a year', async () => {
  await using elsewhere = openLogStore(database, { mindsClock: false })
  jumped = YEAR
  const ahead = await openAccessLog({ store: elsewhere, keys, clock, writer: asId<WriterId>('proxy-4') })
  await ahead[Symbol.asyncDispose]()
  jumped = 0n
  await using log = await open('proxy-4')
  await log.append(eventDraft())
  expect(log.metrics().aheadMs).toBeGreaterThan(364 * 86_400_000)
})
