import type { FieldName, Localized, PolicyVersion, RuleId } from '@varco/core'
import type { MaskName } from '../bundle/schema.ts'
import type { ClosedCondition } from './condition.ts'
import type { ReasonCode } from './reasons.ts'

export const OUTCOMES = ['plain', 'masked', 'hidden'] as const
/** What happens to one field of one record. The stricter wins: hidden over masked over plain. */
export type Outcome = (typeof OUTCOMES)[number]

/** Why, in a stable code and in words; never a record's value. */
export interface Reason {
  readonly code: ReasonCode
  readonly text: Localized
  readonly rule?: RuleId
}

/** What the caller must still honour, or the proxy must enforce. */
export interface Obligations {
  readonly ticket: 'open' | 'none'
  readonly maxRecordsPerHour: number | null
  /** The caller must have proved who they are anew, with a second factor. */
  readonly stepUp: boolean
  /** What the caller is told beside the data. */
  readonly notices: readonly Localized[]
}

/** What a permit says of one field, over all the rows it permits. */
export interface FieldPermit {
  /** The best outcome on any row: a field whose best is `hidden` need not be fetched. */
  readonly best: Outcome
  /** On which permitted rows the field is plain; only there may a filter or an order touch it. */
  readonly plainWhere: ClosedCondition
  /** The mask when masked. */
  readonly mask: MaskName | null
}

export interface Permit {
  readonly effect: 'permit'
  readonly policyVersion: PolicyVersion
  readonly reasons: readonly Reason[]
  readonly rules: readonly RuleId[]
  readonly obligations: Obligations
  /** Which rows: compiled to SQL, and the same set in memory. */
  readonly rowFilter: ClosedCondition
  /** Every field the catalogue declares. A field that is not here is hidden. */
  readonly fields: ReadonlyMap<FieldName, FieldPermit>
  /** Fields the conditions read: they must be fetched to know each row's outcome. */
  readonly conditionFields: readonly FieldName[]
  /** The outcome of each field of this record, or `null` when the record is not permitted at all. */
  readonly outcomesOf: (record: Readonly<Record<string, unknown>>) => RecordOutcomes | null
}

/** The outcome of every field the catalogue declares, for one record. */
export interface RecordOutcomes extends ReadonlyMap<FieldName, RowOutcome> {
  readonly plain: readonly FieldName[]
  readonly masked: readonly FieldName[]
}

/** One field of one record: how it is shown. */
export interface RowOutcome {
  readonly outcome: Outcome
  readonly mask: MaskName | null
}

export interface Deny {
  readonly effect: 'deny'
  readonly policyVersion: PolicyVersion
  readonly reasons: readonly Reason[]
  /** Purposes under which the same question would be permitted, nearest first. */
  readonly nearestPurposes: readonly string[]
  /** The rules for this role that came closest, each with what it lacked; never a record's value. */
  readonly nearest: readonly NearestRule[]
}

/** A permit that did not apply, and why not. */
export interface NearestRule {
  readonly rule: RuleId
  readonly because: string
  readonly failed: readonly FailedClause[]
}

export interface FailedClause {
  readonly part: 'role' | 'contract' | 'purpose' | 'ticket' | 'grant' | 'where'
  readonly code: ReasonCode
  readonly text: Localized
  /** What the rule asks for: purposes, roles, contracts, or the clause in words. */
  readonly expected: readonly string[]
}

export type Decision = Permit | Deny
