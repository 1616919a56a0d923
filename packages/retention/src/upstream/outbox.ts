import type { Micros } from '@varco/core'
import type { Burial, Tombstones } from '../store.ts'

/** What hangs on one record of the database, of one resource behind an upstream: it goes before the record does. */
export interface Errand {
  readonly plan: string
  readonly rule: string
  /** Of the records behind the upstream. */
  readonly resource: string
  /** Their field by which they hang on the other. */
  readonly by: string
  /** Key of the record they hang on, as the plan has it. */
  readonly parent: string
}

/** An errand that is not done. */
export interface OpenErrand extends Errand {
  /** Keys that were asked to go and are not known to have gone: a process that ends leaves them to the next. */
  readonly begun: readonly string[]
  readonly since: Micros
  /** How often the upstream did not do it, and how that ended last, in one word; `null`: it was never asked, or nobody heard. */
  readonly attempts: number
  readonly outcome: string | null
  readonly notBefore: Micros
  /** It was asked often enough: the record stays. */
  readonly abandoned: boolean
}

/** What went of an errand, told from what the plan's own records left. */
export interface Errands {
  readonly action: Burial
  readonly tombstones: Tombstones
  readonly at: Micros
}

/** How the errands of one resource stand. */
export interface ErrandStanding {
  readonly plan: string
  readonly resource: string
  readonly waiting: number
  readonly since: Micros
  /** From when on one of them may be tried. */
  readonly next: Micros
}

/**
 * What is to go from upstreams, in Varco's own state: no transaction spans both, so it is noted before it is asked for. Who
 * works on a page of a plan alone works on its errands. Nothing of them is kept once the plan is over. Every method throws `UnavailableError` when the store cannot be
 * reached.
 */
export interface UpstreamOutbox {
  /** Durable at its return; an errand that is open stays as it is. @returns them all, in the order asked for */
  queue(errands: readonly Errand[], at: Micros): Promise<readonly OpenErrand[]>
  /** The errand as it stands now, with what is known to have gone; all or nothing. */
  note(errand: OpenErrand, gone: Errands | null): Promise<void>
  /** Nothing more hangs there. */
  close(errand: Errand, gone: Errands | null): Promise<void>
  /** Errands of records that the plan no longer has are forgotten, but for abandoned ones. */
  sweep(plan: string): Promise<void>
  /** When the next of a plan’s errands that were tried in vain may be tried again; `null`: there is none. */
  nextOf(plan: string): Promise<Micros | null>
  /** Keys of the records, by resource behind an upstream, that stay because of it. */
  abandoned(plan: string): Promise<readonly Errand[]>
  /** All that wait, by plan and resource. */
  standing(): Promise<readonly ErrandStanding[]>
}

/** Under which name tombstones of what hung on a rule's records are kept: no rule's id has a slash. */
export function errandRule(rule: string, resource: string): string {
  return `${rule}/${resource}`
}
