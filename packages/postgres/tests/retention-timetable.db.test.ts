import { isoToMicros, microsToIso, silentDiagnostics } from '@varco/core'
import { openRetentionTimetable, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import type { OnOccurrence, Timetable } from '@varco/retention'
import { TestClock } from 'pg-boss'
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest'

const MINUTE = 60_000
const NIGHTLY = { rule: 'visitors', cron: '30 2 * * *', timeZone: 'Europe/Rome' }
const SOON = { timeout: 60_000 }
const LONG = 180_000

let database: Database
beforeEach(async () => {
  database = await scratchDatabase(inject('serverUrl'))
})
afterEach(() => database[Symbol.asyncDispose]())

async function open(clock: TestClock, onOccurrence: OnOccurrence): Promise<Timetable> {
  return openRetentionTimetable({ url: database.url, onOccurrence, diagnostics: silentDiagnostics, clock })
}

/** Minute by minute, as a process lives through it. */
async function live(clock: TestClock, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) await clock.tick(MINUTE)
}

test(
  'an occurrence calls once, by the body’s own clock, through summer time and back; a rule kept no more never',
  async () => {
    const clock = new TestClock('2026-11-26T01:29:00Z')
    const calls: string[] = []
    await using timetable = await open(clock, async (rule) => {
      calls.push(rule)
    })
    await timetable.keep([NIGHTLY, { ...NIGHTLY, rule: 'noons', cron: '0 12 * * *' }])
    await live(clock, 3)
    await vi.waitFor(() => {
      expect(calls).toEqual(['visitors'])
    }, SOON)
    await timetable.keep([])
    await clock.setTime('2026-11-27T01:29:00Z')
    await live(clock, 3)
    expect(calls).toEqual(['visitors'])
    // The hour that the clock skips comes after it; the one that it shows twice comes once.
    for (const [after, expected] of [
      ['2026-03-28T12:00:00Z', '2026-03-29T01:30'],
      ['2026-10-25T00:30:00Z', '2026-10-26T01:30'],
    ] as const)
      expect(microsToIso(timetable.nextAfter(NIGHTLY, isoToMicros(after) ?? 0n))).toContain(expected)
  },
  LONG,
)

test(
  'occurrences that nobody was there for are caught up once',
  async () => {
    const clock = new TestClock('2026-11-26T00:00:00Z')
    const calls: string[] = []
    const onOccurrence: OnOccurrence = async (rule) => {
      calls.push(rule)
    }
    {
      await using timetable = await open(clock, onOccurrence)
      await timetable.keep([NIGHTLY])
      await live(clock, 1)
    }
    await clock.setTime('2026-12-03T12:00:00Z')
    await using timetable = await open(clock, onOccurrence)
    await timetable.keep([NIGHTLY])
    await live(clock, 2)
    await vi.waitFor(() => {
      expect(calls).toEqual(['visitors'])
    }, SOON)
    await live(clock, 2)
    expect(calls).toEqual(['visitors'])
  },
  LONG,
)

test(
  'of two nodes one sees to an occurrence, and none to the next beside it',
  async () => {
    const clock = new TestClock('2026-11-26T01:29:00Z')
    const gate = Promise.withResolvers<void>()
    let calls = 0
    const onOccurrence: OnOccurrence = async () => {
      calls += 1
      await gate.promise
    }
    await using one = await open(clock, onOccurrence)
    await using two = await open(clock, onOccurrence)
    for (const node of [one, two]) await node.keep([{ ...NIGHTLY, cron: '* * * * *' }])
    await live(clock, 3)
    await vi.waitFor(() => {
      expect(calls).toBe(1)
    }, SOON)
    await live(clock, 2)
    expect(calls).toBe(1)
    gate.resolve()
  },
  LONG,
)
