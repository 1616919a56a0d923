import type { AccessLog, AccessLogReader } from '@varco/access-log'
import { Hono } from 'hono'
import { asHtml } from '../layout/document.tsx'
import { recordReading } from '../log/log-reading.ts'
import { loginFor } from '../visit/guard.ts'
import type { ConsoleEnv } from '../visit/visit.ts'
import { MePage } from './me-page.tsx'
import { parseMePlace } from './me-place.ts'

const PAGE_SIZE = 50

/** Everybody's own page: nothing but what is recorded under one's own current pseudonyms. */
export function meRoutes({ reader, log }: { reader: AccessLogReader; log: AccessLog }): Hono<ConsoleEnv> {
  return new Hono<ConsoleEnv>().get('/me', async (c) => {
    const { visit } = c.var
    if (visit.viewer === null) return c.redirect(loginFor(visit.url), 303)
    const place = parseMePlace(visit.url.searchParams)
    const { assignments } = visit.viewer
    // A pseudonym that is not one's own is not looked up: the first of one's own is.
    const assignment = assignments.find(({ pseudonym }) => pseudonym === place.pseudonym) ?? assignments[0]
    if (assignment === undefined) return c.html(asHtml(<MePage visit={visit} place={place} own={null} />))
    const found = await reader.search({
      kind: 'access',
      operator: assignment.pseudonym,
      limit: PAGE_SIZE,
      ...(place.after === undefined ? {} : { after: place.after }),
    })
    await recordReading(log, visit, {
      action: 'search',
      reader: assignment,
      detail: { page: 'me', shown: found.events.length },
    })
    const others = assignments.filter((other) => other !== assignment)
    return c.html(asHtml(<MePage visit={visit} place={place} own={{ assignment, others, found }} />))
  })
}
