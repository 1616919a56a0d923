import { microsToIso } from '@varco/core'
import { atMinute, isoDay, type Day } from '../day.ts'
import { personName, userNameOf } from '../people.ts'
import type { Places } from '../places.ts'
import { randomFrom } from '../random.ts'
import { firmName, phone } from '../vocabulary.ts'

export interface FairLeadRow {
  readonly lead_id: string
  readonly name: string
  readonly surname: string
  readonly organisation: string | null
  readonly email: string
  readonly phone: string | null
  readonly province: string
  readonly fair: string
  readonly interests: readonly string[]
  readonly consent: boolean
  readonly consent_at: string | null
  readonly collected_on: string
}

const FAIRS = ['Fiera del Sole Inventato', 'Salone dell’Energia Immaginaria', 'Expo Tetti Fantasia'] as const
const INTERESTS = [
  'fotovoltaico',
  'comunità energetiche',
  'accumulo',
  'efficienza energetica',
  'mobilità elettrica',
] as const

/** Days; two years are what the body gives itself, and the last fairs of before are still to be seen to. */
const LONGEST_KEPT = 820

export interface FairLeadOptions {
  readonly count: number
  readonly seed: string
  readonly today: Day
  readonly places: Places
}

/** Those who left their details at a stand; one in three did not consent to being called. */
export function* fairLeads({ count, seed, today, places }: FairLeadOptions): Generator<FairLeadRow> {
  const random = randomFrom(seed, 'leads')
  for (let index = 1; index <= count; index += 1) {
    const person = personName(random)
    const collected = today - random.int(10, LONGEST_KEPT)
    const consent = random.chance(0.67)
    yield {
      lead_id: `FIE-${String(index).padStart(5, '0')}`,
      name: person.name,
      surname: person.surname,
      organisation: random.chance(0.6) ? firmName(random) : null,
      email: `${userNameOf(person)}.f${index}@posta.example`,
      phone: random.chance(0.8) ? phone(random) : null,
      province: places.any(random).province,
      fair: random.pick(FAIRS),
      interests: [...new Set(Array.from({ length: random.int(1, 3) }, () => random.pick(INTERESTS)))],
      consent,
      consent_at: consent ? microsToIso(atMinute(collected, random.int(540, 1_080))) : null,
      collected_on: isoDay(collected),
    }
  }
}
