import type { Micros } from '@varco/core'
import type { OversightDocument } from '@varco/policy'
import type { Fact } from './fact.ts'

/** A rule of the watch, as `oversight.yaml` names it. */
export type AlertRuleId = keyof OversightDocument['alerts']

export const ALERT_STATES = ['open', 'explained', 'confirmed'] as const
export type AlertState = (typeof ALERT_STATES)[number]

/** Something worth asking about, with everything that made it so. It carries facts, never a score. */
export interface Alert {
  readonly id: string
  readonly rule: AlertRuleId
  /** Whose accesses; `null` where it is the contract's. */
  readonly operator: string | null
  readonly contract: string | null
  readonly facts: readonly Fact[]
  /** Events of the log to look at, oldest first; not all where there are very many. */
  readonly events: readonly string[]
  /** How many there are. */
  readonly eventCount: number
  readonly firstAt: Micros
  readonly lastAt: Micros
  readonly raisedAt: Micros
  readonly state: AlertState
  /** Who answered it; `null` while open. */
  readonly decision: AlertDecision | null
  readonly contests: readonly Contest[]
}

export interface AlertDecision {
  readonly by: string
  readonly at: Micros
  readonly reason: string
  /** Of a confirmed one: by when the supervisor must have been told (GDPR Art. 33(1)). */
  readonly notifyBy: Micros | null
}

/** What the worker an alert is about has to say of it. */
export interface Contest {
  readonly at: Micros
  readonly text: string
}

/** What one pass found for an alert, before it is known whether there is one already. */
export interface Finding {
  /** Same rule, same person or contract, same stretch of time: one alert, while nobody has answered it. */
  readonly key: string
  readonly rule: AlertRuleId
  readonly operator: string | null
  readonly contract: string | null
  readonly facts: readonly Fact[]
  readonly events: readonly string[]
  readonly eventCount: number
  readonly firstAt: Micros
  readonly lastAt: Micros
}

/** Most that an alert carries of each. */
export const MAX_EVIDENCE = 50
export const MAX_FACTS = 20
