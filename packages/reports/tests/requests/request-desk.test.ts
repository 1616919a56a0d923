import { openAccessLogReader, generateLogKeys, openAccessLog } from '@varco/access-log'
import { memoryLogStore } from '@varco/access-log/testing'
import { asId, isoToMicros, UnavailableError, type Micros, type WriterId } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import {
  holidaysOf,
  openRequestDesk,
  remindOfRequests,
  type DataSubjectRequest,
  type Reminder,
  type RequestDesk,
  type RequestDeskDeps,
} from '@varco/reports'
import { memoryRequestStore } from '@varco/reports/testing'
import { beforeEach, describe, expect, test } from 'vitest'

const at = (iso: string): Micros => isoToMicros(iso) ?? 0n
const DAY = 86_400_000_000n
const REASON = 'Richiesta complessa: archivi di tre società.'

let clock: ManualClock
let deps: RequestDeskDeps
let desk: RequestDesk
let acts: () => Promise<unknown[]>

beforeEach(async () => {
  clock = new ManualClock(at('2026-06-10T09:00:00Z'))
  const store = memoryLogStore()
  const keys = generateLogKeys('gse.example/varco')
  const log = await openAccessLog({ store, keys, clock, writer: asId<WriterId>('console-1') })
  const reader = openAccessLogReader({ store, keys })
  deps = {
    store: memoryRequestStore(),
    log,
    clock,
    newId: () => 'R-1',
    calendar: { timeZone: 'Europe/Rome', isHoliday: holidaysOf('IT') },
  }
  desk = openRequestDesk(deps)
  acts = async () => {
    const { events } = await reader.search({ kind: 'request-moved', limit: 100 })
    return events.toReversed().map(({ detail, operator }) => ({ operator, ...detail }))
  }
})

const received = (change: Partial<Parameters<RequestDesk['receive']>[0]> = {}): Promise<DataSubjectRequest> =>
  desk.receive({
    right: 'access',
    receivedAt: clock.now(),
    channel: 'portal',
    identifier: 'RSSMRA80A01H501U',
    replyTo: 'mario@posta.example',
    by: 'URP-1',
    ...change,
  })

const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error as { reason?: unknown }).reason ?? error,
  )

test('from receipt to answer, each step in the log with nothing personal', async () => {
  const { id } = await received()
  expect(id).toBe('RQ-2026-000001')
  await desk.askIdentity(id, 'URP-1')
  clock.advance(2n * DAY)
  await desk.settleIdentity(id, true, 'URP-1')
  await desk.extend(id, REASON, 'RPD-1')
  const { outcome } = await desk.answer(id, 'ab'.repeat(32), 'RPD-1')
  expect(outcome).toMatchObject({ kind: 'answered', by: 'RPD-1', answer: 'ab'.repeat(32) })
  const recorded = await acts()
  expect(recorded).toEqual([
    { operator: 'URP-1', request: id, right: 'access', act: 'received', channel: 'portal' },
    { operator: 'URP-1', request: id, right: 'access', act: 'identity-asked' },
    { operator: 'URP-1', request: id, right: 'access', act: 'identity-confirmed' },
    { operator: 'RPD-1', request: id, right: 'access', act: 'extended' },
    {
      operator: 'RPD-1',
      request: id,
      right: 'access',
      act: 'answered',
      late: false,
      answer: 'ab'.repeat(32),
    },
  ])
  expect(JSON.stringify(recorded)).not.toMatch(/RSSMRA|mario/)
})

test('an answer after the last day says so in the log', async () => {
  const { id } = await received()
  await desk.settleIdentity(id, true, 'URP-1')
  clock.advance(31n * DAY)
  await desk.answer(id, 'ab'.repeat(32), 'RPD-1')
  expect((await acts()).at(-1)).toMatchObject({ act: 'answered', late: true })
})

