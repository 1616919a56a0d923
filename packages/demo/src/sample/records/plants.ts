import { dayFromIso, isoDay, type Day } from '../day.ts'
import { randomFrom, type Random } from '../random.ts'
import { GRID_OPERATORS } from '../vocabulary.ts'
import type { ProducerRow } from './producers.ts'

export interface PlantRow {
  readonly plant_id: string
  readonly producer_id: string
  readonly name: string
  readonly source: 'photovoltaic' | 'wind' | 'hydro' | 'biogas'
  readonly power_kw: string
  readonly address: string
  readonly municipality: string
  readonly province: string
  readonly region: string
  readonly cadastral_reference: string | null
  readonly pod: string
  readonly grid_operator: string
  readonly status: 'in-service' | 'suspended' | 'decommissioned'
  readonly segregated: boolean
  readonly commissioned_on: string
  readonly decommissioned_on: string | null
}

/** A plant and its producer, with what the other tables need of both. */
export interface Plant {
  readonly row: PlantRow
  readonly producer: ProducerRow
  readonly commissioned: Day
}

const FIRST_COMMISSIONED = dayFromIso('2011-06-01')
const LAST_COMMISSIONED = dayFromIso('2013-07-06')

/** One roof for most, several for some firms; the first is always photovoltaic and in service. */
export function plants(producers: readonly ProducerRow[], seed: string, today: Day): readonly Plant[] {
  const random = randomFrom(seed, 'plants')
  let serial = 0
  return producers.flatMap((producer) => {
    const count = random.weighted(producer.kind === 'firm' ? FIRM_PLANTS : PERSON_PLANTS)
    return Array.from({ length: count }, (_, place): Plant => {
      serial += 1
      const commissioned = random.int(FIRST_COMMISSIONED, LAST_COMMISSIONED)
      return {
        row: plantRow({ producer, serial, first: place === 0, commissioned, today, random }),
        producer,
        commissioned,
      }
    })
  })
}

const PERSON_PLANTS = [
  [1, 80],
  [2, 17],
  [3, 3],
] as const
const FIRM_PLANTS = [
  [1, 40],
  [2, 25],
  [3, 15],
  [4, 10],
  [6, 7],
  [9, 3],
] as const

interface PlantFacts {
  readonly producer: ProducerRow
  readonly serial: number
  readonly first: boolean
  readonly commissioned: Day
  readonly today: Day
  readonly random: Random
}

function plantRow({ producer, serial, first, commissioned, today, random }: PlantFacts): PlantRow {
  const source = first ? 'photovoltaic' : random.weighted(SOURCES)
  const decommissioned = commissioned + random.int(900, 5_000)
  const isGone = !first && random.chance(0.03) && decommissioned < today
  return {
    plant_id: `IMP-${String(serial).padStart(6, '0')}`,
    producer_id: producer.producer_id,
    name: plantName(producer, source, random),
    source,
    power_kw: powerKw(producer.kind, random).toFixed(2),
    address: producer.address,
    municipality: producer.municipality,
    province: producer.province,
    region: producer.region,
    cadastral_reference: random.chance(0.9)
      ? `foglio ${random.int(1, 120)}, particella ${random.int(1, 1_900)}`
      : null,
    pod: `IT${random.digits(3)}E${random.digits(8)}`,
    grid_operator: random.weighted(GRID_OPERATORS),
    status: isGone ? 'decommissioned' : !first && random.chance(0.015) ? 'suspended' : 'in-service',
    segregated: producer.segregated,
    commissioned_on: isoDay(commissioned),
    decommissioned_on: isGone ? isoDay(decommissioned) : null,
  }
}

const SOURCES = [
  ['photovoltaic', 93],
  ['wind', 2],
  ['hydro', 3],
  ['biogas', 2],
] as const

function powerKw(kind: ProducerRow['kind'], random: Random): number {
  if (kind === 'natural-person')
    return 2 + random.int(0, 400) / 100 + (random.chance(0.1) ? random.int(4, 14) : 0)
  return random.weighted([
    [random.int(600, 2_000) / 100, 45],
    [random.int(2_000, 10_000) / 100, 35],
    [random.int(10_000, 99_800) / 100, 20],
  ])
}

const SOURCE_NAMES = {
  photovoltaic: 'Fotovoltaico',
  wind: 'Eolico',
  hydro: 'Idroelettrico',
  biogas: 'Biogas',
} as const

function plantName(producer: ProducerRow, source: PlantRow['source'], random: Random): string {
  const site = random.pick(['tetto casa', 'capannone', 'serra', 'tettoia', 'stalla', 'condominio', 'a terra'])
  return `${SOURCE_NAMES[source]} ${site}, ${producer.municipality}`
}
