import type { AccessLogReader } from '@varco/access-log'
import { Hono } from 'hono'
import { Temporal } from 'temporal-polyfill'
import { asHtml } from '../layout/document.tsx'
import { menuFor } from '../layout/menu.ts'
import { calendarDay, startOfDay } from '../log/log-filters.ts'
import { loginFor } from '../visit/guard.ts'
import { assignmentFor } from '../visit/viewer.ts'
import type { ConsoleEnv } from '../visit/visit.ts'
import { summariseDay } from './day-summary.ts'
import { HomePage } from './home-page.tsx'
import { NoPagePage } from './no-page-page.tsx'

/** The first page after the login. */
export function homeRoutes({ reader }: { readonly reader: AccessLogReader }): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>().get('/', async (c) => {
    const { visit } = c.var
    if (visit.viewer === null) return c.redirect(loginFor(visit.url), 303)
    if (assignmentFor(visit.viewer, 'read-log') === null) {
      const [first] = menuFor(visit)
      return first === undefined ? c.html(asHtml(<NoPagePage visit={visit} />)) : c.redirect(first.href, 303)
    }
    const timeZone = visit.bundle.document.varco.time_zone
    const today = calendarDay(visit.now, timeZone)
    const span = { from: startOfDay(today, timeZone, 0), to: startOfDay(today, timeZone, 1) }
    const [summary, writers] = await Promise.all([
      summariseDay(
        reader,
        span,
        (at) => Temporal.Instant.fromEpochNanoseconds(at * 1000n).toZonedDateTimeISO(timeZone).hour,
      ),
      reader.state(),
    ])
    return c.html(asHtml(<HomePage visit={visit} summary={summary} writers={writers} />))
  })
}
