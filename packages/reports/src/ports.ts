import type { DataSubjectRef, FieldName, LinkedTable, Micros, ResourceName } from '@varco/core'
import type { Bundle } from '@varco/policy'

/** A data subject the body's records know under the identifier asked for. */
export interface FoundDataSubject {
  readonly ref: DataSubjectRef
  /** What the records call them, part by part, as `data_subjects.*.name` of the bundle says. */
  readonly name: readonly string[]
}

/** One way the bundle lets a data subject be found: `producer` by `tax_code`. */
export interface FindBy {
  readonly kind: string
  readonly field: string
}

/** One record of the data subject: every declared field in text form, `null` where the record has none. */
export interface SubjectRecord {
  readonly key: string
  readonly values: ReadonlyMap<FieldName, string | null>
}

export interface RecordsOfResource {
  readonly resource: ResourceName
  readonly records: readonly SubjectRecord[]
}

/**
 * The body's records, seen from one data subject. A field the catalogue does not declare never appears.
 * Text form: dates `2026-11-24`, instants RFC 3339, decimals unrounded, arrays and JSON as JSON text.
 * Every method throws `UnavailableError` while the records cannot be read.
 */
export interface SubjectRecords {
  /**
   * Every data subject, of whatever kind, one of whose `find_by` fields holds this value as given, in capitals
   * or in small letters; blanks around it do not count. Empty when there is none. In the order of kinds and keys.
   * @param by this way of finding alone; a way the bundle does not offer finds nobody
   */
  find(bundle: Bundle, identifier: string, by?: FindBy): Promise<readonly FoundDataSubject[]>
  /** Those of these people whom the records (still) have, in the order of their keys. */
  named(bundle: Bundle, kind: string, ids: readonly string[]): Promise<readonly FoundDataSubject[]>
  /**
   * Whose records these are, by key: whom a record names, or the record it points at. A record that is gone,
   * or about nobody, is left out.
   */
  ownersOf(
    bundle: Bundle,
    resource: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, DataSubjectRef>>
  /**
   * Every record about the data subject, over the catalogue's graph: resources that name the data subject,
   * then resources about nobody else whose records point at those, and so on. In the catalogue's order;
   * resources without records are left out; records in the order of their keys.
   */
  recordsOf(bundle: Bundle, dataSubject: DataSubjectRef): Promise<readonly RecordsOfResource[]>
}

/** Events of the log that have all this in common, and how many they are. */
export interface AccessFigure {
  /** Calendar month in the time zone asked for, `2026-11`. */
  readonly month: string
  readonly kind: string
  readonly decision: 'permit' | 'deny' | null
  readonly processor: string | null
  readonly purpose: string | null
  /** Of an event `report-made`, the report's format. */
  readonly report: string | null
  readonly contract: string | null
  readonly count: number
  /** How many people are behind them. */
  readonly workers: number
}

/** Counts over the access log, made where the log is: a report on a year must not read a year. */
export interface AccessFigures {
  /**
   * Every event from `from` to before `to`, counted once.
   * @throws UnavailableError while the log cannot be read
   */
  count(from: Micros, to: Micros, timeZone: string): Promise<readonly AccessFigure[]>
}

/** Of one contract's month, the tables that its own reports tell from, with what they hold back. */
export interface HeldOfContract {
  /** `null`: the body's own units. */
  readonly contract: string | null
  /** Their numbers named as `workCountName` does; `elsewhere`. */
  readonly tables: readonly LinkedTable[]
}

/**
 * What drift, friction and ticket reports hold back of each contract, month by month.
 * @param period months, both included
 * @throws UnavailableError while it cannot be read
 */
export type HeldByContract = (
  contracts: readonly (string | null)[],
  period: { readonly from: string; readonly to: string },
) => Promise<(month: string) => readonly HeldOfContract[]>
