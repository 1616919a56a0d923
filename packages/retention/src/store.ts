import type { Micros } from '@varco/core'
import type { AgreedRecord } from './authority/approve-in-part.ts'
import type { SignedCertificate } from './certificate.ts'
import type { HappenedEvent, RecordEvent } from './event/record-event.ts'
import type { Hold } from './hold.ts'
import type { RetentionPlan } from './plan.ts'
import type { RequestOutcome } from './request/request-outcome.ts'
import type { Disposition } from './rules.ts'
import type { Disposed, RetentionRecords, SliceTransaction } from './records.ts'

export interface PlanPage {
  readonly rule: string
  readonly keys: readonly string[]
}

/** Of records of one resource. */
export interface Tombstones {
  readonly resource: string
  /** Keyed hashes of the records' keys, in hexadecimal. */
  readonly hashes: readonly string[]
}

/** What a rule's pages add up to. */
export interface RuleTotals {
  readonly done: number
  readonly held: number
  readonly referenced: number
  readonly notDue: number
  readonly busy: number
  readonly gone: number
  readonly foundAgain: number
  readonly identifiable: number
  /** Still to be done when the plan was ended early, or begun and nobody knows whether done. */
  readonly notReached: number
  /** What hangs on it upstream would not go. */
  readonly upstream: number
}

export interface SliceUnderWay {
  readonly holds: readonly Hold[]
  /** Throws when a hold may have been placed. */
  readonly confirm: () => Promise<void>
  /** In which the records are to be disposed of; `null`: they are kept elsewhere. */
  readonly within: SliceTransaction | null
}

/**
 * A page of a plan that this process alone works on, until it is disposed of or its process ends. Keys leave the page
 * as they are settled; what is left at its closing is counted, and forgotten.
 */
export interface ClaimedPage extends AsyncDisposable {
  /** Still to be done. */
  readonly todo: readonly string[]
  /** Begun and not settled, by whichever slice: a process ended in between, and nobody knows whether they went. */
  readonly begun: readonly string[]
  /** Settled as gone, and still to be asked for again: they may have come back at the commit itself. */
  readonly unasked: readonly string[]
  /**
   * Does the work and notes its outcome, while no hold can be placed: in one transaction where the records are kept in the
   * same database, and then after a fault nothing was done. Elsewhere the keys are first noted as begun, durably, and a
   * fault leaves them so. Work that gave way to others may be called again.
   */
  slice(
    keys: readonly string[],
    records: Pick<RetentionRecords, 'keptIn'>,
    work: (slice: SliceUnderWay) => Promise<Settled>,
  ): Promise<void>
  /** Settles what was begun, and what was unasked. */
  recover(settled: Settled): Promise<void>
  /** Nothing more is done about what is left: it is counted, and its keys forgotten. */
  close(): Promise<void>
  /** The same for a plan that is ended early: what is left was not reached, or is `unsure`. */
  abandon(unsure: Unsure): Promise<void>
}

/** By what a record went. Of one that went on request no term was over: it is known again by its tombstone alone. */
export type Burial = Disposition | 'erase-on-request'

/** Of what may have gone by it, and nobody can tell: it is planned again where it is due, and found again by a replay. */
export type PerhapsBurial = `perhaps-${Burial}`

/** Of a page, what was begun and may have gone; its tombstones stand apart from those of what went. */
export interface Unsure {
  readonly action: PerhapsBurial
  readonly tombstones: Tombstones
  readonly at: Micros
}

/** What had gone when it was asked for; it is held ready until it is disposed of. */
export interface Buried extends AsyncDisposable {
  /** Which of the hashes have a tombstone. @throws UnavailableError */
  among(hashes: readonly string[]): Promise<ReadonlySet<string>>
}

export interface Settled extends Disposed {
  readonly action: Burial
  /** One for each of `done`. */
  readonly tombstones: Tombstones
  /** Of those pointed at, what would not go is upstream: nothing more is tried for this plan. */
  readonly upstream: readonly string[]
  /** How many of `done`, or of what was unasked, are there; `null`: of `done` that is to be asked after the commit. */
  readonly foundAgain: number | null
  readonly at: Micros
}

