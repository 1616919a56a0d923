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

/** Who has been shown how many different data subjects, as all nodes together know it. */
export interface BudgetStore {
  /**
   * Counts data subjects against every one of the budgets, or against none of them. One that was counted before in the
   * same stretch costs nothing.
   * @param dataSubjects pseudonyms of them, each a UUID: the store never learns who they are
   * @returns the budgets that this would overspend; nothing when they were counted
   * @throws UnavailableError when the store cannot be asked: then nobody knows, and nothing may be shown
   */
  spend(budgets: readonly Budget[], dataSubjects: readonly string[]): Promise<readonly Budget[]>
}
