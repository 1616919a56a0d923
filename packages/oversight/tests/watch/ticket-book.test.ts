import type { SubjectLookup } from '@varco/access-log'
import type { TicketFacts, WatchedTicket } from '@varco/oversight'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BatchTickets } from '../../src/watch/batch-tickets.ts'
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

/** @param asked every stretch of days that was read */
function factsOf(tickets: readonly WatchedTicket[], asked: (readonly [number, number])[] = []): TicketFacts {
  return {
    byId: async () => new Map(),
    openedBetween: async (contract, from, to) => {
      asked.push([from / DAY_US, to / DAY_US - 1])
      return tickets.filter(
        (each) => each.contract === contract && each.openedAt >= from && each.openedAt < to,
      )
    },
    repeatedBetween: async () => [],
  }
}

interface Span {
  readonly from: number
  readonly to: number
}

/** A batch's tickets, as it is judged by them. */
async function ofBatch(
  book: TicketBook,
  { from, to }: Span,
  { now = 1_000, asked = [] }: { readonly now?: number; readonly asked?: readonly SubjectLookup[] } = {},
): Promise<BatchTickets> {
  const span = { from: from * DAY_US, to: to * DAY_US, now: now * DAY_US }
  const batch = new BatchTickets()
  batch.file(CONTRACT, await book.opened(CONTRACT, span), asked)
  return batch
}

const idsOf = (tickets: readonly WatchedTicket[]): readonly string[] => tickets.map(({ id }) => id).sort()

test.each(['those who were to be asked for', 'others too'])(
  'tickets are found under every kind their data subject could be of, those of the month before alone: %s',
  async (who) => {
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
    const asked = who === 'others too' ? [] : anna
    const batch = await ofBatch(book, { from: 115, to: 125 }, { asked })
    for (const each of anna)
      expect(idsOf(batch.about(CONTRACT, each, 120 * DAY_US))).toEqual(['T-1', 'T-2', 'T-3'])
    expect(batch.about(CONTRACT, lookup('bruno'), 120 * DAY_US)).toEqual([])
    expect(batch.about(null, lookup('producer anna'), 120 * DAY_US)).toEqual([])
  },
)

test('a day that is settled is read once, one on which tickets may still come each time', async () => {
  const anna = [lookup('anna')]
  const tickets = [ticket('T-1', 95, anna)]
  const asked: (readonly [number, number])[] = []
  const book = new TicketBook(factsOf(tickets, asked))
  await ofBatch(book, { from: 96, to: 98 }, { now: 98 })
  tickets.push(ticket('T-late', 97, anna))
  const batch = await ofBatch(book, { from: 98, to: 99 }, { now: 99 })
  expect(idsOf(batch.about(CONTRACT, lookup('anna'), 99 * DAY_US))).toEqual(['T-1', 'T-late'])
  expect(asked).toEqual([
    [66, 95],
    [96, 98],
    [96, 96],
    [97, 99],
  ])
})

test('however batches follow one another, each finds what a book of its own would, whatever is asked for meanwhile', async () => {
  const names = ['a', 'b', 'c'].map((name) => lookup(name))
  const day = fc.integer({ min: 0, max: 400 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(day, fc.constantFrom(...names)), { maxLength: 40 }),
      fc.array(fc.tuple(day, fc.integer({ min: 0, max: 60 })), { minLength: 2, maxLength: 12 }),
      fc.subarray(names),
      async (opened, spans, asked) => {
        const tickets = opened.map(([at, subject], i) => ticket(`T-${i}`, at, [subject]))
        // Trees are merged by their times; one that comes late steps back.
        const batches = spans
          .map(([from, days]) => ({ from, to: from + days }))
          .toSorted((a, b) => Math.floor(a.from / 20) - Math.floor(b.from / 20))
        const found = (of: BatchTickets, { from, to }: Span) =>
          names.map((each) => [from, to].map((at) => idsOf(of.about(CONTRACT, each, at * DAY_US))))
        const book = new TicketBook(factsOf(tickets))
        let before: { readonly span: Span; readonly batch: BatchTickets } | null = null
        for (const span of batches) {
          const batch = await ofBatch(book, span, { asked })
          for (const judged of [before ?? { span, batch }, { span, batch }]) {
            const own = await ofBatch(new TicketBook(factsOf(tickets)), judged.span)
            expect(found(judged.batch, judged.span)).toEqual(found(own, judged.span))
          }
          before = { span, batch }
        }
      },
    ),
    { numRuns: 200 },
  )
})
