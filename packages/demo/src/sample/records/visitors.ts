import { microsToIso, type Micros } from '@varco/core'
import { atMinute, dayOf, isWorkingDay, minutesLater } from '../day.ts'
import { personName } from '../people.ts'
import { randomFrom, type Random } from '../random.ts'
import { firmName, phone } from '../vocabulary.ts'

export interface VisitorRow {
  readonly visitor_id: string
  readonly name: string
  readonly surname: string
  readonly company: string | null
  readonly document_type: 'carta d’identità' | 'patente' | 'passaporto'
  readonly document_number: string
  readonly phone: string | null
  readonly vehicle_plate: string | null
  readonly host: string
  readonly host_unit: string
  readonly badge: string
  readonly arrived_at: string
  readonly left_at: string | null
}

/** Working days the register goes back: longer than it should, for nobody has deleted anything yet. */
const DAYS = 200

/** Who came to the headquarters: some twenty-five a day for the full sample; those of the last hours are still inside. */
export function* visitors(producers: number, seed: string, now: Micros): Generator<VisitorRow> {
  const random = randomFrom(seed, 'visitors')
  const today = dayOf(now)
  const perDay = Math.max(1, Math.round(producers / 800))
  let serial = 0
  for (let day = today - DAYS * 1.4; day < today; day += 1) {
    if (!isWorkingDay(Math.floor(day))) continue
    for (let visit = 0; visit < perDay; visit += 1) {
      serial += 1
      const arrived = atMinute(Math.floor(day), random.int(420, 960))
      yield visitorRow(serial, arrived, minutesLater(arrived, random.int(15, 400)), random)
    }
  }
  for (let visit = 0; visit < perDay; visit += 1) {
    serial += 1
    const arrived = minutesLater(now, -random.int(1, 240))
    yield visitorRow(serial, arrived, random.chance(0.4) ? minutesLater(arrived, 1) : null, random)
  }
}

function visitorRow(serial: number, arrived: Micros, left: Micros | null, random: Random): VisitorRow {
  const person = personName(random)
  const host = personName(random)
  return {
    visitor_id: `VIS-${String(serial).padStart(6, '0')}`,
    name: person.name,
    surname: person.surname,
    company: random.chance(0.7) ? firmName(random) : null,
    document_type: random.weighted([
      ['carta d’identità', 7],
      ['patente', 2],
      ['passaporto', 1],
    ]),
    document_number: `C${letters(random, 1)}${random.digits(5)}${letters(random, 2)}`,
    phone: random.chance(0.5) ? phone(random) : null,
    vehicle_plate: random.chance(0.3)
      ? `${letters(random, 2)}${random.digits(3)}${letters(random, 2)}`
      : null,
    host: `${host.name} ${host.surname}`,
    host_unit: random.pick([
      'invoicing',
      'photovoltaic',
      'metering',
      'contracts',
      'systems',
      'customer-relations',
    ]),
    badge: `V${String(random.int(1, 250)).padStart(3, '0')}`,
    arrived_at: microsToIso(arrived),
    left_at: left === null ? null : microsToIso(left),
  }
}

function letters(random: Random, length: number): string {
  return Array.from({ length }, () => String.fromCharCode(65 + random.int(0, 25))).join('')
}
