import type { AnswerFormat } from '../answer/negotiate-format.ts'
import { refusal } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import { foundAlone, type Fetched } from './fetch.ts'
import { disclosureOf, type ShownLevel } from './mask.ts'
import type { Reading } from './plan-reading.ts'

/** What stands against an answer, now that it is known what it would hold: to say so tells of the records found. */
export function objectionTo(
  { query, asked }: Reading,
  fetched: Fetched,
  { single }: AnswerFormat,
): Refusal | null {
  const { records, total } = fetched
  if (total !== null && query.offset > total)
    return refusal('PGRST103', { details: `There are only ${total} rows.` })
  if (isCutAnywhere(fetched)) return refusal('too-many-records')
  return single && asked.action !== 'count' ? notOne(records.length) : null
}

/** One record was asked for. */
export function notOne(found: number): Refusal | null {
  if (found === 1) return null
  return refusal('PGRST116', { details: `The result contains ${found === 0 ? '0' : 'more than 1'} rows` })
}

function isCutAnywhere({ isCut, embedded }: Fetched): boolean {
  return isCut || embedded.some(isCutAnywhere)
}

/** Every record that was found, on each level: none of them is shown, and of each something is told. */
export function foundIn(reading: Reading, { records, embedded }: Fetched, as = ''): ShownLevel {
  const { resource, permit } = reading
  const found = records.filter((record) => permit.outcomesOf(record) !== null)
  const byKey = new Map(
    found.map((record) => {
      const disclosure = disclosureOf(resource, record)
      return [disclosure.recordKey, disclosure]
    }),
  )
  return {
    ...{ as, reading, disclosures: [...byKey.values()], plain: [], masked: [] },
    embedded: reading.embedded.map((each, index) =>
      foundIn(each.reading, embedded[index] ?? foundAlone([]), each.as),
    ),
  }
}
