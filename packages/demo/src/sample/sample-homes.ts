import type { Pool } from 'pg'
import { randomFrom } from './random.ts'
import { SAMPLE_SEED } from './sample-body.ts'
import { sampleOperators, type SampleOperator } from './sample-operators.ts'
import { streetAddress } from './vocabulary.ts'

/** Who somebody who works is at home, as their employer knows it. */
export interface SampleHome {
  readonly pseudonym: string
  readonly taxCode: string | null
  readonly surname: string | null
  readonly address: string | null
  readonly municipality: string | null
}

type Relation = Omit<SampleHome, 'pseudonym'>

interface Payee extends Relation {
  readonly taxCode: string
}

/**
 * Homes of all who work at the sample body. Most know nobody in its records; three who make out the payments, a list that
 * goes without tickets, find there a person of their household, themselves, and a namesake of the same town.
 * @param pool where the sample body's records are
 */
export async function sampleHomes(pool: Pick<Pool, 'query'>): Promise<readonly SampleHome[]> {
  const { rows } = await pool.query<Payee>(FIRST_PAID)
  const [housemate, themselves, namesake] = rows
  const relations: Readonly<Record<string, Relation | undefined>> = {
    fatture: housemate && { ...housemate, taxCode: null, surname: null },
    'fatture.2': themselves && { ...themselves, surname: null, address: null },
    'fatture.3': namesake && { ...namesake, taxCode: null, address: null },
  }
  const random = randomFrom(SAMPLE_SEED, 'homes of the staff')
  const strangers = new Map<string, Relation>()
  return sampleOperators().map((operator) => {
    const { person, pseudonym, contract, username } = operator
    // Whoever moves from company to company takes their home along.
    const home =
      strangers.get(person) ?? strangerTo(operator, `${streetAddress(random)} int. ${random.int(1, 40)}`)
    strangers.set(person, home)
    return { pseudonym, ...((contract === null ? relations[username] : undefined) ?? home) }
  })
}

function strangerTo({ person }: SampleOperator, address: string): Relation {
  return { taxCode: `STAFF-${person}`, surname: null, address, municipality: 'Roma' }
}

/** Natural persons on the first page of the payments that are due, as the officers ask for it. */
const FIRST_PAID = `SELECT tax_code AS "taxCode", surname, address, municipality FROM gse.producer
  JOIN (SELECT producer_id, min(place) AS place FROM
    (SELECT producer_id, row_number() OVER (ORDER BY due_on, invoice_id) AS place FROM gse.invoice
      WHERE status IN ('issued', 'suspended') ORDER BY place LIMIT 10) page
    GROUP BY producer_id) paid USING (producer_id)
  WHERE kind = 'natural-person' AND NOT segregated ORDER BY place LIMIT 3`
