import type { FieldName } from '@varco/core'
import type { Resource } from '../bundle/bundle.ts'
import type { ClosedCondition } from '../decision/condition.ts'

/**
 * What a caller looks for: three-valued, as SQL has it. It is built from values that were parsed to their fields'
 * types, so that it can fail on no row, and so tells nothing of rows out of reach.
 */
export type RecordFilter =
  | { readonly kind: 'all' | 'any'; readonly of: readonly RecordFilter[] }
  | { readonly kind: 'not'; readonly of: RecordFilter }
  | { readonly kind: 'condition'; readonly condition: ClosedCondition }
  | {
      /** True where some record of another resource has in `to` what this one has in `field`, and stands in `set`. */
      readonly kind: 'related'
      readonly field: FieldName
      readonly to: FieldName
      readonly set: RecordSet
    }
  | {
      readonly kind: 'like'
      /** A text field. */
      readonly field: FieldName
      /** SQL's: `%` any characters, `_` one, `\` takes the next as it is; never ends in a lone `\`. */
      readonly pattern: string
      readonly ignoreCase: boolean
    }
  | {
      /** True where an array holds none but these. */
      readonly kind: 'within'
      /** A text[] field. */
      readonly field: FieldName
      readonly values: readonly string[]
    }
  | WordsFilter

/** PostgreSQL's full-text search; unknown on a text of more than 100,000 bytes, which it might fail on. */
export interface WordsFilter {
  readonly kind: 'words'
  /** A text field. */
  readonly field: FieldName
  /** All words; words in a row; as one asks a search engine; words joined by `&` and `|`, with `!` and `:*`. */
  readonly form: 'plain' | 'phrase' | 'web' | 'query'
  /** Whose endings are left off and whose small words are skipped; `simple`: nobody's. */
  readonly language: 'simple' | 'italian' | 'english'
  /** Such as PostgreSQL never fails on. */
  readonly text: string
}

/** Text is ordered by code point (collation "C"), as conditions compare it. */
export interface RecordOrder {
  readonly field: FieldName
  readonly direction: 'asc' | 'desc'
  readonly nulls: 'first' | 'last'
}

/** One reading of one resource. Every name in it is the catalogue's, never a caller's text. */
export interface RecordQuery {
  readonly resource: Resource
  /** What to fetch of each record. */
  readonly fields: readonly FieldName[]
  /** The rows a caller may reach: those the decision permits, and on which all they filter and order by is plain. */
  readonly reach: ClosedCondition
  readonly filter: RecordFilter | null
  readonly order: readonly RecordOrder[]
  readonly offset: number
  readonly limit: number
}

/**
 * A record as fetched, by field. `null`: no value. Otherwise, by the field's type: `integer` and `decimal` a number or,
 * never rounded, its text; `boolean` a boolean; `text[]` an array; dates, times and `json` the text PostgreSQL has.
 */
export type FetchedRecord = Readonly<Record<string, unknown>>

/** Which records, however many. */
export type RecordSet = Pick<RecordQuery, 'resource' | 'reach' | 'filter'>

/** Where the body's personal records are read. */
export interface RecordSource {
  /** @throws UnavailableError when the records cannot be read now */
  fetch(query: RecordQuery): Promise<readonly FetchedRecord[]>
  /** How many there are. @throws UnavailableError when the records cannot be read now */
  count(set: RecordSet): Promise<number>
}
