import type { AccessLog, AccessLogReader } from '@varco/access-log'
import { Hono } from 'hono'
import { asHtml } from '../layout/document.tsx'
import { openSubjectSearch } from '../log/data-subject-search.ts'
import { calendarDay } from '../log/log-filters.ts'
import { disclosureOf } from '../log/log-routes.tsx'
import { recordReading } from '../log/log-reading.ts'
import { SubjectPage } from '../log/subject-page.tsx'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { assignmentFor } from '../visit/viewer.ts'
import { looksAt } from './looks.ts'
import { LooksPage } from './looks-page.tsx'

export interface DataSubjectDeps {
  readonly reader: AccessLogReader
  readonly log: AccessLog
}

/** Data subjects: the search asks for a case, and what is shown of a person is itself an access to their data. */
export function dataSubjectRoutes({ reader, log }: DataSubjectDeps): Hono<GuardedEnv> {
  return new Hono<GuardedEnv>()
    .use('/data-subjects', guard('read-log'))
    .use('/data-subjects/*', guard('read-log'))

    .get('/data-subjects', (c) =>
      c.html(
        asHtml(
          <SubjectPage
            visit={c.var.visit}
            typed={{ by: '', identifier: '', case: '' }}
            problems={[]}
            next="looks"
          />,
        ),
      ),
    )

    .get('/data-subjects/looks', async (c) => {
      const { visit } = c.var
      const sealed = c.req.query('subject')
      const search =
        sealed === undefined || visit.viewer === null ? null : openSubjectSearch(sealed, visit.viewer.session)
      if (sealed === undefined || search === null || visit.viewer === null)
        return c.redirect('/data-subjects', 303)
      const timeZone = visit.bundle.document.varco.time_zone
      const found = await looksAt(reader, { kind: search.kind, id: search.id }, (at) =>
        calendarDay(at, timeZone).slice(0, 7),
      )
      await recordReading(log, visit, {
        action: 'search',
        reader: c.var.assignment,
        detail: { page: 'looks', shown: found.counted, dataSubject: true, case: search.case },
        disclosures: [disclosureOf(visit, search)],
      })
      const mayReceive = assignmentFor(visit.viewer, 'handle-requests') !== null
      return c.html(asHtml(<LooksPage {...{ visit, search, sealed, found, mayReceive }} />))
    })
}
