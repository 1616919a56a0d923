import type { DisclosureDraft } from '@varco/access-log'
import type { FieldName } from '@varco/core'
import type { FetchedRecord, Resource, RowOutcome } from '@varco/policy'
import type { AnswerFormat } from '../answer/negotiate-format.ts'
import {
  recordWriter,
  shownColumn,
  type RecordWriter,
  type ShownColumn,
  type Within,
} from '../answer/write-record.ts'
import type { Gate, Visit } from '../visit.ts'
import { foundAlone, type Fetched } from './fetch.ts'
import { linkValue } from './link-value.ts'
import { namesOf, type Column, type EmbeddedReading, type Reading } from './plan-reading.ts'
import { WorkedOutOnce } from './worked-out-once.ts'

/** What the answer will hold, and what the log will say that it held. */
export interface Shown {
  /** The answer's names of its columns. */
  readonly names: readonly string[]
  /** Each record, written as the answer's format has it. */
  readonly records: readonly string[]
  /** How many there are in all; `null` when nobody asked. */
  readonly total: number | null
  readonly level: ShownLevel
}

/** What was shown of one resource: of the answer's own, and of each that is embedded in it. */
export interface ShownLevel {
  readonly as: string
  readonly reading: Reading
  readonly disclosures: readonly DisclosureDraft[]
  /** Fields shown in plain, and masked, in at least one record; by the catalogue's names. */
  readonly plain: readonly FieldName[]
  readonly masked: readonly FieldName[]
  readonly embedded: readonly ShownLevel[]
}

/** Step 5: each field of each record as the decision says of that record: plain, masked, or not there at all. */
export function mask(visit: Visit, reading: Reading, fetched: Fetched, format: AnswerFormat): Shown {
  const level = new MaskedLevel(visit.gate, '', reading, fetched, format)
  const records = fetched.records.flatMap((record) => level.show(record) ?? [])
  return { names: reading.columns.map(({ as }) => as), records, total: fetched.total, level: level.shown() }
}

type Outcomes = ReadonlyMap<FieldName, RowOutcome>

/** The records of one resource as they are shown one after the other, and what the log must say of them. */
class MaskedLevel {
  readonly #gate: Gate
  readonly #as: string
  readonly #reading: Reading
  readonly #write: RecordWriter
  readonly #within: readonly WithinLevel[]
  /** Of the records so far, each way in which some were shown. */
  readonly #fields: ShownFields[] = []
  /** By record: one that several records hold is disclosed once. */
  readonly #disclosures = new Map<string, DisclosureDraft>()
  #outcomes: Outcomes | null = null
  #columns: readonly ShownColumn[] = []

