import { asId, type Micros, type Pseudonym, type TicketId } from '@varco/core'
import type { Ticket } from '@varco/engagement'
import { atMinute, dayOf, isoDay, isWorkingDay, minutesLater, type Day } from './day.ts'
import { randomFrom, type Random } from './random.ts'
import {
  producerTraits,
  SAMPLE_CITIZEN,
  SAMPLE_PRODUCERS,
  SAMPLE_SEED,
  type ProducerTraits,
} from './sample-body.ts'
import { AURISPOLA, SAMPLE_CONTRACTS, type SampleContract } from './sample-contracts.ts'
import { sampleOperators, type SampleOperator } from './sample-operators.ts'

/** A ticket, and what the contractor's own system knows of it. */
export interface HandledTicket extends Ticket {
  readonly dataSubject: string
  readonly channel: 'phone' | 'email' | 'portal'
  readonly handledBy: Pseudonym
}

/**
 * Tickets of every contract up to `now`, oldest first: a history that depends on the day alone, and for the shift
 * that is on, four to each operator and some to the body's own offices, opened in the hours before `now`.
 */
export function sampleTickets(now: Micros, producers: number = SAMPLE_PRODUCERS): readonly Ticket[] {
  return [
    ...ticketHistory(now, producers),
    ...shiftTickets(now, producers),
    ...officeTickets(now, producers),
  ].map(({ id, contract, dataSubject, purpose, status, openedAt, closedAt }) => ({
    ...{ id, contract, dataSubject, purpose, status, openedAt, closedAt },
  }))
}

/** What each contractor worked on, day by day until the day before `now`. */
export function* ticketHistory(now: Micros, producers: number = SAMPLE_PRODUCERS): Generator<HandledTicket> {
  for (const contract of SAMPLE_CONTRACTS) {
    const crew = crewOf(contract)
    const end = Math.min(dayOf(contract.to), dayOf(now))
    for (let day = dayOf(contract.from) + 1; day < end; day += 1) {
      if (isWorkingDay(day)) yield* ticketsOfDay(contract, day, { crew, now, producers })
    }
  }
}

interface Desk {
  readonly crew: Crew
  readonly now: Micros
  readonly producers: number
}
type Crew = readonly [SampleOperator, ...SampleOperator[]]

function* ticketsOfDay(contract: SampleContract, day: Day, desk: Desk): Generator<HandledTicket> {
  const random = randomFrom(SAMPLE_SEED, 'tickets', contract.id, day)
  const count = random.int(Math.ceil(contract.ticketsPerDay * 0.7), Math.ceil(contract.ticketsPerDay * 1.3))
  for (let number = 1; number <= count; number += 1) {
    const purpose = random.weighted(contract.enquiries)
    const openedAt = atMinute(day, random.int(7 * 60, 17 * 60))
    const lasts = random.chance(0.7) ? random.int(3, 180) : random.int(1, 6) * 1440 + random.int(-300, 300)
    const closes = minutesLater(openedAt, lasts)
    // A contractor's last days: what was not closed by then was never closed.
    const closedAt = closes >= contract.to || closes > desk.now ? null : closes
    yield {
      id: ticketId(day, number),
      contract: contract.id,
      dataSubject: enquirer(random, purpose, desk.producers).producerId,
      purpose: asId(purpose),
      status: closedAt === null ? 'open' : 'closed',
      openedAt,
      closedAt,
      channel: random.weighted([
        ['phone', 6],
        ['email', 3],
        ['portal', 2],
      ]),
      handledBy: random.pick(desk.crew).pseudonym,
    }
  }
}

const PER_OPERATOR = 4
const SHIFT_NUMBERS = 5_000
const OFFICE_NUMBERS = 9_000

/** The tickets on the operators' desks at `now`: of each four, the first three are open. */
function* shiftTickets(now: Micros, producers: number): Generator<HandledTicket> {
  const day = dayOf(now)
  const random = randomFrom(SAMPLE_SEED, 'shift', day)
  let number = SHIFT_NUMBERS
  for (const [seat, operator] of crewOf(AURISPOLA).entries()) {
    for (let turn = 0; turn < PER_OPERATOR; turn += 1) {
      number += 1
      const purpose = random.weighted(AURISPOLA.enquiries)
      const openedAt = minutesLater(now, -random.int(60, 300))
      const open = turn < PER_OPERATOR - 1
      // Some fifteen operators have the same citizen before them: the one the access report is written for.
      const aboutCitizen = turn === 0 && seat % 7 === 0 && purpose !== 'antimafia-status'
      yield {
        id: ticketId(day, number),
        contract: AURISPOLA.id,
        dataSubject: aboutCitizen ? SAMPLE_CITIZEN.id : enquirer(random, purpose, producers).producerId,
        purpose: asId(purpose),
        status: open ? 'open' : 'closed',
        openedAt,
        closedAt: open ? null : minutesLater(openedAt, random.int(5, 50)),
        channel: 'phone',
        handledBy: operator.pseudonym,
      }
    }
  }
}

/** What the body's own offices have on their desks: corrections, grants to ask for, a request under Art. 15. */
const OFFICE_WORK: readonly (readonly [string, number])[] = [
  ['invoice-correction', 40],
  ['incentive-payment', 10],
  ['practice-evaluation', 20],
  ['antimafia-evaluation', 10],
  ['complaint-handling', 20],
  ['subject-access', 4],
]

function* officeTickets(now: Micros, producers: number): Generator<Ticket> {
  const day = dayOf(now)
  const random = randomFrom(SAMPLE_SEED, 'offices', day)
  let number = OFFICE_NUMBERS
  for (const [purpose, count] of OFFICE_WORK) {
    for (let turn = 0; turn < count; turn += 1) {
      number += 1
      yield {
        id: ticketId(day, number),
        contract: null,
        dataSubject:
          purpose === 'subject-access' && turn === 0
            ? SAMPLE_CITIZEN.id
            : enquirer(random, purpose, producers).producerId,
        purpose: asId(purpose),
        status: 'open',
        openedAt: minutesLater(now, -random.int(60, 3 * 1440)),
        closedAt: null,
      }
    }
  }
}

/** Somebody who can have such a question; never one whose file is segregated. */
function enquirer(random: Random, purpose: string, producers: number): ProducerTraits {
  for (;;) {
    const traits = producerTraits(random.int(0, producers - 1))
    if (traits.segregated) continue
    if (purpose.startsWith('antimafia') && !traits.firm) continue
    if (purpose === 'complaint-handling' && !traits.complained) continue
    return traits
  }
}

function crewOf(contract: SampleContract): Crew {
  const crew = sampleOperators().filter(
    (operator) => operator.contract === contract.id && operator.role.startsWith('contact-centre'),
  )
  const [first, ...others] = crew
  if (first === undefined) throw new RangeError('a contract without operators')
  return [first, ...others]
}

/** `T-20261124-0042`. */
function ticketId(day: Day, number: number): TicketId {
  return asId(`T-${isoDay(day).replaceAll('-', '')}-${String(number).padStart(4, '0')}`)
}
