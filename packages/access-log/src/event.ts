import type { DataSubjectRef, EventId, Json, Micros, WriterId } from '@varco/core'

/** An access, or an administrative act that leaves a trace. */
export const EVENT_KINDS = [
  'access',
  'policy-activated',
  'policy-shadowed',
  'contract-terminated',
  'grant-asked',
  'grant-approved',
  'grant-refused',
  'grant-revoked',
  'glass-broken',
  'glass-reviewed',
  'contract-moved',
  'exit-step',
  'copy-settled',
  'people-imported',
  'tickets-imported',
  'instruction-stated',
  'instruction-ended',
  'work-key-made',
  'work-month-closed',
  'work-reclosing-asked',
  'retention-planned',
  'retention-approved',
  'retention-cancelled',
  'retention-started',
  'retention-ended-early',
  'retention-certified',
  'retention-replayed',
  'retention-event-told',
  'retention-event-withdrawn',
  'hold-placed',
  'hold-released',
  'hold-reviewed',
  'restriction-placed',
  'restriction-lifted',
  'recipient-notified',
  'retention-overdue',
  'disclosures-erased',
  'log-prune-proposed',
  'log-prune-approved',
  'log-pruned',
  'identity-requested',
  'identity-opened',
  'identity-refused',
  'report-made',
  'request-moved',
  'log-read',
  'log-exported',
  'writer-registered',
  'writer-started',
  'heartbeat',
  'key-rotated',
  'alert-answered',
  'alert-contested',
] as const
export type EventKind = (typeof EVENT_KINDS)[number]

/** A filter the caller used: the value never, only a salted commitment to it. */
export interface FilterUse {
  readonly field: string
  readonly op: string
  /** The value as sent; the writer turns it into a commitment and forgets it. */
  readonly value: string
}

/** A field that an update sets on one record: its values never, only salted commitments to them. */
export interface FieldChange {
  readonly field: string
  /** Which of the event's disclosures the record is, from 0. */
  readonly record: number
  /** The values in their canonical text; the writer turns them into commitments and forgets them. */
  readonly before: string
  readonly after: string
}

/** One record of one data subject that the response will show. */
export interface DisclosureDraft {
  readonly resource: string
  readonly recordKey: string
  /** `null` for a record about nobody. */
  readonly dataSubject: DataSubjectRef | null
}

/**
 * What happened, as drafted and as stored alike. Holds no field value (invariant 9): names of fields, ids, codes.
 * `null` where a thing was not known or not sent.
 */
export interface EventFacts {
  readonly kind: EventKind
  readonly requestId: string
  /** Pseudonym of the operator; for administrative acts, of the person who acted. */
  readonly operator: string | null
  readonly processor: string | null
  readonly contract: string | null
  readonly role: string | null
  readonly unit: string | null
  readonly workstation: string | null
  readonly instructedBy: string | null
  readonly purpose: string | null
  readonly ticket: string | null
  readonly grant: string | null
  readonly action: string | null
  readonly resource: string | null
  readonly plain: readonly string[]
  readonly masked: readonly string[]
  readonly decision: 'permit' | 'deny' | null
  readonly reasons: readonly string[]
  readonly rules: readonly string[]
  readonly policyVersion: string | null
  /** Particulars of an administrative act; no personal data. */
  readonly detail: { readonly [key: string]: Json } | null
}

/** What happened, before the writer gives it a place in the log. */
export interface EventDraft extends EventFacts {
  readonly filters: readonly FilterUse[]
  /** Absent: nothing is to be changed. */
  readonly changes?: readonly FieldChange[]
  readonly disclosures: readonly DisclosureDraft[]
}

/** The place an event got. It is durable: committed before this value exists. */
export interface Appended {
  readonly id: EventId
  readonly writer: WriterId
  readonly epoch: number
  readonly seq: number
  readonly at: Micros
}

/** What every part of Varco that must leave a trace depends on. */
export interface AccessLog {
  /**
   * Resolves once the event and its disclosures are committed, together with whatever else waited.
   * @throws UnavailableError when they may not be: the caller must show nothing
   */
  append(draft: EventDraft): Promise<Appended>
}