  constructor(gate: Gate, as: string, reading: Reading, fetched: Fetched, format: AnswerFormat) {
    this.#gate = gate
    this.#as = as
    this.#reading = reading
    const names = reading.columns.map((column) => column.as)
    this.#write = recordWriter(format, names, gate.maskKeys)
    this.#within = reading.embedded.map((embedded, index) => {
      const records = fetched.embedded[index] ?? foundAlone([])
      const level = new MaskedLevel(gate, embedded.as, embedded.reading, records, format)
      const byLink = Map.groupBy(records.records, (record) =>
        linkValue(embedded.reading, record, embedded.to),
      )
      return { embedded, level, byLink }
    })
  }

  /** `null` for a record that the decision does not permit. */
  show(record: FetchedRecord): string | null {
    if (!this.#admit(record)) return null
    return this.#write.record(this.#columns, record, this.#withinOf(record))
  }

  /** By name of the answer, a list of what each record has there; nothing where that is hidden on it. */
  #lists(records: readonly FetchedRecord[]): readonly Within[] {
    const shown = records.flatMap((record) => {
      if (!this.#admit(record)) return []
      const values = new Map(this.#write.values(this.#columns, record))
      for (const each of this.#withinOf(record)) if ('as' in each) values.set(each.as, each.json)
      return [values]
    })
    return namesOf(this.#reading).map((as) => ({
      as,
      json: `[${shown.map((values) => values.get(as) ?? 'null').join(',')}]`,
    }))
  }

  #withinOf(record: FetchedRecord): readonly Within[] {
    if (this.#within.length === 0) return NOTHING_WITHIN
    return this.#within.flatMap((within) => this.#embed(within, record))
  }

  /** Works out how a record is shown, and notes that it is. */
  #admit(record: FetchedRecord): boolean {
    const { columns, permit, resource } = this.#reading
    const outcomes = permit.outcomesOf(record)
    if (outcomes === null) {
      // INVARIANT: the row filter and the decision are the same set. Should they ever differ, the stricter holds.
      this.#gate.diagnostics.error('the row filter let through what the decision does not', {
        resource: resource.name,
      })
      return false
    }
    // Rows on which the same rules fire share their outcomes.
    if (outcomes !== this.#outcomes) {
      this.#outcomes = outcomes
      const fields = SHOWN.of(columns, outcomes, () => shownFields(columns, outcomes))
      this.#columns = fields.columns
      if (!this.#fields.includes(fields)) this.#fields.push(fields)
    }
    const disclosure = disclosureOf(resource, record)
    this.#disclosures.set(disclosure.recordKey, disclosure)
    return true
  }

  #embed({ embedded, level, byLink }: WithinLevel, owner: FetchedRecord): readonly Within[] {
    const { as, unshown, spread, many, from, range } = embedded
    const link = linkValue(this.#reading, owner, from)
    const theirs = link === null ? [] : (byLink.get(link) ?? [])
    const { offset, limit } = many ? range : { offset: 0, limit: 1 }
    const some = theirs.slice(offset, limit === null ? undefined : offset + limit)
    if (spread && many) {
      // Also of what is not shown: that it is there is told, so whose it is must be noted.
      const lists = level.#lists(some)
      return unshown ? [] : lists
    }
    const shown = some.flatMap((record) => level.show(record) ?? [])
    if (unshown) return []
    if (spread) return [{ members: shown[0]?.slice(1, -1) ?? this.#write.none(namesOf(embedded.reading)) }]
    return [{ as, json: many ? `[${shown.join(',')}]` : (shown[0] ?? 'null') }]
  }

  shown(): ShownLevel {
    return {
      as: this.#as,
      reading: this.#reading,
      disclosures: [...this.#disclosures.values()],
      plain: together(this.#fields.map(({ plain }) => plain)),
      masked: together(this.#fields.map(({ masked }) => masked)),
      embedded: this.#within.map(({ level }) => level.shown()),
    }
  }
}

const NOTHING_WITHIN: readonly Within[] = []
const NO_FIELDS: readonly FieldName[] = []

/** Each once; the same list again where there is but one. */
function together(lists: readonly (readonly FieldName[])[]): readonly FieldName[] {
  return lists.length > 1 ? [...new Set(lists.flat())] : (lists[0] ?? NO_FIELDS)
}

interface WithinLevel {
  readonly embedded: EmbeddedReading
  readonly level: MaskedLevel
  /** Records by what ties them to their owner. */
  readonly byLink: ReadonlyMap<string | null, readonly FetchedRecord[]>
}

function shownColumns(columns: readonly Column[], outcomes: Outcomes): readonly ShownColumn[] {
  return columns.flatMap((column) => {
    const outcome = outcomes.get(column.field)
    if (outcome === undefined || outcome.outcome === 'hidden') return []
    // Masked without a mask cannot be: then nothing of the value is shown.
    return [shownColumn(column, outcome.outcome === 'plain' ? null : (outcome.mask ?? 'redact'))]
  })
}

/** How records on which the same rules fire are shown, and which fields of theirs are. */
interface ShownFields {
  readonly columns: readonly ShownColumn[]
  readonly plain: readonly FieldName[]
  readonly masked: readonly FieldName[]
}

/** Both are remembered: columns with the permit and the selection, outcomes with the rules that fire. */
const SHOWN = new WorkedOutOnce<readonly Column[], Outcomes, ShownFields>()

function shownFields(named: readonly Column[], outcomes: Outcomes): ShownFields {
  const columns = shownColumns(named, outcomes)
  const fieldsWhere = (isMasked: boolean): readonly FieldName[] => [
    ...new Set(columns.filter(({ mask }) => (mask !== null) === isMasked).map(({ field }) => field)),
  ]
  return { columns, plain: fieldsWhere(false), masked: fieldsWhere(true) }
}

/** Whose record it is, for the log. */
export function disclosureOf({ name, key, dataSubject }: Resource, record: FetchedRecord): DisclosureDraft {
  const subject = dataSubject === null ? null : record[dataSubject.field]
  return {
    resource: name,
    recordKey: textOf(record[key]),
    dataSubject:
      dataSubject === null || subject === null || subject === undefined
        ? null
        : { kind: dataSubject.kind, id: textOf(subject) },
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}
