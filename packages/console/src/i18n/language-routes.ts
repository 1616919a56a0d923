import { Hono } from 'hono'
import { localPath } from '../visit/local-path.ts'
import { LANGUAGE_COOKIE, type ConsoleEnv } from '../visit/visit.ts'
import { asLocale } from './language.ts'
import { rememberChoice } from './remember-choice.ts'

/** The switch in the header: remembers the language and goes back to the page. */
export function languageRoutes(secure: boolean): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>().get('/language/:locale', (c) => {
    const locale = asLocale(c.req.param('locale'))
    if (locale === null) return c.notFound()
    rememberChoice(c, LANGUAGE_COOKIE, locale, secure)
    return c.redirect(localPath(c.req.query('to')), 303)
  })
}
