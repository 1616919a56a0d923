import { generateLogKeys, openAccessLog, openAccessLogReader } from '@varco/access-log'
import { eventDraft } from '@varco/access-log/testing'
import { asId, UnavailableError } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import { openDatabase, openLogStore, postgresAccessCounts, postgresSavedSearches } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { describe, expect, inject, test } from 'vitest'
import { summariseDay } from '../../src/home/day-summary.ts'
import { countsFromReader } from '../support/counts-from-reader.ts'
import { MORNING } from '../support/open-console.ts'
import { savedSearchesContract } from './saved-searches.contract.ts'

describe('searches on PostgreSQL', () => {
  savedSearchesContract(async () => {
    const database = await scratchDatabase(inject('serverUrl'))
    return {
      ...postgresSavedSearches(database),
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    }
  })
})

test('the database counts a day as one who reads every event does', async () => {
  await using database = await scratchDatabase(inject('serverUrl'))
  const clock = new ManualClock(MORNING)
  const store = openLogStore(database, { mindsClock: false })
  const keys = generateLogKeys('gse.example/varco')
  await using log = await openAccessLog({ store, keys, clock, writer: asId('console-1') })
  for (let index = 0; index < 60; index++) {
    await log.append(
      eventDraft({
        processor: index % 3 === 0 ? null : 'aurora',
        purpose: index % 5 === 0 ? null : 'invoice-enquiry',
        ...(index % 4 === 0
          ? {
              decision: 'deny',
              reasons: ['outside-annex', 'no-rule'],
              plain: [],
              masked: [],
              disclosures: [],
            }
          : { masked: index % 2 === 0 ? ['iban'] : [] }),
      }),
    )
    clock.advance(240_000_000n)
  }
  const span = { from: MORNING, to: MORNING + 10_800_000_000n, now: clock.now() }
  const summary = async (counts: ReturnType<typeof countsFromReader>) =>
    summariseDay(await counts.count(span), (hour) => hour)
  const read = await summary(countsFromReader(openAccessLogReader({ store, keys })))
  const counted = await summary(postgresAccessCounts(database))
  const sorted = (pairs: Iterable<readonly [unknown, unknown]>) =>
    [...pairs].map((pair) => JSON.stringify(pair)).sort()
  expect(read.permit + read.deny).toBe(45)
  expect({ permit: counted.permit, deny: counted.deny, masked: counted.masked }).toEqual({
    permit: read.permit,
    deny: read.deny,
    masked: read.masked,
  })
  for (const key of ['byProcessor', 'byPurpose', 'byHour', 'byReason'] as const) {
    expect([key, sorted(counted[key])]).toEqual([key, sorted(read[key])])
  }
})

test('an hour that is over is counted once, the last two each time, wherever a day begins', async () => {
  await using database = await scratchDatabase(inject('serverUrl'))
  const clock = new ManualClock(MORNING)
  const store = openLogStore(database, { mindsClock: false })
  const keys = generateLogKeys('gse.example/varco')
  await using log = await openAccessLog({ store, keys, clock, writer: asId('console-1') })
  const read = countsFromReader(openAccessLogReader({ store, keys }))
  const counts = postgresAccessCounts(database)
  const HOUR = 3_600_000_000n
  const perHour = async (of: typeof read, from: bigint): Promise<unknown> => {
    const found = await of.count({ from, to: MORNING + 20n * HOUR, now: clock.now() })
    return Object.groupBy(found, ({ hour }) => hour)
  }
  const sums = async (of: typeof read, from: bigint): Promise<unknown> =>
    Object.entries((await perHour(of, from)) as Record<string, { count: number }[]>).map(([hour, some]) => [
      hour,
      some.reduce((sum, { count }) => sum + count, 0),
    ])
  for (let step = 0; step < 12; step++) {
    await log.append(eventDraft({}))
    clock.advance(HOUR / 2n)
    for (const from of [MORNING, MORNING + HOUR / 2n, MORNING + 2n * HOUR])
      expect([step, await sums(counts, from)]).toEqual([step, await sums(read, from)])
  }
  // One that is over is not taken whole where what is asked ends within it.
  const early = { from: MORNING, to: MORNING + HOUR / 4n, now: clock.now() }
  expect((await counts.count(early)).reduce((sum, { count }) => sum + count, 0)).toBe(1)
  // Six hours have passed: what is taken from the first five is not looked for again.
  await database.pool.query('DELETE FROM varco.events WHERE at_us < $1', [clock.now() - HOUR / 2n])
  expect(await sums(counts, MORNING)).toEqual([
    ...[0, 1, 2, 3, 4].map((hour) => [String(hour), 2]),
    ...(((await sums(read, MORNING)) as unknown[]) ?? []),
  ])
})

test('without a database both say so', async () => {
  await using database = openDatabase({ url: 'postgres://varco@127.0.0.1:1/varco' })
  await expect(postgresSavedSearches(database).of('DPO-1')).rejects.toThrow(UnavailableError)
  await expect(postgresAccessCounts(database).count({ from: 0n, to: 1n, now: 2n })).rejects.toThrow(
    UnavailableError,
  )
})
