import { isoDay, type Day } from '../day.ts'
import { personName } from '../people.ts'
import { randomFrom, type Random } from '../random.ts'
import type { PhotovoltaicPracticeRow } from './photovoltaic-practices.ts'
import type { ProducerRow } from './producers.ts'

export interface AntimafiaCheckRow {
  readonly check_id: string
  readonly producer_id: string
  readonly practice_id: string | null
  readonly status: 'valid' | 'expired' | 'pending'
  readonly requested_on: string
  readonly released_on: string | null
  readonly valid_until: string | null
  readonly protocol: string
  readonly prefecture: string
  readonly outcome: 'released' | 'barred' | null
  readonly findings: string | null
  readonly persons_checked: readonly CheckedPerson[]
  readonly officer_notes: string | null
  readonly region: string
  readonly segregated: boolean
}

interface CheckedPerson {
  readonly name: string
  readonly capacity: string
}

/** Twelve months from the release (D.Lgs. 159/2011, art. 86). */
const VALIDITY = 365

/** Every firm each year it is paid, and a few sole traders; a firm always has at least one. */
export function* antimafiaChecks(
  producers: readonly ProducerRow[],
  practiceOf: ReadonlyMap<string, PhotovoltaicPracticeRow>,
  { seed, today }: { seed: string; today: Day },
): Generator<AntimafiaCheckRow> {
  const random = randomFrom(seed, 'antimafia')
  let serial = 0
  for (const producer of producers) {
    const years = producer.kind === 'firm' ? random.int(1, 3) : random.chance(0.06) ? 1 : 0
    for (let year = years - 1; year >= 0; year -= 1) {
      serial += 1
      const requested = today - year * 370 - random.int(5, 330)
      yield checkRow({
        producer,
        practice: practiceOf.get(producer.producer_id) ?? null,
        serial,
        requested,
        today,
        random,
      })
    }
  }
}

interface CheckFacts {
  readonly producer: ProducerRow
  readonly practice: PhotovoltaicPracticeRow | null
  readonly serial: number
  readonly requested: Day
  readonly today: Day
  readonly random: Random
}

function checkRow({ producer, practice, serial, requested, today, random }: CheckFacts): AntimafiaCheckRow {
  const answered = requested + random.int(10, 75)
  const outcome = answered >= today ? null : random.chance(0.012) ? 'barred' : 'released'
  const released = outcome === 'released' ? answered : null
  return {
    check_id: `ANT-${String(serial).padStart(6, '0')}`,
    producer_id: producer.producer_id,
    practice_id: practice?.practice_id ?? null,
    status: released === null ? 'pending' : released + VALIDITY < today ? 'expired' : 'valid',
    requested_on: isoDay(requested),
    released_on: released === null ? null : isoDay(released),
    valid_until: released === null ? null : isoDay(released + VALIDITY),
    protocol: `PR_${producer.province}UTG_Ingresso_${random.digits(7)}_${isoDay(requested).replaceAll('-', '')}`,
    prefecture: `Prefettura di ${producer.province}`,
    outcome,
    findings: outcome === 'barred' ? random.pick(FINDINGS) : null,
    persons_checked: personsChecked(producer, random),
    officer_notes: random.chance(0.2) ? random.pick(NOTES) : null,
    region: producer.region,
    segregated: producer.segregated,
  }
}

function personsChecked(producer: ProducerRow, random: Random): readonly CheckedPerson[] {
  const first = producer.legal_representative ?? `${producer.name ?? ''} ${producer.surname ?? ''}`
  const others = Array.from({ length: random.int(0, 3) }, (_, place): CheckedPerson => {
    const { name, surname } = personName(random)
    return { name: `${name} ${surname}`, capacity: place === 0 ? 'familiare convivente' : 'socio' }
  })
  return [
    { name: first, capacity: producer.kind === 'firm' ? 'rappresentante legale' : 'titolare' },
    ...others,
  ]
}

const FINDINGS = [
  'Informazione interdittiva ai sensi dell’art. 84, comma 4, lett. a.',
  'Tentativi di infiltrazione desunti da rapporti societari, art. 84, comma 4, lett. d.',
  'Provvedimento di prevenzione a carico di un convivente, art. 67.',
] as const

const NOTES = [
  'Sollecitata la Prefettura.',
  'Mancano le dichiarazioni dei familiari conviventi.',
  'Erogazione sotto condizione risolutiva, art. 92, comma 3.',
] as const
