import { microsToIso } from '@varco/core'
import { atMinute, dayFromIso, monthBefore, type Day } from '../day.ts'
import { randomFrom, type Random } from '../random.ts'
import { randomUuid } from '../random-uuid.ts'
import type { Plant } from './plants.ts'

export interface MeterReadingRow {
  readonly reading_id: string
  readonly plant_id: string
  readonly producer_id: string
  readonly grid_operator: string
  readonly pod: string
  readonly period: string
  readonly kind: 'monthly' | 'correction' | 'meter-change'
  readonly status: 'received' | 'accepted' | 'rejected' | 'to-verify'
  readonly energy_fed_kwh: string
  readonly energy_drawn_kwh: string | null
  readonly message: Readonly<Record<string, unknown>>
  readonly segregated: boolean
  readonly received_at: string
}

const MONTHS = 2

/** What the grid operators sent for the last two months, for each plant in service. */
export function* meterReadings(
  plants: readonly Plant[],
  seed: string,
  today: Day,
): Generator<MeterReadingRow> {
  const random = randomFrom(seed, 'readings')
  for (const plant of plants) {
    if (plant.row.status !== 'in-service') continue
    for (let month = MONTHS; month >= 1; month -= 1) yield readingRow(plant, month, random, today)
  }
}

function readingRow({ row }: Plant, monthsBefore: number, random: Random, today: Day): MeterReadingRow {
  const period = monthBefore(today, monthsBefore)
  const received = Math.min(
    dayFromIso(`${monthBefore(today, monthsBefore - 1)}-01`) + random.int(3, 18),
    today,
  )
  const fed = (Number(row.power_kw) * random.int(6_000, 14_000)) / 100
  const kind = random.weighted([
    ['monthly', 96],
    ['correction', 3],
    ['meter-change', 1],
  ])
  const status = random.weighted([
    ['accepted', 90],
    ['received', 5],
    ['to-verify', 4],
    ['rejected', 1],
  ])
  return {
    reading_id: randomUuid(random),
    plant_id: row.plant_id,
    producer_id: row.producer_id,
    grid_operator: row.grid_operator,
    pod: row.pod,
    period,
    kind,
    status,
    energy_fed_kwh: fed.toFixed(3),
    energy_drawn_kwh: random.chance(0.7) ? (fed * random.next() * 0.2).toFixed(3) : null,
    message: {
      flusso: kind === 'monthly' ? 'misura-mensile' : kind,
      pod: row.pod,
      mese: period,
      matricola: random.digits(10),
      raccolta: 'telelettura',
    },
    segregated: row.segregated,
    received_at: microsToIso(atMinute(received, random.int(0, 479))),
  }
}
