import { VarcoError, type Micros, type PolicyVersion } from '@varco/core'
import type { ShadowReport } from './shadow.ts'

/** One stretch of time during which a candidate is asked beside the bundle in force, or none is. */
export interface ShadowRun {
  /** 1 for the first ever, then one more each. */
  readonly number: number
  /** `null`: from here on nothing is asked. */
  readonly candidate: PolicyVersion | null
  readonly setBy: string
  readonly setAt: Micros
}

/** What was counted beside one bundle in force; with what nodes could not count, so that nobody takes it for all. */
export interface ShadowTally extends ShadowReport {
  /** Questions a node left out, for it had more than it may spend on them. */
  readonly left: number
  /** Questions at which the candidate, or the comparison, threw. */
  readonly failed: number
}

/** No candidate goes by that version. */
export class UnknownCandidateError extends VarcoError {
  readonly code = 'unknown-candidate'

  constructor() {
    super('no such version was pushed')
  }
}

/** Which candidate all nodes ask beside the bundle in force, and what they found, added up. */
export interface ShadowStore {
  /** `null` before the first. Cheap enough to ask every second. */
  lastRun(): Promise<ShadowRun | null>
  /** The newest with a candidate, ended or not: whose counts a person wants to see. */
  lastWithCandidate(): Promise<ShadowRun | null>
  /** Starts a candidate on all nodes, or ends it. @throws UnknownCandidateError */
  start(candidate: PolicyVersion | null, by: string): Promise<ShadowRun>
  /** Adds what one node counted since it last did. */
  add(run: number, tally: ShadowTally): Promise<void>
  /** What all nodes counted in a run, one tally for each bundle that was in force; at most 1,000 kinds of each. */
  tallies(run: number): Promise<readonly ShadowTally[]>
  /** Calls `wake` soon after each start by whatever node. It may miss one: poll too. */
  watch(wake: () => void): Promise<AsyncDisposable>
}
