import type { Appended } from '@varco/access-log'
import { InvariantError } from '@varco/core'
import type { FetchedRecord, RecordMapping } from '@varco/policy'
import type { AnswerFormat } from '../answer/negotiate-format.ts'
import type { RestrictedRecords } from '../dependencies.ts'
import type { Refusal } from '../refusal.ts'
import { foundAlone } from '../steps/fetch.ts'
import { mask, type Shown } from '../steps/mask.ts'
import type { Reading } from '../steps/plan-reading.ts'
import { recordLevel, spendingOf } from '../steps/record.ts'
import { spendBudgets } from '../steps/spend-budgets.ts'
import type { Visit } from '../visit.ts'
import type { Batch } from './answer-batches.ts'
import type { AnswerWriter } from './answer-writer.ts'

/** Records of an answer that stand in one place, and how the caller may see them. */
export interface UpstreamReading {
  readonly mapping: RecordMapping
  readonly reading: Reading
  /** Fields that the request compares: a record on which one of them is not plain is out of reach. */
  readonly compared: readonly string[]
}

export const ANSWER_FORMAT: AnswerFormat = {
  ...{ kind: 'json', single: false, nullsStripped: false },
  contentType: 'application/json; charset=utf-8',
}

/** Under the upstream's keys, the fields that are visible on some record. */
export function underKeys(reading: Reading, { keys }: RecordMapping): Reading {
  const columns = [...keys].flatMap(([as, field]) => {
    const isVisible = (reading.permit.fields.get(field)?.best ?? 'hidden') !== 'hidden'
    const type = reading.resource.fields.get(field)?.type
    return isVisible && type !== undefined ? [{ field, as, type, asText: false }] : []
  })
  return { ...reading, columns }
}

/** Whether the caller may see a record at all, and whether all that they compared is plain on it. */
export function isWithinReach(
  { reading, compared }: UpstreamReading,
  record: FetchedRecord,
  restricted: RestrictedRecords,
): boolean {
  const outcomes = reading.permit.outcomesOf(record)
  return (
    outcomes !== null &&
    !restricted(reading.resource)(record) &&
    compared.every((field) => outcomes.get(field as Parameters<typeof outcomes.get>[0])?.outcome === 'plain')
  )
}

/** What of a part of an answer may leave, now that it is recorded. */
export interface ShownBatch {
  readonly text: string
  readonly shown: readonly Shown[]
  readonly entry: Appended | null
  /** Records that the upstream gave and that are shown. */
  readonly records: number
  /** A list begins in it. */
  readonly hasList: boolean
  /** Of some record that stands in no list it says that there is one or none. */
  readonly hasAlone: boolean
}

/**
 * Steps 5 and 6 for a part of an answer: masked, counted against the budget, recorded. Every resource of the answer is
 * recorded with its first part, and after that with each part that shows some of it.
 * @throws UnavailableError when it may not be recorded: then nothing of it may leave
 */
export async function showBatch(
  visit: Visit,
  readings: readonly UpstreamReading[],
  batch: Batch,
  writer: AnswerWriter,
  { number, detail }: { readonly number: number; readonly detail: Readonly<Record<string, string>> },
): Promise<ShownBatch | Refusal> {
  const restricted = await visit.gate.restricted()
  const visible = readings.map((each, index) =>
    batch.parts.flatMap((part) =>
      part.kind === 'record' && part.pointer === index && isWithinReach(each, part.record, restricted)
        ? [part.record]
        : [],
    ),
  )
  const shown = readings.map(({ reading }, index) => {
    const records = visible[index] ?? []
    const result = mask(visit, reading, foundAlone(records), ANSWER_FORMAT)
    if (result.records.length !== records.length)
      throw new InvariantError('records were lost between decision and mask')
    return result
  })
  const recorded = shown.filter(({ records }) => records.length > 0 || number === 1)
  const over = await spendBudgets(
    visit,
    recorded.map(({ level }) => spendingOf(level)),
  )
  const [entry = null] = await Promise.all(
    recorded.map(({ level }) => recordLevel(visit, level, { ...detail, part: number }, over)),
  )
  if (over !== null) return entry === null ? over : { ...over, event: entry.id }
  const next = readings.map(() => 0)
  let text = ''
  for (const part of batch.parts) {
    let record: string | null = null
    if (part.kind === 'record' && visible[part.pointer]?.includes(part.record) === true) {
      const place = next[part.pointer] ?? 0
      next[part.pointer] = place + 1
      record = shown[part.pointer]?.records[place] ?? null
    }
    text += writer.write(part, record)
  }
  const records = shown.reduce((sum, each) => sum + each.records.length, 0)
  return { text, shown, entry, records, ...standingOf(batch) }
}

function standingOf({ parts }: Batch): Pick<ShownBatch, 'hasList' | 'hasAlone'> {
  return {
    hasList: parts.some((part) => part.kind === 'open' && part.list),
    hasAlone: parts.some((part) => part.kind === 'null' || (part.kind === 'record' && !part.listed)),
  }
}