describe('refuses', () => {
  test('an answer while nobody knows whether it goes to the right person', async () => {
    const { id } = await received()
    expect(await rejection(desk.answer(id, 'ab'.repeat(32), 'RPD-1'))).toBe('identity-open')
    await desk.askIdentity(id, 'URP-1')
    await desk.settleIdentity(id, false, 'URP-1')
    expect(await rejection(desk.answer(id, 'ab'.repeat(32), 'RPD-1'))).toBe('identity-open')
    await desk.refuse(id, 'identity-not-confirmed', REASON, 'RPD-1')
  })

  test('an extension after the first month, a second one, and one without a reason', async () => {
    const { id } = await received()
    expect(await rejection(desk.extend(id, 'troppo lavoro', 'RPD-1'))).toBe('no-reason')
    clock.advance(31n * DAY)
    expect(await rejection(desk.extend(id, REASON, 'RPD-1'))).toBe('extension-late')
    clock.advance(-31n * DAY)
    await desk.extend(id, REASON, 'RPD-1')
    expect(await rejection(desk.extend(id, REASON, 'RPD-1'))).toBe('extended-before')
  })

  test('to call a request excessive without saying why', async () => {
    const { id } = await received()
    expect(await rejection(desk.refuse(id, 'manifestly-excessive', 'basta', 'RPD-1'))).toBe('no-reason')
    const { outcome } = await desk.refuse(id, 'manifestly-excessive', REASON, 'RPD-1')
    expect(outcome).toMatchObject({ kind: 'refused', ground: 'manifestly-excessive', reason: REASON })
  })

  test('a ground that did not happen, an unknown request, a closed one, and one from the future', async () => {
    const { id } = await received()
    expect(await rejection(desk.refuse(id, 'identity-not-confirmed', REASON, 'RPD-1'))).toBe(
      'identity-not-asked',
    )
    expect(await rejection(desk.withdraw('RQ-2026-999999', 'RPD-1'))).toBe('unknown')
    await desk.withdraw(id, 'URP-1')
    expect(await rejection(desk.withdraw(id, 'URP-1'))).toBe('closed')
    expect(await rejection(received({ receivedAt: clock.now() + 1n }))).toBe('future')
  })

  test('the second of two people who decide at once', async () => {
    const { id } = await received()
    const outcomes = await Promise.all([
      rejection(desk.withdraw(id, 'URP-1')),
      rejection(desk.refuse(id, 'manifestly-unfounded', REASON, 'RPD-1')),
    ])
    expect(new Set(outcomes)).toEqual(new Set(['changed', 'done']))
  })

  test('to move anything that cannot be recorded', async () => {
    const { id } = await received()
    const away = openRequestDesk({
      ...deps,
      log: { append: () => Promise.reject(new UnavailableError('access log')) },
    })
    expect(await rejection(away.withdraw(id, 'URP-1'))).toBeInstanceOf(UnavailableError)
    expect((await deps.store.find(id))?.outcome).toBeNull()
  })
})

describe('reminds', () => {
  const told: string[] = []
  const remind = async (): Promise<string[]> => {
    told.splice(0)
    await remindOfRequests(deps, async ({ request, daysLeft }) => {
      told.push(`${request.id} ${daysLeft}`)
    })
    return [...told]
  }

  test('once at each step, whichever node comes first, and once when it is too late', async () => {
    const { id } = await received()
    const days: string[] = []
    const tell = async (reminder: Reminder): Promise<void> => {
      days.push(`${reminder.request.id} ${reminder.daysLeft}`)
    }
    for (let day = 0; day <= 40; day++) {
      await Promise.all([remindOfRequests(deps, tell), remindOfRequests(deps, tell)])
      clock.advance(DAY)
    }
    expect(days).toEqual([14, 7, 3, 1, 0, -1].map((left) => `${id} ${left}`))
    const given = (await acts()).filter((act) => (act as { act?: string }).act === 'reminded')
    expect(given).toHaveLength(6)
  })

  test('again after an extension, and not of what is closed or stands still', async () => {
    const { id } = await received()
    clock.advance(23n * DAY)
    expect(await remind()).toEqual([`${id} 7`])
    await desk.extend(id, REASON, 'RPD-1')
    expect(await remind()).toEqual([])
    clock.advance(60n * DAY)
    expect(await remind()).toEqual([`${id} 9`])
    await desk.withdraw(id, 'URP-1')
    clock.advance(9n * DAY)
    expect(await remind()).toEqual([])
  })
})
