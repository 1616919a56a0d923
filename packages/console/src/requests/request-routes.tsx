import type { AccessLog } from '@varco/access-log'
import { actDone, statusAfter } from '../act/act-done.ts'
import {
  CHANNELS,
  dayAt,
  deadlineOf,
  RequestRefusedError,
  RIGHTS,
  type DataSubjectRequest,
  type Right,
} from '@varco/reports'
import type { RetentionDesk } from '@varco/retention'
import { Hono, type Context } from 'hono'
import { Temporal } from 'temporal-polyfill'
import * as z from 'zod'
import type { ActResult } from '../act/act-note.tsx'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm } from '../act/confirmed.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { startOfDay } from '../log/log-filters.ts'
import { pageOf, pageWithin, readPlace } from '../log/place.ts'
import { recordReading } from '../log/log-reading.ts'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { CalendarPage } from './calendar-page.tsx'
import { NewRequestPage, receiveAct } from './new-request-page.tsx'
import { actOf, isRequestAct, requestAct } from './request-acts.ts'
import type { RequestAccess } from './request-desk-access.ts'
import { RequestPage } from './request-page.tsx'
import { recordActsText } from './record-acts-text.ts'
import { recordActHandler } from './record-routes.tsx'
import { plansOfRequest } from './records-section.tsx'
import { requestHref, RequestsPage } from './requests-page.tsx'
import { requestsText } from './text.ts'

const PAGE_SIZE = 50

export interface RequestRoutesDeps extends RequestAccess {
  readonly log: AccessLog
  /** Carries out what is asked of records. */
  readonly retention: RetentionDesk
}

const receivedSchema = z.object({
  right: z.enum(Object.keys(RIGHTS) as [Right, ...Right[]]),
  channel: z.enum(CHANNELS),
  received: z.iso.date(),
  identifier: z.string().trim().max(128),
  replyTo: z.string().trim().max(200),
})

