import type { FieldName } from '@varco/core'
import type { Resource } from '../bundle/bundle.ts'
import type { RangeType } from '../bundle/schema.ts'
import type { ClosedCondition } from '../decision/condition.ts'

/** Where something stands within a JSON value: names of members; in a list its place, from 0, or from the end if negative. */
export type JsonPath = readonly string[]

/** What stands at a path: as JSON, or as text with a text’s quotes left off, as `->` and `->>` have it. */
export interface JsonPlace {
  readonly path: JsonPath
  readonly as: 'json' | 'text'
}

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
      /** True where some part of the text is such as a POSIX regular expression says; `.` is any character. */
      readonly kind: 'matches'
      /** A text field. */
      readonly field: FieldName
      /** One that PostgreSQL and ECMAScript (`s`, `u`) read alike, and that cannot fail. */
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
  | {
      /** True where an array holds these, in this order, and no others. */
      readonly kind: 'list'
      /** A text[] field. */
      readonly field: FieldName
      readonly values: readonly string[]
    }
  | {
      /**
       * What `of` says of what stands within the field, as if the field held that and were of this type. As `decimal`,
       * what is no number is no value; nor is anything of JSON that PostgreSQL could not read through.
       */
      readonly kind: 'at'
      /** A json or text[] field. */
      readonly field: FieldName
      readonly path: JsonPath
      readonly as: 'json' | 'text' | 'decimal'
      /** Names no field but this one. */
      readonly of: RecordFilter
    }
  | {
      /** Equal as JSON values are, whatever the spaces, digits and order of members; or holding all that the other holds. */
      readonly kind: 'json'
      /** Stands within an `at` of its field, as `json`. */
      readonly field: FieldName
      readonly test: 'equals' | 'contains' | 'within'
      /** JSON that PostgreSQL can read. */
      readonly value: string
    }
  | WordsFilter
  | RangeFilter

/**
 * How a field's range lies to another: it `contains` that, is `within` it or `overlaps` it; ends before it begins (`left`) or
 * begins after it ends (`right`); does not end after it (`not-right`) or begin before it (`not-left`); or touches it with
 * nothing between the two and nothing in both (`adjacent`). An empty one is within all and lies to none.
 */
export interface RangeFilter {
  readonly kind: 'range'
  readonly field: FieldName
  /** The field's. */
  readonly type: RangeType
  readonly test: (typeof RANGE_TESTS)[number]
  /** A constant of the type. */
  readonly value: string
}

export const RANGE_TESTS = [
  'contains',
  'within',
  'overlaps',
  'left',
  'right',
  'not-right',
  'not-left',
  'adjacent',
] as const

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
  /**
   * By what stands within the field, which is json or text[]. As JSON: null, texts, numbers, true and false, lists,
   * objects; the last two by their text.
   */
  readonly at?: JsonPlace
  /** By the field of the record that belongs to this one, where there is one within reach. */
  readonly of?: RelatedSet
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
 * never rounded, its text; `boolean` a boolean; `text[]` an array; dates, times, ranges and `json` the text PostgreSQL has.
 */
export type FetchedRecord = Readonly<Record<string, unknown>>

/** Which records, however many. */
export type RecordSet = Pick<RecordQuery, 'resource' | 'reach' | 'filter'>

/** Records of a set that have in `to` what the record at hand has in `from`. */
export interface RelatedSet {
  readonly from: FieldName
  readonly to: FieldName
  readonly set: RecordSet
}

/** Where the body's personal records are read. */
export interface RecordSource {
  /** @throws UnavailableError when the records cannot be read now */
  fetch(query: RecordQuery): Promise<readonly FetchedRecord[]>
  /** How many there are. @throws UnavailableError when the records cannot be read now */
  count(set: RecordSet): Promise<number>
}
