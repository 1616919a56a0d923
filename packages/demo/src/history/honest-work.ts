import { isWorkingDay, type Day } from '../sample/day.ts'
import { randomFrom, type Random } from '../sample/random.ts'
import type { ProducerRow } from '../sample/records/producers.ts'
import { SAMPLE_SEED } from '../sample/sample-body.ts'
import type { SampleOperator } from '../sample/sample-operators.ts'
import type { HistoryBook } from './history-book.ts'
import type { HistoryPeople, Stint } from './history-people.ts'
import { LOOK_UPS } from './past-work.ts'

/** Works through every working day as people do: mostly by the book, sometimes hastily, never with intent. */
export function honestWork(people: HistoryPeople, book: HistoryBook): void {
  for (const stint of people.stints) {
    for (let day = stint.from; day < stint.to; day++) {
      if (!isWorkingDay(day)) continue
      const random = randomFrom(SAMPLE_SEED, 'history', stint.contract?.id ?? 'gse', day)
      for (const by of stint.crew) {
        if (random.chance(0.1)) continue
        if (stint.contract === null) officerDay(by, day, { people, book, random })
        else contactCentreDay(by, day, { stint, people, book, random })
      }
    }
  }
}

interface Desk {
  readonly people: HistoryPeople
  readonly book: HistoryBook
  readonly random: Random
}

const OPENS = 8 * 60
const CLOSES = 18 * 60

function contactCentreDay(by: SampleOperator, day: Day, desk: Desk & { readonly stint: Stint }): void {
  const { stint, people, book, random } = desk
  const contract = stint.contract
  if (contract === null) return
  for (let turn = random.int(1, 3); turn > 0; turn--) {
    // What the annex does not cover was done all the same while nobody looked: evaluation, correction.
    const drifts = contract.state === 'insolvent' && random.chance(0.05)
    const purpose = drifts
      ? random.pick([
          'antimafia-evaluation',
          'practice-evaluation',
          'practice-evaluation',
          'invoice-correction',
        ])
      : random.weighted(contract.enquiries)
    const caller = random.pick(people.callers)
    const minute = random.int(OPENS, CLOSES)
    const before = random.int(1, 40)
    const ticket = book.ticket({
      ...{ day, minute: minute - before, contract: contract.id, purpose },
      // Some matters concern nobody in particular when they are opened.
      about: random.chance(0.045) ? null : caller.producer_id,
      lasts: random.chance(0.97)
        ? before + (random.chance(0.75) ? random.int(10, 180) : random.int(1, 5) * 1_440)
        : null,
    })
    const given = random.weighted([
      [ticket.id as string | null, 970],
      // Forgotten, though there is one.
      [null, 20],
      // Another one of the day, mistyped.
      [book.tickets[book.tickets.length - 2]?.id ?? ticket.id, 6],
    ])
    if (random.chance(0.03))
      refusedFirst(by, day, minute - before / 2, { book, random, purpose, ticket: ticket.id })
    const steps = LOOK_UPS[purpose]?.length ?? 1
    for (let step = 0; step < (random.chance(0.6) ? steps : 1); step++) {
      book.access({
        day,
        minute: minute + step * random.int(1, 4),
        by,
        purpose,
        ticket: given,
        shown: [caller.producer_id],
        step,
      })
    }
  }
  if (random.chance(0.012)) driftRefused(by, day, desk)
}

/** The wrong purpose was chosen, and a minute later the right one. */
function refusedFirst(
  by: SampleOperator,
  day: Day,
  minute: number,
  {
    book,
    random,
    purpose,
    ticket,
  }: Pick<Desk, 'book' | 'random'> & { readonly purpose: string; readonly ticket: string },
): void {
  const mistaken = random.pick(['complaint-handling', 'portal-support', 'meter-reading-enquiry'])
  if (mistaken === purpose) return
  book.access({ day, minute, by, purpose: mistaken, ticket, shown: [], refused: 'ticket-other-purpose' })
}

/** Work asked for on the telephone, against the contract: now it is refused. */
function driftRefused(by: SampleOperator, day: Day, { book, random }: Desk): void {
  const purpose = random.weighted([
    ['practice-evaluation', 6],
    ['invoice-correction', 4],
    ['antimafia-evaluation', 1],
  ])
  book.access({
    day,
    minute: random.int(OPENS, CLOSES),
    by,
    purpose,
    ticket: null,
    shown: [],
    refused: 'outside-annex',
  })
}

const OFFICERS_WORK: Readonly<Record<string, string>> = {
  photovoltaic: 'practice-evaluation',
  antimafia: 'antimafia-evaluation',
  invoicing: 'invoice-correction',
}

function officerDay(by: SampleOperator, day: Day, { people, book, random }: Desk): void {
  const purpose = OFFICERS_WORK[by.unit] ?? 'complaint-handling'
  const regions = by.attributes['regions']
  for (let turn = random.int(2, 6); turn > 0; turn--) {
    const person = Array.isArray(regions)
      ? ofRegions(regions as readonly string[], people, random)
      : random.pick(people.callers)
    const minute = random.int(OPENS, 17 * 60)
    // Payments go by list, not by ticket.
    if (by.unit === 'invoicing' && random.chance(0.3)) {
      book.access({
        day,
        minute,
        by,
        purpose: 'incentive-payment',
        ticket: null,
        shown: [person.producer_id],
      })
      continue
    }
    const ticket = book.ticket({
      ...{ day, minute: minute - random.int(1, 60), contract: null, about: person.producer_id, purpose },
      lasts: random.int(1, 10) * 1_440,
    })
    book.access({ day, minute, by, purpose, ticket: ticket.id, shown: [person.producer_id] })
  }
}

function ofRegions(
  regions: readonly string[],
  { byRegion, callers }: HistoryPeople,
  random: Random,
): ProducerRow {
  for (let tries = 0; tries < 20; tries++) {
    const [first, ...others] = byRegion.get(regions[random.int(0, regions.length - 1)] ?? '') ?? []
    if (first !== undefined) return random.pick([first, ...others])
  }
  return random.pick(callers)
}
