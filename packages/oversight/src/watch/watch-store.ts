import type { Micros } from '@varco/core'
import type { Finding } from '../alerts/alert.ts'
import type { FeedPosition } from '../feed/event-feed.ts'
import type { OperatorDay } from './operator-day.ts'

/** A refusal that may yet be followed by something: the same shown elsewhere, or a grant. */
export interface RecentRefusal {
  readonly event: string
  readonly at: number
  readonly operator: string
  readonly contract: string | null
  readonly workstation: string | null
  readonly resource: string
  readonly purpose: string | null
  readonly ticket: string | null
  /** What the ticket given is for; `null` where there was none such then. */
  readonly ticketPurpose: string | null
  readonly reason: string
  readonly field: string
  /** Made good since: the same ticket led to an access that it explains. */
  readonly settled: boolean
  /** Taken for gone by: what followed, with this ticket, was believed to be another matter. */
  readonly excused?: { readonly ticket: string; readonly at: number }
  /** The grant that an access came under since, which the refusal led to; empty where it has no name. */
  readonly granted?: string
}

/** What a share of the work of a contract is counted by. */
export const DIMENSIONS = ['purpose', 'action', 'category'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** Adds to the count of one kind of work of one contract in one month. No operator is in it. */
export interface WorkCount {
  readonly contract: string | null
  /** `2026-11`, where the body is. */
  readonly month: string
  readonly dimension: Dimension
  /** The purpose's, action's or category's name; empty where none was given. */
  readonly value: string
  readonly decision: 'permit' | 'deny'
  readonly accesses: number
  readonly firstAt: number
  readonly lastAt: number
  readonly evidence: readonly string[]
  /** Keyed hashes, another key for each count: they tell how many people, and link nothing. */
  readonly workers: readonly string[]
}

/** Adds to the count of one kind of refusal. */
export interface RefusalCount {
  readonly contract: string | null
  readonly month: string
  readonly purpose: string
  readonly resource: string
  readonly reason: string
  /** The field asked for, where the refusal was about one. */
  readonly field: string
  readonly refusals: number
  /** How many were followed by an access under a grant. */
  readonly granted: number
  /** Minutes from refusal to the unit's decision, summed. */
  readonly minutes: number
  readonly workers: readonly string[]
  /** Of those that a grant let go on, likewise. */
  readonly grantedWorkers: readonly string[]
}

/** What the watch goes on from. */
export interface WatchState {
  /** Moves with every commit: whoever commits on an older one is too late. */
  readonly version: number
  readonly position: FeedPosition
  /** Tickets opened until then have been looked at, in microseconds. */
  readonly ticketsTo: number
  readonly refusals: readonly RecentRefusal[]
  /** The days the rules may still look back on. */
  readonly days: readonly OperatorDay[]
}

/** Everything one batch changes, in one transaction with the position behind it: counted once or not at all. */
export interface WatchCommit {
  readonly base: number
  readonly position: FeedPosition
  readonly ticketsTo: number
  readonly refusals: readonly RecentRefusal[]
  readonly days: readonly OperatorDay[]
  /** Days before this one are forgotten. */
  readonly forgetBefore: number
  readonly work: readonly WorkCount[]
  readonly refusalCounts: readonly RefusalCount[]
  readonly findings: readonly Finding[]
  readonly now: Micros
}

/** Most events that a work count names: the first ones, and they stay. */
export const MAX_WORK_EVIDENCE = 10

/** Keeps the watch's state. Every method throws `UnavailableError` when the store cannot be reached. */
export interface WatchStore {
  /** @param lookBack how many days before the last one watched are wanted */
  load(lookBack: number): Promise<WatchState>
  /** Takes what it is given before it first waits: the days go on changing. `superseded`: another watcher went on from the same state, and nothing was changed. */
  commit(commit: WatchCommit): Promise<'committed' | 'superseded'>
}
