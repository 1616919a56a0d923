import { microsToIso } from '@varco/core'
import { atMinute, dayFromIso, isoDay, type Day } from '../day.ts'
import { personName, userNameOf } from '../people.ts'
import type { Places } from '../places.ts'
import { randomFrom, type Random } from '../random.ts'
import { producerTraits } from '../sample-body.ts'
import { iban, personTaxCode, vatNumber } from '../tax-codes.ts'
import { firmName, phone, streetAddress } from '../vocabulary.ts'

export interface ProducerRow {
  readonly producer_id: string
  readonly kind: 'natural-person' | 'firm'
  readonly name: string | null
  readonly surname: string | null
  readonly company_name: string | null
  readonly legal_representative: string | null
  readonly tax_code: string
  readonly vat_number: string | null
  readonly birth_date: string | null
  readonly birth_place: string | null
  readonly address: string
  readonly municipality: string
  readonly province: string
  readonly region: string
  readonly email: string
  readonly certified_email: string | null
  readonly phone: string | null
  readonly iban: string
  readonly segregated: boolean
  readonly registered_at: string
  readonly ceased_on: string | null
}

export interface ProducerOptions {
  readonly count: number
  readonly today: Day
  readonly seed: string
  readonly places: Places
}

/** The portal opened with the fourth Conto Energia; the fifth ended in 2013, its stragglers a year later. */
const PORTAL_OPENED = dayFromIso('2011-05-05')
const LAST_REGISTERED = dayFromIso('2014-06-30')

/** Those who receive the incentive: three natural persons to one firm. */
export function producerRows({ count, today, seed, places }: ProducerOptions): readonly ProducerRow[] {
  const random = randomFrom(seed, 'producers')
  const taken = new Set<string>()
  return Array.from({ length: count }, (_, index): ProducerRow => {
    const { producerId, firm, segregated } = producerTraits(index)
    const { municipality, province, region } = places.any(random)
    const registered = random.int(PORTAL_OPENED, LAST_REGISTERED)
    const ceased = registered + random.int(400, 4_400)
    return {
      producer_id: producerId,
      ...(firm ? firmIdentity(index, random) : personIdentity(index, region, { random, places, taken })),
      address: streetAddress(random),
      municipality,
      province,
      region,
      phone: random.chance(0.93) ? phone(random) : null,
      iban: iban(random),
      segregated,
      registered_at: microsToIso(atMinute(registered, random.int(0, 1439))),
      ceased_on: random.chance(0.04) && ceased < today ? isoDay(ceased) : null,
    }
  })
}

type Identity = Omit<
  ProducerRow,
  | 'producer_id'
  | 'address'
  | 'municipality'
  | 'province'
  | 'region'
  | 'phone'
  | 'iban'
  | 'segregated'
  | 'registered_at'
  | 'ceased_on'
>

function firmIdentity(index: number, random: Random): Identity {
  const name = firmName(random)
  const representative = personName(random)
  const number = vatNumber(index)
  return {
    kind: 'firm',
    name: null,
    surname: null,
    company_name: name,
    legal_representative: `${representative.name} ${representative.surname}`,
    tax_code: number,
    vat_number: number,
    birth_date: null,
    birth_place: null,
    email: `amministrazione.${index}@impresa.example`,
    certified_email: `impresa.${index}@pec.example`,
  }
}

interface Population {
  readonly random: Random
  readonly places: Places
  /** Tax codes given so far: two people never share one. */
  readonly taken: Set<string>
}

const OLDEST = dayFromIso('1935-01-01')
const YOUNGEST = dayFromIso('1993-12-31')

function personIdentity(index: number, region: string, { random, places, taken }: Population): Identity {
  for (;;) {
    const person = personName(random)
    const born = random.int(OLDEST, YOUNGEST)
    const birthPlace = places.birthPlace(random, region)
    const taxCode = personTaxCode(person, born, birthPlace.code)
    if (taken.has(taxCode)) continue
    taken.add(taxCode)
    return {
      kind: 'natural-person',
      name: person.name,
      surname: person.surname,
      company_name: null,
      legal_representative: null,
      tax_code: taxCode,
      vat_number: random.chance(0.12) ? vatNumber(index) : null,
      birth_date: isoDay(born),
      birth_place: birthPlace.municipality,
      email: `${userNameOf(person)}.${index}@posta.example`,
      certified_email: null,
    }
  }
}
