import type { AccessLog, AccessLogReader } from '@varco/access-log'
import type { Json } from '@varco/core'
import { Hono, type Context } from 'hono'
import { asHtml } from '../layout/document.tsx'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import type { Visit } from '../visit/visit.ts'
import {
  hintOf,
  openSubjectSearch,
  sealSubjectSearch,
  subjectFormSchema,
  type DataSubjectFinder,
  type SubjectSearch,
} from './data-subject-search.ts'
import { logHref, parseLogAddress, toEventQuery, type LogAddress } from './log-filters.ts'
import { LogPage } from './log-page.tsx'
import { recordReading } from './log-reading.ts'
import { SubjectPage, waysToFind, type SubjectProblem } from './subject-page.tsx'

const PAGE_SIZE = 50

export interface LogDeps {
  readonly reader: AccessLogReader
  readonly log: AccessLog
  readonly dataSubjects: DataSubjectFinder
}

/** The list of the log, and the way into a search by data subject. */
export function logRoutes({ reader, log, dataSubjects }: LogDeps): Hono<GuardedEnv> {
  return new Hono<GuardedEnv>()
    .use('/log', guard('read-log'))
    .use('/log/*', guard('read-log'))

    .get('/log', async (c) => {
      const { visit } = c.var
      const sealed = c.req.query('subject')
      const search = sealed === undefined ? null : openedBy(visit, sealed)
      if (sealed !== undefined && search === null) return c.redirect('/log/data-subject', 303)
      const subject = sealed === undefined || search === null ? null : { sealed, search }
      const address = parseLogAddress(visit.url.searchParams)
      if (address.problems.length > 0) {
        return c.html(asHtml(<LogPage visit={visit} address={address} subject={subject} found={null} />), 400)
      }
      const found = await reader.search({
        ...toEventQuery(address.filters, visit.bundle.document.varco.time_zone),
        ...(address.after === undefined ? {} : { after: address.after }),
        ...(search === null ? {} : { dataSubject: { kind: search.kind, id: search.id } }),
        limit: PAGE_SIZE,
      })
      await recordReading(log, visit, {
        action: 'search',
        reader: c.var.assignment,
        detail: { page: 'log', shown: found.events.length, ...askedFor(address, search) },
        disclosures: search === null ? [] : [disclosureOf(visit, search)],
      })
      return c.html(asHtml(<LogPage visit={visit} address={address} subject={subject} found={found} />))
    })

    .get('/log/data-subject', (c) =>
      c.html(
        asHtml(
          <SubjectPage visit={c.var.visit} typed={{ by: '', identifier: '', case: '' }} problems={[]} />,
        ),
      ),
    )

    .post('/log/data-subject', async (c) => {
      const { visit } = c.var
      const sent = await c.req.parseBody()
      const typed = { by: text(sent['by']), identifier: text(sent['identifier']), case: text(sent['case']) }
      const ask = (problems: readonly SubjectProblem[], status: 400 | 404) =>
        c.html(asHtml(<SubjectPage visit={visit} typed={typed} problems={problems} />), status)

      const form = subjectFormSchema.safeParse(typed)
      const way = waysToFind(visit).find(({ value }) => value === typed.by)
      const wrong = new Set(form.error?.issues.map(({ path }) => path[0] as SubjectProblem))
      if (way === undefined) wrong.add('by')
      if (!form.success || way === undefined) return ask([...wrong], 400)

      const { identifier, case: reference } = form.data
      const found = await dataSubjects.find({ kind: way.kind, field: way.field, value: identifier })
      if (found === null) {
        // Asking in vain is asking all the same.
        await recordReading(log, visit, {
          action: 'search',
          reader: c.var.assignment,
          detail: { page: 'data-subject', dataSubject: true, found: false, case: reference },
        })
        return ask(['nobody'], 404)
      }
      return toResults(c, { ...found, hint: hintOf(identifier), case: reference })
    })
}

function toResults(c: Context<GuardedEnv>, search: SubjectSearch): Response {
  const { viewer } = c.var.visit
  const subject = viewer === null ? undefined : sealSubjectSearch(search, viewer.session)
  return c.redirect(logHref({ filters: {}, subject }), 303)
}

function openedBy({ viewer }: Visit, sealed: string): SubjectSearch | null {
  return viewer === null ? null : openSubjectSearch(sealed, viewer.session)
}

/** What the log will remember of the question: filters are names, ids and days, a data subject only its case. */
function askedFor({ filters, after }: LogAddress, search: SubjectSearch | null): { [key: string]: Json } {
  return {
    ...(Object.keys(filters).length === 0 ? {} : { filters: { ...filters } }),
    ...(after === undefined ? {} : { after }),
    ...(search === null ? {} : { dataSubject: true, case: search.case }),
  }
}

function disclosureOf({ bundle }: Visit, { kind, id }: SubjectSearch) {
  const resource = bundle.document.varco.data_subjects[kind]?.resource ?? kind
  return { resource, recordKey: id, dataSubject: { kind, id } }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
