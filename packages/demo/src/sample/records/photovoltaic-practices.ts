import { dayFromIso, isoDay, type Day } from '../day.ts'
import { randomFrom, type Random } from '../random.ts'
import { DOCUMENTS } from '../vocabulary.ts'
import type { Plant } from './plants.ts'

export interface PhotovoltaicPracticeRow {
  readonly practice_id: string
  readonly plant_id: string
  readonly producer_id: string
  readonly scheme: 'conto-energia-4' | 'conto-energia-5'
  readonly status: PracticeStatus
  readonly submitted_on: string
  readonly decided_on: string | null
  readonly missing_documents: readonly string[]
  readonly tariff_per_kwh: string | null
  readonly incentive_ends_on: string | null
  readonly unit: 'photovoltaic'
  readonly region: string
  readonly officer_notes: string | null
  readonly segregated: boolean
  readonly closed_on: string | null
}

type PracticeStatus =
  | 'submitted'
  | 'documents-missing'
  | 'under-review'
  | 'admitted'
  | 'rejected'
  | 'withdrawn'

const FIFTH_SCHEME = dayFromIso('2012-08-27')
const TWENTY_YEARS = 7_305

/** The application of every photovoltaic plant; some are still being examined, a change of holder or of modules. */
export function* photovoltaicPractices(
  plants: readonly Plant[],
  seed: string,
  today: Day,
): Generator<PhotovoltaicPracticeRow> {
  const random = randomFrom(seed, 'practices')
  let serial = 0
  for (const plant of plants) {
    if (plant.row.source !== 'photovoltaic') continue
    serial += 1
    yield practiceRow(plant, `PRA-${String(serial).padStart(6, '0')}`, random, today)
  }
}

function practiceRow(
  { row, commissioned }: Plant,
  practiceId: string,
  random: Random,
  today: Day,
): PhotovoltaicPracticeRow {
  const status = random.weighted(STATES)
  const isPending = status === 'submitted' || status === 'documents-missing' || status === 'under-review'
  const submitted = isPending ? today - random.int(2, 240) : commissioned + random.int(1, 15)
  const decided = isPending ? null : submitted + random.int(40, 400)
  const isRefused = status === 'rejected' || status === 'withdrawn'
  return {
    practice_id: practiceId,
    plant_id: row.plant_id,
    producer_id: row.producer_id,
    scheme: commissioned < FIFTH_SCHEME ? 'conto-energia-4' : 'conto-energia-5',
    status,
    submitted_on: isoDay(submitted),
    decided_on: decided === null ? null : isoDay(decided),
    missing_documents: status === 'documents-missing' ? missing(random) : [],
    tariff_per_kwh: isRefused ? null : (random.int(1_200, 3_100) / 10_000).toFixed(4),
    incentive_ends_on: status === 'admitted' ? isoDay(commissioned + TWENTY_YEARS) : null,
    unit: 'photovoltaic',
    region: row.region,
    officer_notes: random.chance(isPending ? 0.6 : 0.1) ? random.pick(NOTES) : null,
    segregated: row.segregated,
    closed_on: isRefused && decided !== null ? isoDay(decided) : null,
  }
}

const STATES = [
  ['admitted', 88],
  ['rejected', 3],
  ['withdrawn', 2],
  ['submitted', 2],
  ['documents-missing', 3],
  ['under-review', 2],
] as const

function missing(random: Random): readonly string[] {
  return [...new Set(Array.from({ length: random.int(1, 3) }, () => random.pick(DOCUMENTS)))]
}

const NOTES = [
  ...([
    'Verificare la data di fine lavori con le fotografie allegate.',
    'Moduli sostituiti: chiesti i numeri di serie.',
  ] as const),
  ...([
    'Voltura in corso, attendere l’atto.',
    'Potenza dichiarata diversa da quella del regolamento di esercizio.',
  ] as const),
  ...([
    'Sopralluogo proposto.',
    'Possibile frazionamento con l’impianto confinante.',
    'In attesa di parere legale.',
  ] as const),
] as const
