import { Hono } from 'hono'
import { asHtml } from '../layout/document.tsx'
import { localPath } from '../visit/local-path.ts'
import type { ConsoleEnv } from '../visit/visit.ts'
import { rememberChoice } from './remember-choice.ts'
import { TimeZonePage } from './time-zone-page.tsx'
import { asTimeZone, ZONE_COOKIE } from './time-zone.ts'

/** The choice of whose clocks the pages go by: remembers it and goes back to the page. */
export function timeZoneRoutes(secure: boolean): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>()
    .get('/time-zone', (c) =>
      c.html(asHtml(<TimeZonePage visit={c.var.visit} to={localPath(c.req.query('to'))} />)),
    )
    .get('/time-zone/set', (c) => {
      const zone = asTimeZone(c.req.query('zone'))
      if (zone === null) return c.notFound()
      // Chosen by a person: the script that tells the browser's own zone cannot change it.
      rememberChoice(c, ZONE_COOKIE, zone, secure)
      return c.redirect(localPath(c.req.query('to')), 303)
    })
}
