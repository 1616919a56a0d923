import type { Micros } from '@varco/core'
import type { Alert, AlertDecision, AlertRuleId, AlertState, Contest } from './alert.ts'

export interface AlertQuery {
  readonly state?: AlertState
  readonly rule?: AlertRuleId
  readonly operator?: string
  readonly contract?: string
  readonly raisedFrom?: Micros
  /** Id of the last of the page before. */
  readonly after?: string
  /** 1 to 1,000. */
  readonly limit: number
}

/** Alerts as people answer them. Every method throws `UnavailableError` when the store cannot be reached. */
export interface AlertStore {
  /** The one raised last first. */
  alerts(query: AlertQuery): Promise<readonly Alert[]>
  alert(id: string): Promise<Alert | null>
  /** How many there are, by state; of those raised in a period, its end excluded, where one is given. */
  alertCounts(raised?: {
    readonly from: Micros
    readonly to: Micros
  }): Promise<Readonly<Record<AlertState, number>>>
  /** Answers an open alert; `false` when it was answered before, by whomever, or does not exist. */
  decideAlert(id: string, state: Exclude<AlertState, 'open'>, decision: AlertDecision): Promise<boolean>
  addContest(id: string, contest: Contest): Promise<void>
}
