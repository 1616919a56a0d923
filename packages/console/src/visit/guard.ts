import type { Assignment } from '@varco/engagement'
import type { Context, MiddlewareHandler } from 'hono'
import { forbiddenPage } from '../errors/refusals.tsx'
import type { Permission } from './permissions.ts'
import { localPath } from './local-path.ts'
import { assignmentFor, mustProve } from './viewer.ts'
import type { ConsoleEnv } from './visit.ts'

/** What a handler behind a guard knows besides: in which assignment the person acts. */
export interface GuardedEnv {
  Variables: ConsoleEnv['Variables'] & { assignment: Assignment }
}

/**
 * Lets in who is signed in and has a role for it; leads the others to the login, or tells them no. Before a
 * sensitive act leads to the login too whoever has not proved lately who they are.
 */
export function guard(permission: Permission): MiddlewareHandler<GuardedEnv> {
  return async (c, next) => {
    const { viewer, url } = c.var.visit
    if (viewer === null) return c.redirect(loginFor(url), 303)
    const assignment = assignmentFor(viewer, permission)
    if (assignment === null) return c.html(forbiddenPage(c.var.visit, permission), 403)
    if (mustProve(viewer, assignment, permission)) return c.redirect(proofFor(c), 303)
    c.set('assignment', assignment)
    await next()
    return undefined
  }
}

/** The login, and afterwards the page that was asked for. */
export function loginFor(url: URL): string {
  const wanted = url.pathname + url.search
  return wanted === '/' ? '/login' : `/login?to=${encodeURIComponent(wanted)}`
}

/** The page that asks who it is again, and afterwards the page that was asked for, or that the form stands on. */
export function proofFor(c: Context<GuardedEnv>): string {
  const { url } = c.var.visit
  const formOn = URL.parse(c.req.header('referer') ?? '')
  const wanted = c.req.method === 'GET' ? url : formOn
  const to = wanted === null ? '/' : localPath(wanted.pathname + wanted.search)
  return `/login/again?to=${encodeURIComponent(to)}`
}
