import type { MiddlewareHandler } from 'hono'
import { badFormPage } from '../errors/refusals.tsx'
import { CSRF_FIELD } from '../session/csrf-field.tsx'
import { isCsrfToken } from '../session/sessions.ts'
import { loginFor } from './guard.ts'
import type { ConsoleEnv } from './visit.ts'

/**
 * Every request that may change something must carry the session's token, and must not say that it comes
 * from elsewhere. GET and HEAD change nothing in this console.
 */
export function refuseForgery(consoleUrl: URL): MiddlewareHandler<ConsoleEnv> {
  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') {
      await next()
      return undefined
    }
    const { viewer } = c.var.visit
    const origin = c.req.header('origin')
    const site = c.req.header('sec-fetch-site')
    if (origin !== undefined && origin !== consoleUrl.origin) return c.html(badFormPage(c.var.visit), 403)
    if (site !== undefined && site !== 'same-origin') return c.html(badFormPage(c.var.visit), 403)
    if (viewer === null) return c.redirect(loginFor(new URL('/', consoleUrl)), 303)
    const form = await c.req.parseBody()
    if (!isCsrfToken(viewer.session, form[CSRF_FIELD])) return c.html(badFormPage(c.var.visit), 403)
    await next()
    return undefined
  }
}
