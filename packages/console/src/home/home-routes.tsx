import type { AccessLogReader } from '@varco/access-log'
import type { OversightFigures } from '@varco/oversight'
import { Hono } from 'hono'
import { Temporal } from 'temporal-polyfill'
import { asHtml } from '../layout/document.tsx'
import { menuFor } from '../layout/menu.ts'
import { calendarDay, startOfDay } from '../log/log-filters.ts'
import { loginFor } from '../visit/guard.ts'
import { assignmentFor } from '../visit/viewer.ts'
import type { ConsoleEnv } from '../visit/visit.ts'
import type { AccessCounts } from './access-counts.ts'
import { summariseDay } from './day-summary.ts'
import { HomePage } from './home-page.tsx'
import type { LogHealth } from './log-health.ts'
import { NoPagePage } from './no-page-page.tsx'
import { whatWaits, type WaitingDeps } from './waiting.ts'
import { workByMonth } from './work-by-month.ts'

const HOUR = 3_600_000_000n

export interface HomeDeps extends WaitingDeps {
  readonly reader: AccessLogReader
  readonly counts: AccessCounts
  readonly health: LogHealth
  readonly figures: Pick<OversightFigures, 'work' | 'refusals'>
}

/** The first page after the login. */
export function homeRoutes(deps: HomeDeps): Hono<ConsoleEnv> {
  const { reader, counts, figures, health } = deps
  return new Hono<ConsoleEnv>().get('/', async (c) => {
    const { visit } = c.var
    if (visit.viewer === null) return c.redirect(loginFor(visit.url), 303)
    if (assignmentFor(visit.viewer, 'read-log') === null) {
      const [first] = menuFor(visit)
      return first === undefined ? c.html(asHtml(<NoPagePage visit={visit} />)) : c.redirect(first.href, 303)
    }
    const { timeZone } = visit
    const today = calendarDay(visit.now, timeZone)
    const span = { from: startOfDay(today, timeZone, 0), to: startOfDay(today, timeZone, 1) }
    const asked = health.standing()
    const [found, writers, standing, waiting, work] = await Promise.all([
      counts.count({ ...span, now: visit.now }),
      reader.state(),
      asked,
      whatWaits(deps, visit, span, asked),
      workByMonth(figures, visit.bundle, visit.now),
    ])
    const summary = summariseDay(
      found,
      (hour) =>
        Temporal.Instant.fromEpochNanoseconds((span.from + BigInt(hour) * HOUR) * 1000n).toZonedDateTimeISO(
          timeZone,
        ).hour,
    )
    return c.html(asHtml(<HomePage {...{ visit, summary, writers, standing, waiting, work }} />))
  })
}