/** Requests of data subjects: the lists, the calendar, one request and its acts. */
export function requestRoutes(deps: RequestRoutesDeps): Hono<GuardedEnv> {
  const { store, desk, calendar, log, retention } = deps
  /** One request shows whom it is of: its reading is recorded before. */
  const show = async (c: Context<GuardedEnv>, request: DataSubjectRequest, result: ActResult) => {
    const { visit, assignment } = c.var
    await recordReading(log, visit, {
      action: 'read',
      reader: assignment,
      detail: { page: 'request', request: request.id },
    })
    const plans = request.right === 'erasure' ? await plansOfRequest(retention, request.id) : []
    return c.html(
      asHtml(<RequestPage {...{ visit, request, calendar, result, plans }} />),
      statusAfter(result),
    )
  }
  const recordDeps = { store, whoAsks: deps.whoAsks, retention, show }

  return new Hono<GuardedEnv>()
    .use('/requests', guard('handle-requests'))
    .use('/requests/*', guard('handle-requests'))

    .get('/requests', async (c) => {
      const due = (request: DataSubjectRequest): string =>
        deadlineOf(request, calendar)?.due.toString() ?? '9999'
      const requests = [...(await store.open())].sort((a, b) => due(a).localeCompare(due(b)))
      const { visit } = c.var
      const { shown, next } = pageWithin(
        requests,
        readPlace(visit.url.searchParams),
        PAGE_SIZE,
        ({ id }) => id,
      )
      return c.html(asHtml(<RequestsPage {...{ visit, calendar, next }} which="list" requests={shown} />))
    })

    .get('/requests/all', async (c) => {
      const { visit } = c.var
      const { after } = readPlace(visit.url.searchParams)
      const found = await store.list({ limit: PAGE_SIZE + 1, ...(after === undefined ? {} : { after }) })
      const { shown, next } = pageOf(found, PAGE_SIZE, ({ id }) => id)
      return c.html(asHtml(<RequestsPage {...{ visit, calendar, next }} which="closed" requests={shown} />))
    })

    .get('/requests/calendar', async (c) => {
      const { visit } = c.var
      const today = dayAt(visit.now, calendar.timeZone)
      const month = monthFrom(c.req.query('month')) ?? today.toPlainYearMonth()
      const requests = await store.open()
      return c.html(
        asHtml(
          <CalendarPage visit={visit} calendar={calendar} month={month} today={today} requests={requests} />,
        ),
      )
    })

    .get('/requests/new', (c) =>
      c.html(asHtml(<NewRequestPage visit={c.var.visit} typed={{}} result={null} />)),
    )

    .post('/requests/new', async (c) => {
      const { visit, assignment } = c.var
      const t = requestsText[visit.locale]
      const form = sentForm(await c.req.parseBody())
      const read = receivedSchema.safeParse({ identifier: '', replyTo: '', ...form })
      const wrong = new Set(read.error?.issues.map(({ path }) => path[0] as keyof typeof t.problems))
      const receivedAt = read.success ? startOfDay(read.data.received, calendar.timeZone, 0) : null
      if (receivedAt !== null && receivedAt > visit.now) wrong.add('received')
      if (!read.success || receivedAt === null || wrong.size > 0) {
        const problems = [...wrong].map((field) => ({ field, text: t.problems[field] }))
        return c.html(
          asHtml(<NewRequestPage visit={visit} typed={form} result={{ kind: 'incomplete', problems }} />),
          400,
        )
      }
      const { right, channel, received, identifier, replyTo } = read.data
      if (!isConfirmed(form)) {
        return c.html(
          confirmPage(visit, {
            ...receiveAct(visit),
            carried: { right, channel, received, identifier, replyTo },
            stated: [
              [t.right, t.rights[right]],
              [t.channel, t.channels[channel]],
              [t.received, visit.formats.day(receivedAt)],
              [t.identifier, identifier === '' ? t.notGiven : identifier],
              [t.replyTo, replyTo === '' ? t.notGiven : replyTo],
            ],
            above: [
              { title: t.title, href: '/requests' },
              { title: t.receive, href: '/requests/new' },
            ],
          }),
        )
      }
      const request = await desk.receive({
        right,
        channel,
        receivedAt,
        identifier: identifier === '' ? null : identifier,
        replyTo: replyTo === '' ? null : replyTo,
        by: assignment.pseudonym,
      })
      return c.redirect(`${requestHref(request.id)}?done=received`, 303)
    })

    .get('/requests/:id', async (c) => {
      const { visit } = c.var
      const t = requestsText[visit.locale]
      const request = await store.find(c.req.param('id'))
      if (request === null) return c.html(notFoundPage(visit), 404)
      const records = recordActsText[visit.locale]
      const texts = {
        received: t.receivedDone,
        act: t.actDone,
        erase: records.erased,
        restrict: records.restricted,
      }
      return show(c, request, actDone(visit, texts))
    })

    .post('/requests/:id/erase', recordActHandler(recordDeps, 'erase'))
    .use('/requests/:id/restrict', guard('restrict-records'))
    .post('/requests/:id/restrict', recordActHandler(recordDeps, 'restrict'))

    .post('/requests/:id/:act', async (c) => {
      const { visit, assignment } = c.var
      const t = requestsText[visit.locale]
      const name = c.req.param('act')
      const request = await store.find(c.req.param('id'))
      if (request === null || !isRequestAct(name)) return c.html(notFoundPage(visit), 404)
      const form = sentForm(await c.req.parseBody())
      const { needs, perform } = requestAct(name)
      if (!isConfirmed(form)) {
        const carried = Object.fromEntries(needs.map((field) => [field, (form[field] ?? '').trim()]))
        const problem = needs.includes('reason') && (carried['reason'] ?? '').length < 20
        if (problem) {
          const field = `${name}-reason`
          const problems = [{ field, text: t.refusals['no-reason'] }]
          return show(c, request, { kind: 'incomplete', problems })
        }
        return c.html(
          confirmPage(visit, {
            ...actOf(visit, request.id, name),
            carried,
            stated: [
              [t.number, request.id],
              [t.right, t.rights[request.right]],
              ...needs.map(
                (field) => [statedName(t, field), stated(t, field, carried[field] ?? '')] as const,
              ),
            ],
            above: [
              { title: t.title, href: '/requests' },
              { title: request.id, href: requestHref(request.id) },
            ],
          }),
        )
      }
      try {
        await perform(desk, request.id, form, assignment.pseudonym)
      } catch (error) {
        if (!(error instanceof RequestRefusedError)) throw error
        return show(c, request, { kind: 'refused', text: t.refusals[error.reason] })
      }
      return c.redirect(`${requestHref(request.id)}?done=act`, 303)
    })
}

type Texts = (typeof requestsText)['it' | 'en']

function statedName(t: Texts, field: 'reason' | 'ground' | 'answer'): string {
  return { reason: t.reasonLabel, ground: t.groundLabel, answer: t.answerLabel }[field]
}

function stated(t: Texts, field: 'reason' | 'ground' | 'answer', value: string): string {
  if (field !== 'ground') return value
  return Object.hasOwn(t.grounds, value) ? t.grounds[value as keyof typeof t.grounds] : value
}

function monthFrom(text: string | undefined): Temporal.PlainYearMonth | null {
  if (text === undefined || !/^\d{4}-\d{2}$/.test(text)) return null
  try {
    return Temporal.PlainYearMonth.from(text)
  } catch {
    return null
  }
}
