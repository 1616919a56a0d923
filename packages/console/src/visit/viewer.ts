import { mayBeSamePerson, type Micros, type OperatorId, type Pseudonym } from '@varco/core'
import type { Assignment, EngagementStore, PeopleDirectory } from '@varco/engagement'
import type { Bundle, Decision } from '@varco/policy'
import type { LiveSession } from '../session/sessions.ts'
import { decideInConsole } from './console-policy.ts'
import type { Permission } from './permissions.ts'

/** The person who looks at the page, with the assignments that hold at this moment. */
export interface Viewer {
  readonly session: LiveSession
  /** Whether the body's own identity provider vouches for them. */
  readonly ownStaff: boolean
  readonly assignments: readonly Assignment[]
  /** `null`: nobody the engagement knows. */
  readonly operator: OperatorId | null
  /** Whether the log may keep something of them, under an assignment that holds or that has ended. */
  readonly hasOwnPages: boolean
  /** Every pseudonym they have, had, or will have: a new contract makes nobody another person. */
  readonly pseudonyms: () => Promise<readonly Pseudonym[]>
  /** What the console's own policy says of one of the assignments, at the time of the request. */
  readonly decide: (assignment: Assignment, permission: Permission) => Decision
}

export interface ViewerDeps {
  readonly engagement: Pick<EngagementStore, 'whoIs'>
  readonly people: Pick<PeopleDirectory, 'assignmentsOf'>
}

/** Asked at each request: an assignment that ended opens nothing, however young the session. */
export async function establishViewer(
  { engagement, people }: ViewerDeps,
  bundle: Bundle,
  session: LiveSession,
  now: Micros,
): Promise<Viewer> {
  const known = await engagement.whoIs(session.issuer, session.externalId, now)
  const ownStaff = bundle.issuers.get(session.issuer) === null
  const assignments = known?.assignments ?? []
  const operator = known?.operator.id ?? null
  const everyAssignment = async (): Promise<readonly Assignment[]> =>
    operator === null ? [] : people.assignmentsOf(operator)
  const worked = assignments.length === 0 && (await everyAssignment()).length > 0
  return {
    session,
    ownStaff,
    assignments,
    operator,
    hasOwnPages: worked || assignments.length > 0,
    pseudonyms: async () => [...assignments, ...(await everyAssignment())].map(({ pseudonym }) => pseudonym),
    decide: (assignment, permission) => decideInConsole(bundle, assignment, permission, now),
  }
}

/**
 * The assignment in whose role this may be done, or `null`. For the body's own staff only, and only the body's own
 * issuer vouches for those: whatever the database says of a contractor's login.
 */
export function assignmentFor(viewer: Viewer, permission: Permission): Assignment | null {
  if (!viewer.ownStaff) return null
  return (
    viewer.assignments.find((assignment) => viewer.decide(assignment, permission).effect === 'permit') ?? null
  )
}

/** Tells whether a pseudonym is one of theirs, however it is written. */
export async function selfOf(viewer: Viewer | null): Promise<(name: string) => boolean> {
  const own = (await viewer?.pseudonyms()) ?? []
  return (name) => own.some((each) => mayBeSamePerson(each, name))
}

/**
 * Under which name somebody acts upon what others have acted upon: their own of before, if they are among them, so that a new
 * assignment, or a second one, makes nobody their own second person.
 */
export async function nameAfter(
  viewer: Viewer | null,
  assignment: Assignment,
  before: readonly Pseudonym[],
): Promise<Pseudonym> {
  return before.find(await selfOf(viewer)) ?? assignment.pseudonym
}

/** Whether the person must first prove anew who they are. */
export function mustProve(viewer: Viewer, assignment: Assignment, permission: Permission): boolean {
  const decision = viewer.decide(assignment, permission)
  return decision.effect === 'deny' || (decision.obligations.stepUp && !viewer.session.provedLately)
}
