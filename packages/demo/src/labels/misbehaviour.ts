import type { HistoryBook } from '../history/history-book.ts'
import type { HistoryPeople, StaffHome, Stint } from '../history/history-people.ts'
import { isWorkingDay, type Day } from '../sample/day.ts'
import type { Random } from '../sample/random.ts'
import type { ProducerRow } from '../sample/records/producers.ts'
import { producerTraits } from '../sample/sample-body.ts'
import type { SampleOperator } from '../sample/sample-operators.ts'
import type { PlantedCase, PlantedKind } from './planted-case.ts'

/** Where misbehaviour is planted: people, the book it goes into, and whom nobody has been given yet. */
export interface Ground {
  readonly people: HistoryPeople
  readonly book: HistoryBook
  readonly random: Random
  readonly cases: PlantedCase[]
  /** An operator of a contact centre who has not been used, and the stint they are in. */
  readonly operator: () => { readonly by: SampleOperator; readonly stint: Stint }
  /** A producer nobody else was planted on. */
  readonly stranger: () => ProducerRow
  readonly canaries: readonly string[]
}

export const EACH = 6
const NOON = 12 * 60

/** A working day at least so far from either end of the stint. */
export function someDay({ random }: Ground, { from, to }: Stint, margin = 12): Day {
  const [first, last] = [Math.min(from + margin, to - 1), Math.max(from, to - margin)]
  let day = random.int(Math.min(first, last), Math.max(first, last))
  while (!isWorkingDay(day) && day > from) day--
  return day
}

function label(
  { cases, book }: Ground,
  kind: PlantedKind,
  honest: boolean,
  by: SampleOperator | null,
  [first, last]: readonly [Day, Day],
  contract: string | null = by?.contract ?? null,
  ticket?: string,
): void {
  cases.push({
    ...{ kind, honest, contract, operator: by?.pseudonym ?? null },
    ...(ticket === undefined ? {} : { ticket }),
    from: book.at(first, 0),
    to: book.at(last + 1, 360),
  })
}

/** A ticket that concerns nobody in particular: it contradicts no access. */
function vagueTicket(
  { book }: Ground,
  by: SampleOperator,
  day: Day,
  minute: number,
  purpose = 'practice-status',
): string {
  return book.ticket({ day, minute: minute - 5, contract: by.contract, about: null, purpose, lasts: 600 }).id
}

function ownTicket(
  { book }: Ground,
  by: SampleOperator,
  day: Day,
  minute: number,
  about: string,
  purpose = 'practice-status',
): string {
  return book.ticket({ day, minute: minute - 5, contract: by.contract, about, purpose, lasts: 120 }).id
}

export function noTicket(ground: Ground): void {
  const { book, stranger } = ground
  for (const [accesses, explained] of [
    [15, false],
    [5, false],
    [15, true],
  ] as const) {
    const honest = explained || accesses < 12
    for (let n = 0; n < (honest ? EACH / 2 : EACH); n++) {
      const { by, stint } = ground.operator()
      const day = someDay(ground, stint)
      for (let i = 0; i < accesses; i++) {
        const person = stranger().producer_id
        const minute = 9 * 60 + i * 12
        if (explained) ownTicket(ground, by, day, minute, person)
        book.access({ day, minute, by, purpose: 'practice-status', ticket: null, shown: [person] })
      }
      label(ground, 'no-ticket', honest, by, [day, day])
    }
  }
}

export function ticketOfAnother(ground: Ground): void {
  const { book, stranger } = ground
  for (const [others, honest] of [
    [6, false],
    [1, true],
  ] as const) {
    for (let n = 0; n < EACH; n++) {
      const { by, stint } = ground.operator()
      const day = someDay(ground, stint)
      const own = stranger().producer_id
      const ticket = book.ticket({
        day,
        minute: 540,
        contract: by.contract,
        about: own,
        purpose: 'invoice-enquiry',
        lasts: 480,
      }).id
      book.access({ day, minute: 545, by, purpose: 'invoice-enquiry', ticket, shown: [own] })
      for (let i = 0; i < others; i++)
        book.access({
          day,
          minute: 560 + i * 20,
          by,
          purpose: 'invoice-enquiry',
          ticket,
          shown: [stranger().producer_id],
        })
      label(ground, 'ticket-of-another', honest, by, [day, day])
    }
  }
}

