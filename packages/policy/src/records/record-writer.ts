import type { FieldName } from '@varco/core'
import type { RecordQuery, FetchedRecord } from './record-source.ts'

/**
 * A value to be set, parsed to its field's type: numbers as exact decimal text, `json` as its text, `text[]` as an
 * array; `null` for none.
 */
export type NewValue = string | boolean | readonly string[] | null

/** One change of some records of one resource. Every name in it is the catalogue's, never a caller's text. */
export interface RecordUpdate extends Pick<RecordQuery, 'resource' | 'fields' | 'reach' | 'filter'> {
  /** Fields to set, on every record found alike. */
  readonly values: ReadonlyMap<FieldName, NewValue>
  /** Records to look at, at most. */
  readonly limit: number
}

/** What came of an update. */
export type UpdateOutcome =
  /** Committed. The records as they are now, in the order in which they were found. */
  | { readonly kind: 'done'; readonly after: readonly FetchedRecord[] }
  /** `allow` said no: nothing was changed. */
  | { readonly kind: 'withheld' }
  /** The body's own tables refuse it, whichever of their rules: nothing was changed. */
  | { readonly kind: 'rejected' }
  /** The reply to the commit was lost. */
  | { readonly kind: 'unknown' }

/** Where the body's personal records are changed. */
export interface RecordWriter {
  /**
   * Finds and locks the records, and asks `allow` with what they hold. Only after it has answered true is anything
   * changed; while it is asked, nobody else can change them. Should it throw, nothing is changed.
   * @throws UnavailableError when the records cannot be changed now: nothing was
   */
  update(
    update: RecordUpdate,
    allow: (before: readonly FetchedRecord[]) => Promise<boolean>,
  ): Promise<UpdateOutcome>
}
