import { dayOf, type Day } from '../sample/day.ts'
import type { Micros } from '@varco/core'
import { loadPlaces } from '../sample/places.ts'
import { randomFrom, type Random } from '../sample/random.ts'
import { producerRows, type ProducerRow } from '../sample/records/producers.ts'
import { producerTraits, SAMPLE_SEED } from '../sample/sample-body.ts'
import { AURISPOLA, BRUMALBA, type SampleContract } from '../sample/sample-contracts.ts'
import { sampleOperators, type SampleOperator } from '../sample/sample-operators.ts'
import { streetAddress } from '../sample/vocabulary.ts'

/** Who somebody is at home, as their employer knows it. */
export interface StaffHome {
  readonly pseudonym: string
  taxCode: string | null
  surname: string | null
  address: string | null
  municipality: string | null
}

/** A span of days on which a contract is worked on; the last is outside. */
export interface Stint {
  readonly contract: SampleContract | null
  readonly crew: readonly SampleOperator[]
  readonly from: Day
  readonly to: Day
}

/** Everybody in the history: who works, when, and on whose data. */
export interface HistoryPeople {
  readonly producers: readonly ProducerRow[]
  /** Producers one may meet in the course of honest work. */
  readonly callers: readonly [ProducerRow, ...ProducerRow[]]
  readonly byRegion: ReadonlyMap<string, readonly ProducerRow[]>
  readonly homes: ReadonlyMap<string, StaffHome>
  readonly stints: readonly Stint[]
  readonly staff: readonly SampleOperator[]
}

export interface HistoryOptions {
  /** The end of the history. */
  readonly now: Micros
  /** As given to `createSampleBody`, with the instant its rows were made at. */
  readonly producers: number
  readonly loadedAt: Micros
  readonly seed?: string
  readonly days?: number
  /** Operators of each contact centre; the whole crew when not said. */
  readonly crew?: number
}

export const TWO_YEARS = 730

export async function historyPeople(options: HistoryOptions): Promise<HistoryPeople> {
  const { now, producers: count, loadedAt, days = TWO_YEARS, crew = 120 } = options
  const producers = producerRows({
    count,
    today: dayOf(loadedAt),
    seed: SAMPLE_SEED,
    places: await loadPlaces(),
  })
  const callers = producers.filter((_, index) => !producerTraits(index).segregated)
  const [first, ...others] = callers
  if (first === undefined) throw new RangeError('a body without producers')
  const operators = sampleOperators()
  const random = randomFrom(SAMPLE_SEED, 'homes')
  const staff = operators.filter(({ contract, role }) => contract === null && role.endsWith('officer'))
  const [from, to] = [dayOf(now) - days, dayOf(now)]
  const crewOf = ({ id }: SampleContract): readonly SampleOperator[] =>
    operators
      .filter(({ contract, role }) => contract === id && role.startsWith('contact-centre'))
      .slice(0, crew)
  const stints: Stint[] = [
    {
      contract: BRUMALBA,
      crew: crewOf(BRUMALBA),
      from: Math.max(from, dayOf(BRUMALBA.from)),
      to: Math.min(to, dayOf(BRUMALBA.since)),
    },
    { contract: AURISPOLA, crew: crewOf(AURISPOLA), from: Math.max(from, dayOf(AURISPOLA.from) + 1), to },
    { contract: null, crew: staff, from, to },
  ]
  return {
    producers,
    callers: [first, ...others],
    byRegion: Map.groupBy(callers, ({ region }) => region),
    homes: homesOf(operators, random),
    stints: stints.filter((stint) => stint.from < stint.to),
    staff,
  }
}

/** Whoever moves from company to company takes their home along. */
function homesOf(operators: readonly SampleOperator[], random: Random): ReadonlyMap<string, StaffHome> {
  const people = new Map<string, Omit<StaffHome, 'pseudonym'>>()
  return new Map(
    operators.map(({ person, pseudonym, name }) => {
      const home = people.get(person) ?? {
        taxCode: `STAFF-${person}`,
        surname: name.split(' ').slice(1).join(' '),
        address: `${streetAddress(random)} int. ${random.int(1, 40)}`,
        municipality: 'Roma',
      }
      people.set(person, home)
      return [pseudonym, { pseudonym, ...home }]
    }),
  )
}
