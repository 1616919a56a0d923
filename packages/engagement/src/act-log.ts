import type { EventId, Json } from '@varco/core'

/** What the engagement leaves a trace of. Each is a kind of event of the access log. */
export const ENGAGEMENT_ACTS = [
  'grant-asked',
  'grant-approved',
  'grant-refused',
  'grant-revoked',
  'glass-broken',
  'glass-reviewed',
  'contract-terminated',
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
] as const
export type EngagementActKind = (typeof ENGAGEMENT_ACTS)[number]

/** An act as the log tells it: ids and codes, never a record's key, a data subject or a reason in free text. */
export interface EngagementAct {
  readonly kind: EngagementActKind
  readonly requestId: string
  /** Pseudonym of the person who acted. */
  readonly operator: string | null
  readonly processor?: string | null
  readonly contract?: string | null
  readonly role?: string | null
  readonly unit?: string | null
  /** On whose orders, where the act is about that. */
  readonly instructedBy?: string | null
  readonly purpose?: string | null
  readonly ticket?: string | null
  readonly grant?: string | null
  readonly action?: string | null
  readonly resource?: string | null
  readonly policyVersion?: string | null
  readonly detail?: { readonly [key: string]: Json } | null
}

/** Where acts are recorded: the access log, which the composition puts behind it. */
export interface ActLog {
  /**
   * Resolves once the act is committed. Acts are recorded before they take effect: one that nobody can see must not.
   * @throws UnavailableError when it may not be: the caller must change nothing
   */
  append(act: EngagementAct): Promise<{ readonly id: EventId }>
}
