import type { Micros } from '@varco/core'
import type { Dimension } from './watch-store.ts'

/** One kind of work of one contract in one month, as counted by the watch. */
export interface WorkFigure {
  readonly month: string
  readonly dimension: Dimension
  readonly value: string
  readonly decision: 'permit' | 'deny'
  readonly accesses: number
  /** How many people did it. */
  readonly workers: number
  /** By when there were five of them; `null` where there are not, or it was not counted then. */
  readonly fifthAt: Micros | null
  readonly firstAt: Micros
  readonly evidence: readonly string[]
}

/** One kind of refusal of one contract in one month. */
export interface RefusalFigure {
  readonly month: string
  readonly purpose: string
  readonly resource: string
  readonly reason: string
  readonly field: string
  readonly refusals: number
  readonly granted: number
  readonly minutes: number
  readonly workers: number
  /** How many people a grant let go on. */
  readonly grantedWorkers: number
}

/** A ticket, whose data subject is a keyed hash. */
export interface TicketFigure {
  readonly id: string
  readonly dataSubject: string | null
  readonly purpose: string
  readonly openedAt: number
  readonly closedAt: number | null
  /** How often it was opened again after a closing, as its system told it. */
  readonly reopened: number
  /** In euro, as its system told it last; `null` where it told none. */
  readonly price: number | null
}

/** How accesses and tickets of a contract fit together in one month. */
export interface MonthTies {
  readonly month: string
  /** Accesses that showed records. */
  readonly accesses: number
  readonly accessesWithoutTicket: number
}

/** The counts that drift, friction and ticket reports are made from. Throws `UnavailableError`. */
export interface OversightFigures {
  /** @param from and @param to months, both included */
  work(contract: string | null, from: string, to: string): Promise<readonly WorkFigure[]>
  refusals(contract: string | null, from: string, to: string): Promise<readonly RefusalFigure[]>
  /** Opened in `[from, to)`, oldest first. */
  tickets(contract: string | null, from: Micros, to: Micros): Promise<readonly TicketFigure[]>
  /**
   * Months without any access are left out; `null` while a day of them is not counted yet.
   * @param from and @param to months that are over, both included
   * @param purposes those that work by ticket
   */
  ties(
    contract: string | null,
    from: string,
    to: string,
    purposes: readonly string[],
  ): Promise<readonly MonthTies[] | null>
  /**
   * Opened in `[from, to)`, and named by no access of it that showed records: what comes after it changes nothing. Of days
   * that are counted.
   */
  unusedTickets(contract: string | null, from: Micros, to: Micros): Promise<number>
}
