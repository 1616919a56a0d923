import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { asHtml } from '../layout/document.tsx'
import { hostOnly } from '../session/sessions.ts'
import { localPath } from '../visit/local-path.ts'
import type { ConsoleEnv } from '../visit/visit.ts'
import { TimeZonePage } from './time-zone-page.tsx'
import { asTimeZone, ZONE_COOKIE } from './time-zone.ts'

const A_YEAR = 365 * 24 * 3600

/** The choice of whose clocks the pages go by: remembers it and goes back to the page. */
export function timeZoneRoutes(secure: boolean): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>()
    .get('/time-zone', (c) =>
      c.html(asHtml(<TimeZonePage visit={c.var.visit} to={localPath(c.req.query('to'))} />)),
    )
    .get('/time-zone/set', (c) => {
      const zone = asTimeZone(c.req.query('zone'))
      if (zone === null) return c.notFound()
      setCookie(c, ZONE_COOKIE, zone, {
        path: '/',
        maxAge: A_YEAR,
        // Chosen by a person: the script that tells the browser's own zone cannot change it.
        httpOnly: true,
        sameSite: 'Lax',
        ...hostOnly(secure),
      })
      return c.redirect(localPath(c.req.query('to')), 303)
    })
}
