import type { EventId, Localized } from '@varco/core'

/** Why somebody gets no records: a value, not a fault. Holds no record's value and nothing of a query's. */
export interface Refusal {
  readonly refused: true
  readonly status: 400 | 401 | 403 | 404 | 405 | 406 | 409 | 412 | 413 | 415 | 416 | 429 | 500 | 502 | 503
  /** Stable: clients and the log carry it. */
  readonly code: string
  readonly text: Localized
  /** Every reason's code; `[code]` when absent. */
  readonly reasons?: readonly string[]
  /** The reasons' codes for the log alone, where the caller may not be told. */
  readonly unspoken?: readonly string[]
  /** Which field it was refused for, for the log alone: one the catalogue names. */
  readonly field?: string
  /** The entry of the log that says so already, with the records that the refusal tells of all the same. */
  readonly event?: EventId
  /** What to do about it, in words that hold nothing of the request. */
  readonly hint?: Localized
  /** As PostgREST's clients expect beside its own codes. */
  readonly details?: string
  /** Purposes under which the same question would be permitted, nearest first. */
  readonly nearestPurposes?: readonly string[]
  /** What to ask a grant for at `POST /grants`, where one would help. */
  readonly grantable?: GrantableMatter
  readonly headers?: Readonly<Record<string, string>>
}

/** All that the caller need add is the record or the data subject, and the reason. */
export interface GrantableMatter {
  readonly resource: string
  readonly action: string
  readonly purpose: string
  readonly ticket: string | null
  /** Address of the console's form for it, for a person to open. */
  readonly page?: string
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value
}
