import type { Assignment } from '@varco/engagement'
import { awaitedEvents } from '@varco/retention'
import { assignmentFor } from '../visit/viewer.ts'
import type { Visit } from '../visit/visit.ts'

/** An event that rules wait for, and in which of their assignments the person tells it. */
export interface TellableEvent {
  readonly resource: string
  readonly event: string
  readonly as: Assignment
}

/**
 * What this person may tell. Who approves for a unit tells it of that unit's records, and of those of no unit; an
 * administrator of any.
 */
export function tellableEvents({
  bundle,
  viewer,
}: Pick<Visit, 'bundle' | 'viewer'>): readonly TellableEvent[] {
  if (viewer === null) return []
  const tellers = viewer.assignments.filter(
    (assignment) => assignmentFor({ ...viewer, assignments: [assignment] }, 'tell-record-event') !== null,
  )
  return awaitedEvents(bundle).flatMap(({ resource, id, owner }) => {
    const as = tellers.find(({ role, unit }) => role === 'administrator' || owner === null || unit === owner)
    return as === undefined ? [] : [{ resource, event: id, as }]
  })
}

/** The entry of a form's list that stands for an event of a resource. Neither name has a slash. */
export function eventEntry(resource: string, event: string): string {
  return `${resource}/${event}`
}
