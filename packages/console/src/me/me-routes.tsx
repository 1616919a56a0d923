import { openingsOf, type AccessLog, type AccessLogReader } from '@varco/access-log'
import type { Clock } from '@varco/core'
import type { PeopleDirectory } from '@varco/engagement'
import { alertsOf, contestAlert, type Alert, type AlertStore } from '@varco/oversight'
import { Hono, type MiddlewareHandler } from 'hono'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm } from '../act/confirmed.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { recordReading } from '../log/log-reading.ts'
import { loginFor } from '../visit/guard.ts'
import type { ConsoleEnv, Visit } from '../visit/visit.ts'
import { contestAct } from './contest-act.ts'
import { MeAlertsPage } from './me-alerts-page.tsx'
import { MeOpeningsPage } from './me-openings-page.tsx'
import { MePage } from './me-page.tsx'
import { parseMePlace } from './me-place.ts'
import { ownAssignments, type OwnAssignment } from './own-assignments.ts'
import { meText } from './text.ts'

const PAGE_SIZE = 50

export interface MeDeps {
  readonly reader: AccessLogReader
  readonly log: AccessLog
  readonly people: Pick<PeopleDirectory, 'assignmentsOf'>
  readonly alerts: AlertStore
  readonly clock: Clock
  readonly newRequestId: () => string
}

/** Everybody's own pages: nothing but what is kept under one's own pseudonyms, those of work that has ended too. */
export function meRoutes(deps: MeDeps): Hono<ConsoleEnv> {
  const { reader, log, people, alerts: store, clock, newRequestId } = deps
  const recordAs = (
    visit: Visit,
    { assignment }: OwnAssignment,
    page: string,
    shown: number,
  ): Promise<void> =>
    recordReading(log, visit, { action: 'search', reader: assignment, detail: { page, shown } })

  /** The alerts under each of one's pseudonyms, the newest first; its reading is recorded. */
  const ownAlerts = async (visit: Visit): Promise<readonly Alert[]> => {
    const found: Alert[] = []
    for (const own of await ownAssignments(people, visit)) {
      const alerts = await alertsOf(store, own.assignment.pseudonym)
      await recordAs(visit, own, 'me-alerts', alerts.length)
      found.push(...alerts)
    }
    return found.sort((a, b) => (a.raisedAt > b.raisedAt ? -1 : 1))
  }

  return new Hono<ConsoleEnv>()
    .use('/me', signedIn)
    .use('/me/*', signedIn)

    .get('/me', async (c) => {
      const { visit } = c.var
      const place = parseMePlace(visit.url.searchParams)
      const all = await ownAssignments(people, visit)
      // A pseudonym that is not one's own is not looked up: the first of one's own is.
      const own = all.find(({ assignment }) => assignment.pseudonym === place.pseudonym) ?? all[0]
      if (own === undefined) return c.html(asHtml(<MePage visit={visit} place={place} own={null} />))
      const found = await reader.search({
        kind: 'access',
        operator: own.assignment.pseudonym,
        limit: PAGE_SIZE,
        ...(place.after === undefined ? {} : { after: place.after }),
      })
      await recordAs(visit, own, 'me', found.events.length)
      const others = all.filter((other) => other !== own)
      return c.html(asHtml(<MePage visit={visit} place={place} own={{ ...own, others, found }} />))
    })

    .get('/me/alerts', async (c) => {
      const { visit } = c.var
      const done = visit.url.searchParams.has('done')
      const result = done ? ({ kind: 'done', text: meText[visit.locale].contestDone } as const) : null
      return c.html(asHtml(<MeAlertsPage visit={visit} alerts={await ownAlerts(visit)} result={result} />))
    })

    .post('/me/alerts/:id/contest', async (c) => {
      const { visit } = c.var
      const t = meText[visit.locale]
      const form = sentForm(await c.req.parseBody())
      const text = (form['text'] ?? '').trim()
      const alert = await store.alert(c.req.param('id'))
      const all = await ownAssignments(people, visit)
      const own = all.find(({ assignment }) => assignment.pseudonym === alert?.operator)?.assignment
      // Of an alert about somebody else not even the existence is told.
      if (alert === null || own === undefined) return c.html(notFoundPage(visit), 404)
      if (text === '' || text.length > 4_000) {
        const problems = [{ field: `text-${alert.id}`, text: t.contestProblem }]
        return c.html(
          asHtml(
            <MeAlertsPage
              visit={visit}
              alerts={await ownAlerts(visit)}
              result={{ kind: 'incomplete', problems }}
              typed={{ id: alert.id, text }}
            />,
          ),
          400,
        )
      }
      if (!isConfirmed(form)) {
        return c.html(
          confirmPage(visit, {
            ...contestAct(visit, alert.id),
            carried: { text },
            stated: [[t.contestLabel, <span class="said">{text}</span>]],
            above: [
              { title: t.title, href: '/me' },
              { title: t.alertsTitle, href: '/me/alerts' },
            ],
          }),
        )
      }
      await contestAlert({ store, log, clock, newRequestId }, { id: alert.id, by: own.pseudonym, text })
      return c.redirect('/me/alerts?done=contest', 303)
    })

    .get('/me/openings', async (c) => {
      const { visit } = c.var
      const openings = []
      for (const own of await ownAssignments(people, visit)) {
        const { pseudonym } = own.assignment
        const found = await openingsOf(reader, pseudonym)
        await recordAs(visit, own, 'me-openings', found.length)
        openings.push(...found.map((opening) => ({ ...opening, pseudonym })))
      }
      return c.html(asHtml(<MeOpeningsPage visit={visit} openings={openings} />))
    })
}

/** Nobody’s own pages are shown to somebody unknown. */
export const signedIn: MiddlewareHandler<ConsoleEnv> = async (c, next) => {
  const { visit } = c.var
  if (visit.viewer === null) return c.redirect(loginFor(visit.url), 303)
  await next()
  return undefined
}
