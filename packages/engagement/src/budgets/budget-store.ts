import type { Micros } from '@varco/core'

/** How many different data subjects somebody may be shown within one stretch of time. */
export interface Budget {
  /** Whose, and over how long a stretch; never a person's name. */
  readonly holder: string
  /** The stretch of time, from (inclusive) to (exclusive). */
  readonly from: Micros
  readonly to: Micros
  readonly most: number
}

/** How many records one holder may be shown in any sixty minutes, the one under way among them. */
export interface RecordBudget {
  /** Whose, and of which resource; never a person's name. */
  readonly holder: string
  readonly most: number
}

/** Records that are about to be shown: as many as are wanted, or what is left of those, but all that are needed or none. */
export interface RecordsWanted {
  readonly needed: number
  /** At least as many as needed: what is not shown before the minute ends is spent all the same. */
  readonly wanted: number
  readonly now: Micros
}

/** Who has been shown how many records and different data subjects, as all nodes together know it. */
export interface BudgetStore {
  /**
   * Counts data subjects against every one of the budgets, or against none of them. One that was counted before in the
   * same stretch costs nothing.
   * @param dataSubjects pseudonyms of them, each a UUID: the store never learns who they are
   * @returns the budgets that this would overspend; nothing when they were counted
   * @throws UnavailableError when the store cannot be asked: then nobody knows, and nothing may be shown
   */
  spend(budgets: readonly Budget[], dataSubjects: readonly string[]): Promise<readonly Budget[]>

  /**
   * Counts records against a budget.
   * @returns how many were counted, 0 when fewer than needed are left; and how many are left now
   * @throws UnavailableError when the store cannot be asked: then nobody knows, and nothing may be shown
   */
  takeRecords(
    budget: RecordBudget,
    records: RecordsWanted,
  ): Promise<{ readonly taken: number; readonly left: number }>
}
