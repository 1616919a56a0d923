import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { badFormPage } from '../errors/refusals.tsx'
import type { Permission } from './permissions.ts'
import { assignmentFor } from './viewer.ts'
import type { ConsoleEnv } from './visit.ts'

/** A form that may be larger than the others, for those alone who may send it. */
export interface LargeForm {
  readonly path: RegExp
  readonly permission: Permission
  readonly bytes: number
}

/** What people fill in. */
const FORM_BYTES = 16 * 1024

/** No body is read beyond what a form of the console can be. */
export function limitBodies(large: readonly LargeForm[]): MiddlewareHandler<ConsoleEnv> {
  const upTo = (maxSize: number): MiddlewareHandler<ConsoleEnv> =>
    bodyLimit({ maxSize, onError: (c) => c.html(badFormPage(c.get('visit')), 403) })
  const ordinary = upTo(FORM_BYTES)
  const larger = large.map(({ path, permission, bytes }) => ({ path, permission, limit: upTo(bytes) }))
  return (c, next) => {
    const { viewer } = c.var.visit
    const fitting = larger.find(
      ({ path, permission }) =>
        path.test(c.req.path) && viewer !== null && assignmentFor(viewer, permission) !== null,
    )
    return (fitting?.limit ?? ordinary)(c, next)
  }
}
