import type { AccessLog } from '@varco/access-log'
import { renderHtml, renderJson, renderPdf, type Report, type RequestStore } from '@varco/reports'
import { Hono, type Context } from 'hono'
import * as z from 'zod'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm, type SentForm } from '../act/confirmed.ts'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { startOfDay } from '../log/log-filters.ts'
import { recordReading } from '../log/log-reading.ts'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import type { Visit } from '../visit/visit.ts'
import { type ReportMaker, type ReportOrder } from './report-maker.ts'
import { FORMATS, makeReportAct, ReportsPage, SubjectReportPage, type ReportFormat } from './reports-page.tsx'
import { reportsText } from './text.ts'

export interface ReportDeps {
  readonly maker: ReportMaker
  readonly requests: Pick<RequestStore, 'find'>
  readonly log: AccessLog
}

const TYPES: Readonly<Record<ReportFormat, string>> = {
  pdf: 'application/pdf',
  // Never shown by the browser under the console's own address: it is a file.
  html: 'application/octet-stream',
  json: 'application/json; charset=utf-8',
}

/** Documents, made and sent at once. What is about one person is made for a request alone. */
export function reportRoutes({ maker, requests, log }: ReportDeps): Hono<GuardedEnv> {
  const send = async (c: Context<GuardedEnv>, order: ReportOrder, format: ReportFormat) => {
    const { visit, assignment } = c.var
    const made = await maker.make(order, { pseudonym: assignment.pseudonym, locale: visit.locale })
    if (typeof made === 'string') return made
    const name = `varco-${order.kind}-${made.made.at.slice(0, 10)}-${made.made.content.slice(0, 8)}`
    c.header('Content-Type', TYPES[format])
    c.header('Content-Disposition', `attachment; filename="${name}.${format}"`)
    const body = await rendered(made, format)
    return typeof body === 'string' ? c.body(body) : c.body(Uint8Array.from(body))
  }

  return (
    new Hono<GuardedEnv>()
      // Before the guard of the others: what shows one person's accesses asks for a new proof.
      .use('/reports/subject', guard('make-subject-report'))
      .use('/reports', guard('make-reports'))
      .use('/reports/*', guard('make-reports'))

      .get('/reports', (c) => c.html(asHtml(<ReportsPage visit={c.var.visit} kind={null} result={null} />)))

      .get('/reports/subject', async (c) => {
        const { visit } = c.var
        const request = await requests.find(c.req.query('request') ?? '')
        if (request === null) return c.redirect('/requests', 303)
        return c.html(asHtml(<SubjectReportPage visit={visit} request={request.id} result={null} />))
      })

      .post('/reports/subject', async (c) => {
        const { visit, assignment } = c.var
        const t = reportsText[visit.locale]
        const form = sentForm(await c.req.parseBody())
        const request = await requests.find(form['request'] ?? '')
        const format = FORMATS.find((known) => known === form['format'])
        if (request === null || format === undefined) return c.html(notFoundPage(visit), 404)
        const refuse = (reason: keyof typeof t.refusals) =>
          c.html(
            asHtml(
              <SubjectReportPage
                visit={visit}
                request={request.id}
                result={{ kind: 'refused', text: t.refusals[reason] }}
              />,
            ),
            400,
          )
        if (request.identifier === null) return refuse('no-identifier')
        if (!isConfirmed(form)) {
          return c.html(
            confirmPage(visit, {
              ...makeReportAct(visit, 'subject'),
              carried: { request: request.id, format },
              stated: [
                [t.ofRequest, request.id],
                [t.format, t.formats[format]],
              ],
              above: [
                { title: t.title, href: '/reports' },
                { title: request.id, href: `/requests/${encodeURIComponent(request.id)}` },
              ],
            }),
          )
        }
        await recordReading(log, visit, {
          action: 'read',
          reader: assignment,
          detail: { page: 'subject-report', request: request.id },
        })
        const sent = await send(c, { kind: 'subject', identifier: request.identifier }, format)
        return typeof sent === 'string' ? refuse(sent) : sent
      })

      .post('/reports/:kind', async (c) => {
        const { visit } = c.var
        const t = reportsText[visit.locale]
        const kind = z.enum(['register', 'transparency', 'tickets']).safeParse(c.req.param('kind'))
        if (!kind.success) return c.html(notFoundPage(visit), 404)
        const form = sentForm(await c.req.parseBody())
        const format = FORMATS.find((known) => known === form['format'])
        const order = orderOf(visit, kind.data, form)
        const wrong = [
          ...(Array.isArray(order) ? order : []),
          ...(format === undefined ? (['format'] as const) : []),
        ]
        if (Array.isArray(order) || format === undefined) {
          const problems = wrong.map((field) => ({ field: `${kind.data}-${field}`, text: t.problems[field] }))
          return c.html(
            asHtml(<ReportsPage visit={visit} kind={kind.data} result={{ kind: 'incomplete', problems }} />),
            400,
          )
        }
        if (!isConfirmed(form)) {
          const { from = '', to = '' } = form
          return c.html(
            confirmPage(visit, {
              ...makeReportAct(visit, kind.data),
              carried: { format, ...(kind.data === 'register' ? {} : { from, to }) },
              stated: [
                [t.format, t.formats[format]],
                ...(kind.data === 'register' ? [] : [[t.from, from] as const, [t.to, to] as const]),
              ],
              above: [{ title: t.title, href: '/reports' }],
            }),
          )
        }
        const sent = await send(c, order, format)
        if (typeof sent !== 'string') return sent
        return c.html(
          asHtml(
            <ReportsPage
              visit={visit}
              kind={kind.data}
              result={{ kind: 'refused', text: t.refusals[sent] }}
            />,
          ),
          400,
        )
      })
  )
}

/** What the form asks for, or the fields that are wrong. */
function orderOf(
  { bundle, now }: Visit,
  kind: 'register' | 'transparency' | 'tickets',
  form: SentForm,
): ReportOrder | ('from' | 'to')[] {
  if (kind === 'register') return { kind }
  const from = z.iso.date().safeParse(form['from'])
  const to = z.iso.date().safeParse(form['to'])
  if (!from.success) return ['from']
  if (!to.success || to.data < from.data) return ['to']
  const timeZone = bundle.document.varco.time_zone
  const end = startOfDay(to.data, timeZone, 1)
  // A period that is not over is told up to now.
  return { kind, from: startOfDay(from.data, timeZone, 0), to: end > now ? now : end }
}

async function rendered(report: Report, format: ReportFormat): Promise<string | Uint8Array> {
  switch (format) {
    case 'pdf':
      return renderPdf(report)
    case 'html':
      return renderHtml(report)
    case 'json':
      return renderJson(report)
  }
}