export function ticketAfterAccess(ground: Ground): void {
  const { book, random, stranger } = ground
  for (const [times, delay, honest] of [
    [3, 90, false],
    [4, 6, true],
    [1, 40, true],
  ] as const) {
    for (let n = 0; n < (honest ? EACH / 2 : EACH); n++) {
      const { by, stint } = ground.operator()
      const day = someDay(ground, stint)
      for (let i = 0; i < times; i++) {
        const person = stranger().producer_id
        const minute = 560 + i * 35
        const { id } = book.ticket({
          ...{
            day,
            minute: minute + delay + (honest ? 0 : random.int(0, 100)),
            contract: by.contract,
            about: person,
          },
          ...{ purpose: 'invoice-enquiry', lasts: 30 },
        })
        book.access({ day, minute, by, purpose: 'invoice-enquiry', ticket: id, shown: [person] })
      }
      label(ground, 'ticket-after-access', honest, by, [day, day])
    }
  }
}

/** Somebody looks a person up whom they know; `withTicket`: the person had called. */
function lookUpOf(
  ground: Ground,
  kind: PlantedKind,
  person: ProducerRow,
  who: ReturnType<Ground['operator']>,
  honest: boolean,
  withTicket = honest,
): void {
  const { by, stint } = who
  const day = someDay(ground, stint)
  const ticket = withTicket
    ? ownTicket(ground, by, day, NOON, person.producer_id)
    : vagueTicket(ground, by, day, NOON)
  ground.book.access({
    day,
    minute: NOON,
    by,
    purpose: 'practice-status',
    ticket,
    shown: [person.producer_id],
  })
  label(ground, kind, honest, by, [day, day])
}

export function self(ground: Ground): void {
  for (let n = 0; n < EACH * 2; n++) {
    const honest = n >= EACH
    const who = ground.operator()
    const person = naturalPerson(ground)
    const home = homeOf(ground, who.by)
    // A namesake elsewhere is not oneself.
    if (honest) home.surname = person.surname
    else home.taxCode = person.tax_code
    lookUpOf(ground, 'self', person, who, honest, true)
  }
}

export function family(ground: Ground): void {
  for (let n = 0; n < EACH * 2; n++) {
    const honest = n >= EACH
    const who = ground.operator()
    const home = homeOf(ground, who.by)
    const person = n % 2 === 0 ? naturalPerson(ground) : rarelyNamed(ground)
    if (n % 2 === 0) home.address = person.address
    else home.surname = person.surname
    home.municipality = person.municipality
    lookUpOf(ground, 'family', person, who, honest)
  }
}

export function colleague(ground: Ground): void {
  const { people } = ground
  for (let n = 0; n < EACH * 2; n++) {
    const honest = n >= EACH
    const who = ground.operator()
    const person = naturalPerson(ground)
    const other = who.stint.crew.find(
      (each) => each !== who.by && people.homes.get(each.pseudonym)?.taxCode?.startsWith('STAFF-') === true,
    )
    if (other !== undefined) homeOf(ground, other).taxCode = person.tax_code
    lookUpOf(ground, 'colleague', person, who, honest)
  }
}

export function vip(ground: Ground): void {
  const { people, random } = ground
  const protectedOnes = people.producers.filter((_, index) => producerTraits(index).segregated)
  for (let n = 0; n < EACH * 2; n++) {
    const person = protectedOnes[random.int(0, protectedOnes.length - 1)]
    if (person !== undefined) lookUpOf(ground, 'vip', person, ground.operator(), n >= EACH)
  }
}

export function canary(ground: Ground): void {
  const { canaries, book, people } = ground
  for (let n = 0; n < EACH; n++) {
    const { by, stint } = ground.operator()
    const day = someDay(ground, stint)
    const shown = [canaries[n % canaries.length] ?? '']
    book.access({
      day,
      minute: NOON,
      by,
      purpose: 'practice-status',
      ticket: vagueTicket(ground, by, day, NOON),
      shown,
    })
    label(ground, 'canary', false, by, [day, day])
  }
  // The data protection officer looks whether the canaries are still there.
  const staff = people.staff[0]
  if (staff === undefined) return
  const dpo = {
    ...staff,
    role: 'dpo',
    unit: 'data-protection',
    pseudonym: `${staff.pseudonym}-D` as SampleOperator['pseudonym'],
  }
  const stint = people.stints.at(-1)
  if (stint === undefined) return
  const day = someDay(ground, stint)
  book.access({
    day,
    minute: NOON,
    by: dpo,
    purpose: 'complaint-handling',
    ticket: null,
    shown: [...canaries],
  })
  label(ground, 'canary', true, dpo, [day, day])
}

