import type { Assignment, PeopleDirectory } from '@varco/engagement'
import type { Visit } from '../visit/visit.ts'

/** A pseudonym of whoever looks, with the latest assignment that carries it. */
export interface OwnAssignment {
  readonly assignment: Assignment
  /** It holds no more. */
  readonly ended: boolean
}

/**
 * Everything the person who looks has worked as, what holds first: what the log keeps of somebody is theirs to know after
 * their work has ended too.
 */
export async function ownAssignments(
  people: Pick<PeopleDirectory, 'assignmentsOf'>,
  { viewer, now }: Pick<Visit, 'viewer' | 'now'>,
): Promise<readonly OwnAssignment[]> {
  if (viewer === null || viewer.operator === null) return []
  const begun = (await people.assignmentsOf(viewer.operator)).filter(({ from }) => from <= now)
  const latest = new Map<string, Assignment>()
  for (const assignment of begun) {
    if (!latest.has(assignment.pseudonym)) latest.set(assignment.pseudonym, assignment)
  }
  return [...latest.values()]
    .map((assignment) => ({ assignment, ended: assignment.to !== null && assignment.to <= now }))
    .sort((a, b) => Number(a.ended) - Number(b.ended))
}
