import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { hostOnly } from '../session/sessions.ts'
import { localPath } from '../visit/local-path.ts'
import { LANGUAGE_COOKIE, type ConsoleEnv } from '../visit/visit.ts'
import { asLocale } from './language.ts'

const A_YEAR = 365 * 24 * 3600

/** The switch in the header: remembers the language and goes back to the page. */
export function languageRoutes(secure: boolean): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>().get('/language/:locale', (c) => {
    const locale = asLocale(c.req.param('locale'))
    if (locale === null) return c.notFound()
    setCookie(c, LANGUAGE_COOKIE, locale, {
      path: '/',
      maxAge: A_YEAR,
      httpOnly: true,
      sameSite: 'Lax',
      ...hostOnly(secure),
    })
    return c.redirect(localPath(c.req.query('to')), 303)
  })
}