export function afterTermination(ground: Ground): void {
  const { book, people, random, stranger } = ground
  const stint = people.stints.find(({ contract }) => contract?.state === 'insolvent')
  if (stint === undefined) return
  const crew = stint.crew.toReversed()
  for (let n = 0; n < EACH * 2; n++) {
    const honest = n >= EACH
    const by = crew[n]
    if (by === undefined) return
    const day = stint.to + (honest ? 1 : random.int(2, 60))
    const attempts = honest ? 2 : n % 2 === 0 ? 1 : 5
    for (let i = 0; i < attempts; i++) {
      const shown = !honest && n % 2 === 0 ? [stranger().producer_id] : []
      book.access({
        ...{ day, minute: 600 + i * 7, by, purpose: 'invoice-enquiry', ticket: null, shown },
        ...(shown.length > 0 ? {} : { refused: 'contract-not-active' }),
      })
    }
    label(ground, 'after-termination', honest, by, [day, day])
  }
}

export function outOfArea(ground: Ground): void {
  const { people, book } = ground
  const officers = people.staff.filter(({ attributes }) => Array.isArray(attributes['regions']))
  const stint = people.stints.at(-1)
  if (stint === undefined) return
  for (let n = 0; n < officers.length; n++) {
    const by = officers[n]
    if (by === undefined) return
    const honest = n >= EACH
    const regions = by.attributes['regions'] as readonly string[]
    const outside = people.callers.filter(({ region }) => !regions.includes(region))
    const start = someDay(ground, stint, 30)
    const purpose = by.unit === 'antimafia' ? 'antimafia-evaluation' : 'practice-evaluation'
    for (let i = 0; i < (n === EACH ? 3 : 10); i++) {
      const person = outside[(n * 991 + i * 37) % outside.length]
      if (person === undefined) continue
      const day = start + i
      const withTicket = n > EACH
      const ticket = withTicket ? ownTicket(ground, by, day, NOON, person.producer_id, purpose) : null
      book.access({ day, minute: NOON, by, purpose, ticket, shown: [person.producer_id] })
    }
    label(ground, 'out-of-area', honest, by, [start, start + 10])
  }
}

export function volume(ground: Ground): void {
  const { book, stranger } = ground
  for (let n = 0; n < EACH * 2; n++) {
    const honest = n >= EACH
    const { by, stint } = ground.operator()
    const day = someDay(ground, stint, 40)
    for (let i = 0; i < 45; i++) {
      const person = stranger().producer_id
      const minute = 510 + i * 10
      // A storm: everybody calls, and everybody has a ticket.
      const ticket = honest
        ? ownTicket(ground, by, day, minute, person)
        : vagueTicket(ground, by, day, minute)
      book.access({ day, minute, by, purpose: 'practice-status', ticket, shown: [person] })
    }
    label(ground, 'volume', honest, by, [day, day])
  }
}

/** About ten accesses a day on three and a half thousand people over two years; on no day does anything stand out. */
export function slowSnoop(ground: Ground): void {
  const { book, people, random } = ground
  for (const stint of people.stints.filter(({ contract }) => contract !== null)) {
    for (let n = 0; n < EACH / 2; n++) {
      const by = stint.crew.at(-1 - n)
      if (by === undefined) continue
      for (let day = stint.from; day < stint.to; day++) {
        if (!isWorkingDay(day)) continue
        for (let i = random.int(3, 6); i > 0; i--) {
          const person = random.pick(people.callers).producer_id
          const minute = random.int(500, 1_060)
          const ticket = vagueTicket(ground, by, day, minute)
          for (const step of [0, 1])
            book.access({
              day,
              minute: minute + step,
              by,
              purpose: 'practice-status',
              ticket,
              shown: [person],
              step,
            })
        }
      }
      label(ground, 'breadth', false, by, [stint.from, stint.to])
    }
  }
  // A month in which many matters began without a name.
  for (let n = 0; n < EACH / 2; n++) {
    const { by, stint } = ground.operator()
    const start = someDay(ground, stint, 40)
    for (let i = 0; i < 30; i++) {
      const day = start + i
      if (!isWorkingDay(day)) continue
      book.access({
        day,
        minute: NOON,
        by,
        purpose: 'practice-status',
        ticket: vagueTicket(ground, by, day, NOON),
        shown: [ground.stranger().producer_id],
      })
    }
    label(ground, 'breadth', true, by, [start, start + 30])
  }
}