/** Plans, holds, tombstones and certificates. Every method throws `UnavailableError` when the store cannot be reached. */
export interface RetentionStore {
  /** The same as the records' where they share transactions. */
  readonly keptIn: object
  /**
   * Keeps the plan whole, or not at all; `finish` is called after the last page.
   * @param sole what the plan alone is for, in words that name nobody: while one is open, and has no faults, no other is kept
   * for it; whoever makes one at the same moment waits. Absent: any number of plans may be for the same.
   * @returns the plan, or the open one that was there before, and then nothing was listed
   */
  addPlan(
    id: string,
    pages: AsyncIterable<PlanPage>,
    finish: () => RetentionPlan,
    sole?: string,
  ): Promise<RetentionPlan>
  plan(id: string): Promise<RetentionPlan | null>
  /** Latest first, from the one after `after` on. */
  plans(limit: number, after?: string): Promise<readonly RetentionPlan[]>
  /** Those that were ended early and are not over: their ids. */
  plansEnding(): Promise<readonly string[]>
  /**
   * The keys of a plan that is called off are forgotten with it, and what hangs upstream on records of one that is over.
   * @returns `false`, and nothing changed, when the revision before is no longer there
   */
  replacePlan(plan: RetentionPlan): Promise<boolean>
  /** Those still to be done, page by page. */
  plannedKeys(plan: string, rule: string): AsyncIterable<readonly string[]>
  /**
   * Strikes all but these from a plan that has not begun, and replaces it by what `next` makes of how many are left of each
   * rule; all or nothing. `next` is asked once all that was agreed to is known to be in the plan.
   * @returns why nothing was changed
   */
  keepAgreed(
    agreed: AsyncIterable<readonly AgreedRecord[]>,
    plan: string,
    next: (left: ReadonlyMap<string, number>) => Promise<RetentionPlan>,
  ): Promise<RetentionPlan | 'not-in-plan' | 'changed-meanwhile'>
  /**
   * A page of the rule on which fewer passes were made and which nobody else works on; `null`: there is none now.
   * @param pass `null`: an open page, however many passes were made
   */
  claimPage(plan: string, rule: string, pass: number | null): Promise<ClaimedPage | null>
  /** Pages not closed, and those of them still short of this pass. */
  openPages(
    plan: string,
    rule: string,
    pass: number,
  ): Promise<{ readonly open: number; readonly behind: number }>
  totals(plan: string): Promise<ReadonlyMap<string, RuleTotals>>
  /** Takes effect before it returns: what is being disposed of at that moment has been, nothing after it will be. */
  addHold(hold: Hold): Promise<void>
  /**
   * Does the work while no hold can be placed beside those it is told of; who places one waits until it is done, unless the
   * connection that makes them wait is lost: what cannot be undone asks again where it is done. `confirm` throws when one may
   * have been placed.
   */
  whileHoldsStand<T>(work: (holds: readonly Hold[], confirm: () => Promise<void>) => Promise<T>): Promise<T>
  /** Takes effect before it returns, as a hold does. */
  addEvent(event: RecordEvent): Promise<void>
  /** All that was told, latest first, from the one after `after` on. */
  toldEvents(limit: number, after?: string): Promise<readonly RecordEvent[]>
  /** By hash, what was last told of the event; of those of which it was not, or is no longer, told nothing. */
  lastTold(
    resource: string,
    event: string,
    hashes: readonly string[],
  ): Promise<ReadonlyMap<string, HappenedEvent>>
  /** The log has it. */
  noteHoldRecorded(id: string): Promise<void>
  /** Those that a crash may have kept out of the log. */
  unrecordedHolds(): Promise<readonly Hold[]>
  hold(id: string): Promise<Hold | null>
  /** Only a hold not yet released. */
  releaseHold(hold: Hold): Promise<boolean>
  /** Only a hold not yet released. */
  reviewHold(hold: Hold): Promise<boolean>
  /** Those in force, oldest first. */
  holds(): Promise<readonly Hold[]>
  /** Of a plan's rule, by hash, some at a time. */
  tombstones(plan: string, rule: string): AsyncIterable<Tombstones>
  /** What of a resource has a tombstone of any of these by now, to be asked about many at a time. */
  buried(resource: string, burials: readonly (Burial | PerhapsBurial)[]): Promise<Buried>
  /** The first that is given stays. */
  addOutcome(plan: string, outcome: RequestOutcome): Promise<void>
  /** Of a request's plan that was carried out; `null`: it was not, or answers no request. */
  outcome(plan: string): Promise<RequestOutcome | null>
  addCertificate(plan: string, certificate: SignedCertificate): Promise<void>
  certificate(plan: string): Promise<SignedCertificate | null>
}
