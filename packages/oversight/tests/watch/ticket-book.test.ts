import type { SubjectLookup } from '@varco/access-log'
import type { TicketFacts, WatchedTicket } from '@varco/oversight'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TicketBook } from '../../src/watch/ticket-book.ts'

const DAY_US = 86_400_000_000
const CONTRACT = 'aurora-2026'
const lookup = (name: string): SubjectLookup => name.padEnd(16, '.') as SubjectLookup

function ticket(id: string, day: number, subjects: readonly SubjectLookup[]): WatchedTicket {
  return {
    id,
    contract: CONTRACT,
    purpose: 'invoice-enquiry',
    subjects,
    openedAt: day * DAY_US,
    closedAt: null,
  }
}

/** @param gate waited for before anything is told */
function factsOf(
  tickets: readonly WatchedTicket[],
  gate: () => Promise<void> = () => Promise.resolve(),
): TicketFacts {
  return {
    byId: async (ids) => new Map(tickets.filter(({ id }) => ids.includes(id)).map((each) => [each.id, each])),
    openedBetween: async (contract, from, to) => {
      await gate()
      return tickets.filter(
        (each) => each.contract === contract && each.openedAt >= from && each.openedAt < to,
      )
    },
    repeatedBetween: async () => [],
  }
}

const idsOf = (tickets: readonly WatchedTicket[]): readonly string[] => tickets.map(({ id }) => id).sort()

test('tickets are found under every kind their data subject could be of, those of the month before alone', async () => {
  const anna = [lookup('producer anna'), lookup('visitor anna')]
  const book = new TicketBook(
    factsOf([
      ticket('T-1', 100, anna),
      ticket('T-2', 110, anna),
      // As somebody else would tell of her.
      ticket('T-3', 111, [...anna]),
      ticket('T-old', 60, anna),
      ticket('T-nobody', 110, []),
      ticket('T-later', 121, anna),
    ]),
  )
  await book.ensure(CONTRACT, 115 * DAY_US, 125 * DAY_US, 1_000 * DAY_US)
  for (const each of anna)
    expect(idsOf(book.about(CONTRACT, each, 120 * DAY_US))).toEqual(['T-1', 'T-2', 'T-3'])
  expect(book.about(CONTRACT, lookup('bruno'), 120 * DAY_US)).toEqual([])
  expect(book.about(null, lookup('producer anna'), 120 * DAY_US)).toEqual([])
})

describe('while the next batch’s tickets are asked for, those of the one before stay', () => {
  const anna = [lookup('anna')]
  const tickets = [ticket('T-1', 80, anna), ticket('T-2', 95, anna), ticket('T-3', 300, anna)]

  test.each([
    ['a day later', 101],
    ['when days enough have passed to tidy up', 175],
    ['when the contract was silent for months', 300],
  ])('%s', async (_, next) => {
    const book = new TicketBook(factsOf(tickets))
    await book.ensure(CONTRACT, 100 * DAY_US, 100 * DAY_US, 1_000 * DAY_US)
    for (let day = 110; day < next - 30; day += 30)
      await book.ensure(CONTRACT, 100 * DAY_US, day * DAY_US, 1_000 * DAY_US)
    await book.ensure(CONTRACT, next * DAY_US, next * DAY_US, 1_000 * DAY_US)
    expect(idsOf(book.about(CONTRACT, lookup('anna'), 100 * DAY_US))).toEqual(
      expect.arrayContaining(['T-1', 'T-2']),
    )
  })

  test('those of days on which more may come, too', async () => {
    let isOpen: Promise<void> = Promise.resolve()
    let open: () => void = () => {}
    const book = new TicketBook(factsOf(tickets, () => isOpen))
    await book.ensure(CONTRACT, 96 * DAY_US, 96 * DAY_US, 96 * DAY_US)
    isOpen = new Promise((resolve) => (open = resolve))
    const next = book.ensure(CONTRACT, 97 * DAY_US, 97 * DAY_US, 96 * DAY_US)
    expect(idsOf(book.about(CONTRACT, lookup('anna'), 96 * DAY_US))).toEqual(['T-1', 'T-2'])
    open()
    await next
    expect(idsOf(book.about(CONTRACT, lookup('anna'), 96 * DAY_US))).toEqual(['T-1', 'T-2'])
  })
})

test('however batches follow one another, each finds what a book of its own would', async () => {
  const names = ['a', 'b', 'c'].map((name) => [lookup(name)])
  const day = fc.integer({ min: 0, max: 400 })
  const wrong: unknown[] = []
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(day, fc.constantFrom(...names)), { maxLength: 40 }),
      fc.array(fc.tuple(day, fc.integer({ min: 0, max: 20 })), { minLength: 2, maxLength: 12 }),
      async (opened, spans) => {
        const tickets = opened.map(([at, subjects], i) => ticket(`T-${i}`, at, subjects))
        const batches = spans.toSorted(([a], [b]) => a - b)
        const book = new TicketBook(factsOf(tickets))
        const found = (of: TicketBook, [from, days]: readonly [number, number]) =>
          names.flatMap((subjects) =>
            [from, from + days].map((at) => [
              ...new Set(idsOf(of.about(CONTRACT, subjects[0] ?? lookup(''), at * DAY_US))),
            ]),
          )
        for (const [i, batch] of batches.entries()) {
          const [from, days] = batch
          await book.ensure(CONTRACT, from * DAY_US, (from + days) * DAY_US, 1_000 * DAY_US)
          // The one before is judged only now, then this one.
          for (const judged of batches.slice(Math.max(0, i - 1), i + 1)) {
            const own = new TicketBook(factsOf(tickets))
            await own.ensure(CONTRACT, judged[0] * DAY_US, (judged[0] + judged[1]) * DAY_US, 1_000 * DAY_US)
            if (JSON.stringify(found(book, judged)) !== JSON.stringify(found(own, judged))) wrong.push(judged)
          }
        }
        return wrong.length === 0
      },
    ),
    { numRuns: 200 },
  )
  expect(wrong).toEqual([])
})
