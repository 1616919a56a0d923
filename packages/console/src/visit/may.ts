import type { Permission } from './permissions.ts'
import { assignmentFor } from './viewer.ts'
import type { Visit } from './visit.ts'

/** Whether who looks may do this in one of their assignments: a page offers nothing else. */
export function may({ viewer }: Pick<Visit, 'viewer'>, permission: Permission): boolean {
  return viewer !== null && assignmentFor(viewer, permission) !== null
}
