import type { AccessLog, AccessLogReader, EventQuery } from '@varco/access-log'
import type { DataSubjectRef, Json } from '@varco/core'
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
import { coverageGaps } from './coverage.ts'
import { calendarDays, logHref, parseLogAddress, toEventQuery, type LogAddress } from './log-filters.ts'
import { LogPage } from './log-page.tsx'
import { recordReading } from './log-reading.ts'
import { LONGEST_NAME, MOST_SEARCHES, type SavedSearches } from './saved-searches.ts'
import { logText } from './text.ts'
import { timelineOf } from './timeline.ts'
import { TimelinePage } from './timeline-page.tsx'
import { SubjectPage, waysToFind, type SubjectProblem } from './subject-page.tsx'

const PAGE_SIZE = 50
/** What only the events themselves tell is looked for in so many at a time: nobody waits for years to be read. */
const LOOKED_AT = 10_000

export interface LogDeps {
  readonly reader: AccessLogReader
  readonly log: AccessLog
  readonly dataSubjects: DataSubjectFinder
  readonly searches: SavedSearches
}

/** The list of the log, and the way into a search by data subject. */
export function logRoutes({ reader, log, dataSubjects, searches }: LogDeps): Hono<GuardedEnv> {
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
      const saved = await searches.of(c.var.assignment.pseudonym)
      if (address.problems.length > 0) {
        return c.html(
          asHtml(
            <LogPage
              visit={visit}
              address={address}
              subject={subject}
              found={null}
              lookedAt={null}
              saved={saved}
              gaps={[]}
            />,
          ),
          400,
        )
      }
      const query = toEventQuery(address.filters, visit.timeZone)
      const gaps = await coverageGaps(reader, spanOf(query))
      const found = await reader.search({
        ...query,
        ...(address.after === undefined ? {} : { after: address.after }),
        ...(search === null ? {} : { dataSubject: { kind: search.kind, id: search.id } }),
        limit: PAGE_SIZE,
        lookAt: LOOKED_AT,
      })
      const lookedAt = found.next !== null && found.events.length < PAGE_SIZE ? LOOKED_AT : null
      await recordReading(log, visit, {
        action: 'search',
        reader: c.var.assignment,
        detail: { page: 'log', shown: found.events.length, ...askedFor(address, search) },
        disclosures: search === null ? [] : [disclosureOf(visit, search)],
      })
      const problem = c.req.query('full') !== undefined
      return c.html(
        asHtml(
          <LogPage
            {...{ visit, address, subject, found, lookedAt, saved, gaps }}
            {...(problem ? { problem: logText[visit.locale].savedTooMany } : {})}
          />,
        ),
      )
    })

    .get('/log/timeline', async (c) => {
      const { visit } = c.var
      const { filters } = parseLogAddress(visit.url.searchParams)
      const { timeZone } = visit
      const dayOf = calendarDays(timeZone)
      const timeline = await timelineOf(reader, toEventQuery(filters, timeZone), ({ at }) => dayOf(at))
      await recordReading(log, visit, {
        action: 'search',
        reader: c.var.assignment,
        detail: { page: 'timeline', counted: timeline.counted, filters: { ...filters } },
      })
      return c.html(asHtml(<TimelinePage visit={visit} filters={filters} timeline={timeline} />))
    })

    .post('/log/searches', async (c) => {
      const { visit, assignment } = c.var
      const sent = await c.req.parseBody()
      const name = text(sent['name']).trim().slice(0, LONGEST_NAME)
      // Read and written anew: what is kept are filters, whatever was sent.
      const { filters } = parseLogAddress(new URLSearchParams(text(sent['query'])))
      const back = logHref({ filters, subject: undefined })
      const query = back.split('?')[1]
      if (name === '' || query === undefined) return c.redirect(back, 303)
      const saved = await searches.of(assignment.pseudonym)
      if (saved.length >= MOST_SEARCHES && !saved.some((search) => search.name === name)) {
        return c.redirect(`${back}&full=1`, 303)
      }
      await searches.save(assignment.pseudonym, { name, query, savedAt: visit.now })
      return c.redirect(back, 303)
    })

    .post('/log/searches/remove', async (c) => {
      const sent = await c.req.parseBody()
      await searches.remove(c.var.assignment.pseudonym, text(sent['name']))
      return c.redirect('/log', 303)
    })

    .get('/log/data-subject', (c) =>
      c.html(
        asHtml(
          <SubjectPage
            visit={c.var.visit}
            typed={{ by: '', identifier: '', case: '' }}
            problems={[]}
            next="log"
          />,
        ),
      ),
    )

    .post('/log/data-subject', async (c) => {
      const { visit } = c.var
      const sent = await c.req.parseBody()
      const typed = { by: text(sent['by']), identifier: text(sent['identifier']), case: text(sent['case']) }
      const next = sent['next'] === 'looks' ? 'looks' : 'log'
      const ask = (problems: readonly SubjectProblem[], status: 400 | 404) =>
        c.html(asHtml(<SubjectPage visit={visit} typed={typed} problems={problems} next={next} />), status)

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
      return toResults(c, { ...found, hint: hintOf(identifier), case: reference }, next)
    })
}

/** The period of a query, without the rest. */
function spanOf({ from, to }: Pick<EventQuery, 'from' | 'to'>): Pick<EventQuery, 'from' | 'to'> {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}

function toResults(c: Context<GuardedEnv>, search: SubjectSearch, next: 'log' | 'looks'): Response {
  const { viewer } = c.var.visit
  const subject = viewer === null ? undefined : sealSubjectSearch(search, viewer.session)
  if (next === 'looks') return c.redirect(`/data-subjects/looks?subject=${subject ?? ''}`, 303)
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

/** What is told about a person, as the log keeps it among the accesses to their data. */
export function disclosureOf({ bundle }: Pick<Visit, 'bundle'>, { kind, id }: DataSubjectRef) {
  const resource = bundle.document.varco.data_subjects[kind]?.resource ?? kind
  return { resource, recordKey: id, dataSubject: { kind, id } }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