export function retriedElsewhere(ground: Ground): void {
  const { book, stranger } = ground
  for (let n = 0; n < EACH * 2; n++) {
    const honest = n >= EACH
    const { by, stint } = ground.operator()
    const day = someDay(ground, stint)
    const person = stranger().producer_id
    const ticket = honest ? ownTicket(ground, by, day, NOON, person) : vagueTicket(ground, by, day, NOON)
    const other = n % 2 === 0 ? by : (stint.crew.find((each) => each !== by) ?? by)
    book.access({
      day,
      minute: NOON,
      by: other,
      purpose: 'complaint-handling',
      ticket: honest ? ticket : null,
      shown: [],
      refused: 'other-data-subject',
      workstation: by.workstation,
    })
    book.access({ day, minute: NOON + 8, by, purpose: 'practice-status', ticket, shown: [person] })
    label(ground, 'retried-elsewhere', honest, by, [day, day])
  }
}

export function judicialProbing(ground: Ground): void {
  const { book, stranger } = ground
  for (let n = 0; n < EACH * 2; n++) {
    const honest = n >= EACH
    const { by, stint } = ground.operator()
    const day = someDay(ground, stint)
    if (honest && n % 2 === 0) {
      for (let i = 0; i < 4; i++) {
        const person = stranger().producer_id
        const ticket = ownTicket(ground, by, day, 600 + i * 30, person, 'antimafia-status')
        book.access({
          day,
          minute: 600 + i * 30,
          by,
          purpose: 'antimafia-status',
          ticket,
          shown: [person],
          step: 1,
        })
      }
    } else {
      for (let i = 0; i < (honest ? 2 : 5); i++)
        book.access({
          day: day + (i % 3),
          minute: 600 + i * 11,
          by,
          purpose: 'antimafia-evaluation',
          ticket: null,
          shown: [],
          refused: 'outside-annex',
        })
    }
    label(ground, 'judicial-probing', honest, by, [day, day + 3])
  }
}

export function offHours(ground: Ground): void {
  const { book, stranger } = ground
  for (let n = 0; n < EACH * 2; n++) {
    const honest = n >= EACH
    const { by, stint } = ground.operator()
    const day = someDay(ground, stint)
    // Honest: on call, with tickets; or a few minutes over.
    const onCall = honest && n % 2 === 0
    for (let i = 0; i < 5; i++) {
      const person = stranger().producer_id
      const minute = honest && !onCall ? 18 * 60 + 40 + i * 5 : 22 * 60 + i * 9
      const ticket = onCall
        ? ownTicket(ground, by, day, minute, person)
        : vagueTicket(ground, by, day, minute)
      book.access({ day, minute, by, purpose: 'practice-status', ticket, shown: [person] })
    }
    label(ground, 'off-hours', honest, by, [day, day])
  }
}

export function ticketSplitting(ground: Ground): void {
  const { book, stranger, people } = ground
  const stints = people.stints.filter(({ contract }) => contract !== null)
  for (let n = 0; n < EACH * 2; n++) {
    const honest = n >= EACH
    const stint = stints[n % stints.length]
    const contract = stint?.contract ?? null
    if (stint === undefined || contract === null) continue
    const day = someDay(ground, stint, 35)
    const about = stranger().producer_id
    const purposes = ['invoice-enquiry', 'practice-status', 'portal-support']
    // Honest: three matters on one day, or a matter that comes back.
    const [count, gap] = honest ? [3, n % 2 === 0 ? 0 : 11] : [5, 0.4]
    let first: string | undefined
    for (let i = 0; i < count; i++) {
      const at = day + Math.floor(i * gap)
      const purpose = honest && gap === 0 ? (purposes[i] ?? '') : 'invoice-enquiry'
      const { id } = book.ticket({
        day: at,
        minute: 540 + i * 37,
        contract: contract.id,
        about,
        purpose,
        lasts: 20,
      })
      first ??= id
    }
    label(ground, 'ticket-splitting', honest, null, [day, day + 33], contract.id, first)
  }
}

function homeOf({ people }: Ground, by: SampleOperator): StaffHome {
  // INVARIANT: everybody who works in the history has a home.
  return people.homes.get(by.pseudonym) as StaffHome
}

function naturalPerson(ground: Ground): ProducerRow {
  for (;;) {
    const person = ground.stranger()
    if (person.surname !== null) return person
  }
}

/** Somebody whose surname hardly anyone bears where they live. */
function rarelyNamed(ground: Ground): ProducerRow {
  const { producers } = ground.people
  for (;;) {
    const person = naturalPerson(ground)
    const there = producers.filter(({ municipality }) => municipality === person.municipality).length
    const named = producers.filter(({ surname }) => surname === person.surname).length
    if ((there * named) / producers.length < 0.1) return person
  }
}
