import type { OperatorId } from '@varco/core'
import type { Assignment, Operator } from '../facts.ts'

/** Everyone, with all their assignments, past and to come; their `externalId` as it is kept, hidden. Throws `UnavailableError` when the store cannot be reached. */
export interface PeopleDirectory {
  everyone(): Promise<{
    readonly operators: readonly Operator[]
    readonly assignments: readonly Assignment[]
  }>
  /** All of one person's, past and to come, the latest first. */
  assignmentsOf(operator: OperatorId): Promise<readonly Assignment[]>
}
