import type { Localized } from '@varco/core'
import type { JsonPlace, WordsFilter } from '@varco/policy'

/** A query as read from its text; which fields it names and whether they exist is not known yet. */
export interface Query {
  /** `null`: everything that is visible. */
  readonly select: readonly SelectItem[] | null
  readonly embeds: readonly Embed[]
  readonly filter: FilterNode | null
  readonly order: readonly OrderTerm[]
  readonly range: Range
}

/** Records of another resource within each record: `producer(name)`. */
export interface Embed {
  /** As the catalogue may call it. */
  readonly relation: string
  /** The name in the answer, under which the query's own parameters speak of it. */
  readonly as: string
  /** Records without any are left out. */
  readonly inner: boolean
  /** `...producer(name)`: its fields stand among the owner's own. */
  readonly spread: boolean
  readonly query: Query
}

export interface SelectItem {
  readonly kind: 'field' | 'all'
  /** Empty for `*`. */
  readonly field: string
  /** What stands within the field's value; absent: all of it. */
  readonly at?: JsonPlace
  /** The name in the answer. */
  readonly as: string
  /** `::text`: shown as text, whatever the field's type. */
  readonly asText: boolean
}

/** Comparisons, in the dialect's names. */
export const OPERATORS = [
  'eq',
  'neq',
  'gt',
  'gte',
  'lt',
  'lte',
  'like',
  'ilike',
  'match',
  'imatch',
  'in',
  'is',
  'isdistinct',
  'cs',
  'ov',
  'cd',
  'sl',
  'sr',
  'nxr',
  'nxl',
  'adj',
  'fts',
  'plfts',
  'phfts',
  'wfts',
] as const
export type Operator = (typeof OPERATORS)[number]

export interface FilterLeaf {
  readonly kind: 'leaf'
  readonly field: string
  /** What stands within the field's value is compared. */
  readonly at?: JsonPlace
  readonly operator: Operator
  readonly negated: boolean
  /** The value as sent; for `in` the list's elements. */
  readonly values: readonly string[]
  /** Of a search for words, if one was given: `fts(italian)`. */
  readonly language?: WordsFilter['language']
}

/** `producer=not.is.null`: whether a record has any of what is embedded in it. */
export interface EmbedTest {
  readonly kind: 'embedded'
  /** The embed's name in the answer. */
  readonly as: string
  /** Whether it must have none. */
  readonly negated: boolean
}

export type FilterNode =
  | FilterLeaf
  | EmbedTest
  | {
      readonly kind: 'tree'
      readonly operator: 'and' | 'or'
      readonly negated: boolean
      readonly of: readonly FilterNode[]
    }

export interface OrderTerm {
  /** `producer(name)`: the name, in the answer, of the embed whose field it is; absent: the record's own. */
  readonly embed?: string
  readonly field: string
  readonly at?: JsonPlace
  readonly direction: 'asc' | 'desc'
  /** `null`: as PostgreSQL does, nulls as if larger than anything. */
  readonly nulls: 'first' | 'last' | null
}

/** Rows counted from 0. `limit` `null`: as many as there are. */
export interface Range {
  readonly offset: number
  readonly limit: number | null
}

/** Each filter's comparison, wherever in the tree; negated when what stands over it says so. */
export function leavesOf(node: FilterNode | null, negated = false): readonly FilterLeaf[] {
  if (node === null || node.kind === 'embedded') return []
  const isNegated = node.negated !== negated
  return node.kind === 'leaf'
    ? [{ ...node, negated: isNegated }]
    : node.of.flatMap((part) => leavesOf(part, isNegated))
}

/** The embeds that a filter asks for, wherever in the tree. */
export function embedsIn(node: FilterNode | null): readonly string[] {
  if (node === null || node.kind === 'leaf') return []
  return node.kind === 'embedded' ? [node.as] : node.of.flatMap(embedsIn)
}

/** A query that cannot be read. The hint says where to look and holds nothing of the query. */
export class QueryError extends Error {
  readonly code: 'invalid-query' | 'not-supported' | 'PGRST103'
  readonly hint: Localized

  constructor(code: QueryError['code'], hint: Localized) {
    super(code)
    this.code = code
    this.hint = hint
  }
}
