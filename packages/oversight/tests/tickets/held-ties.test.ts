import type { OversightFigures, WorkFigure } from '@varco/oversight'
import { describe, expect, test } from 'vitest'
import { heldTies } from '../../src/tickets/held-ties.ts'
import { startOfMonth } from '../../src/watch/local-time.ts'

const ZONE = 'Europe/Rome'
const DAY_US = 86_400_000_000n
const [MAY, JUNE, JULY] = ['2026-05', '2026-06', '2026-07'].map((month) => startOfMonth(month, ZONE))
if (MAY === undefined || JUNE === undefined || JULY === undefined) throw new Error('three months')

/** Accesses at noon of a day of May or June, by so many people in the month, so many of them without ticket. */
interface Work {
  readonly at: bigint
  readonly month: string
  readonly accesses: number
  readonly without?: number
  readonly workers?: number
}

const TICKETS = 200
const may: Work = { at: MAY + DAY_US / 2n, month: '2026-05', accesses: 90, without: 20 }
const june: Work = { at: JUNE + DAY_US / 2n, month: '2026-06', accesses: 70, without: 10 }

function figuresOf(works: readonly Work[]): OversightFigures {
  const work = works.map(({ month, accesses, workers = 9 }): WorkFigure => ({
    ...{ month, dimension: 'purpose', value: 'invoice-enquiry', decision: 'permit', workers },
    ...{ accesses, firstAt: 0n, fifthAt: 0n, evidence: [] },
  }))
  return {
    work: async (_, from, to) => work.filter(({ month }) => month >= from && month <= to),
    refusals: async () => [],
    tickets: async () => [],
    ties: async (_, from, to) =>
      [...Map.groupBy(works, ({ month }) => month)].flatMap(([month, some]) => {
        const accesses = some.reduce((sum, work) => sum + work.accesses, 0)
        const accessesWithoutTicket = some.reduce((sum, { without = 0 }) => sum + without, 0)
        return month >= from && month <= to ? [{ month, accesses, accessesWithoutTicket }] : []
      }),
    // Each access with a ticket has one of its own.
    unusedTickets: async (_, from, to) =>
      works
        .filter(({ at }) => at >= from && at < to)
        .reduce((rest, { accesses, without = 0 }) => rest - accesses + without, TICKETS),
  }
}

/** A day after the end of June, and a little. */
const NOW = JULY + 2n * DAY_US

const tiesOf = (works: readonly Work[], span: { from?: bigint; to?: bigint; now?: bigint } = {}) =>
  heldTies(figuresOf(works), {
    ...{ from: MAY, to: JULY, now: NOW, ...span },
    ...{ contract: 'aurora-2026', timeZone: ZONE, purposes: [] },
  })
const HELD = { accesses: null, accessesWithoutTicket: null, ticketsWithoutAccess: null }

test('accesses of whole months of enough people are told', async () => {
  const all = { accesses: 160, accessesWithoutTicket: 30, ticketsWithoutAccess: TICKETS - 130 }
  expect(await tiesOf([may, june])).toEqual(all)
  // A silent month does not matter.
  expect(await tiesOf([may, june], { from: 0n })).toEqual(all)
})

test('a month is told from a day after its end on, and what comes to it before changes nothing', async () => {
  const ofMay = { accesses: 90, accessesWithoutTicket: 20, ticketsWithoutAccess: TICKETS - 70 }
  const more = { ...june, accesses: 71 }
  for (const now of [JUNE + 10n * DAY_US, JULY, JULY + DAY_US - 1n])
    for (const works of [[may], [may, june], [may, more]])
      for (const to of [JUNE + 10n * DAY_US, JULY]) expect(await tiesOf(works, { to, now })).toEqual(ofMay)
  expect(await tiesOf([may, june], { now: JULY + DAY_US })).toMatchObject({ accesses: 160 })
  expect(await tiesOf([may, june], { from: JUNE, now: JULY })).toEqual(HELD)
})

describe('held back are', () => {
  test('accesses of few people, which one period would come to without another', async () => {
    const few = { ...may, workers: 4 }
    expect(await tiesOf([few, june], { from: JUNE })).toMatchObject({ accesses: 70 })
    expect(await tiesOf([few, june])).toEqual(HELD)
  })

  test('accesses of a period that a day more or less would tell the day of', async () => {
    expect(await tiesOf([may, june], { from: MAY + 1n })).toEqual(HELD)
    expect(await tiesOf([may, june], { to: JULY - DAY_US })).toEqual(HELD)
  })

  test('a day without any access, which the next day would be told from; a whole month without is told', async () => {
    expect(await tiesOf([may], { from: MAY + DAY_US, to: MAY + 2n * DAY_US })).toEqual(HELD)
    const nobody = { accesses: 0, accessesWithoutTicket: 0, ticketsWithoutAccess: TICKETS }
    expect(await tiesOf([may], { from: JUNE })).toEqual(nobody)
  })

  test('accesses of which the watch does not know yet who is behind them', async () => {
    const late: Work = { at: JUNE - 1n, month: '2026-05', accesses: 3 }
    const figures = figuresOf([may, june])
    const more = figuresOf([may, late, june])
    const request = { from: MAY, to: JULY, now: NOW, contract: null, timeZone: ZONE, purposes: [] }
    expect(await heldTies({ ...more, work: (...asked) => figures.work(...asked) }, request)).toMatchObject({
      accesses: 163,
    })
    const unwatched = { ...more, work: async () => await figures.work(null, '2026-06', '2026-06') }
    expect(await heldTies(unwatched, request)).toEqual(HELD)
  })

  test('nothing, and it is said, while a day is not counted yet', async () => {
    const uncounted = { ...figuresOf([may, june]), ties: async () => null }
    const request = { from: MAY, to: JULY, now: NOW, contract: null, timeZone: ZONE, purposes: [] }
    expect(await heldTies(uncounted, request)).toBe('uncounted')
    // Of a period that nothing is told of nothing is missing.
    expect(await heldTies(uncounted, { ...request, from: MAY + 1n })).toEqual(HELD)
  })

  test('those without ticket, where they or those with one are few in a month', async () => {
    for (const without of [3, 87])
      expect(await tiesOf([{ ...may, without }, june])).toMatchObject({
        accesses: 160,
        accessesWithoutTicket: null,
      })
  })
})

test('a month begins where the body is', () => {
  expect(new Date(Number(MAY / 1_000n)).toISOString()).toBe('2026-04-30T22:00:00.000Z')
})
