import type { Pseudonym } from '@varco/core'
import type { PolicyStore } from '@varco/policy'
import type { OverdueWork, RetentionDesk } from '@varco/retention'
import type { PlanPapers } from './plan-papers.ts'

/** Carries plans out behind the pages: a run takes longer than a request. */
export interface PlanRunner {
  /** Begins, or goes on; what comes of it stands in the plan. */
  start(plan: string, by: Pseudonym): void
}

/** What the pages of retention work with. */
export interface RetentionAccess {
  /** Its acts go into the console's log. */
  readonly desk: RetentionDesk
  readonly runner: PlanRunner
  readonly papers: PlanPapers
  /** What should have happened by now. */
  readonly overdue: () => Promise<readonly OverdueWork[]>
  /** Where drafts of the policy are put. */
  readonly policies: Pick<PolicyStore, 'put'>
}
