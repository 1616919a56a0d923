import type { AccessLog } from '@varco/access-log'
import { unanswerable, type RequestStore } from '@varco/reports'
import { Hono, type Context } from 'hono'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm, type SentForm } from '../act/confirmed.ts'
import type { ActResult } from '../act/act-note.tsx'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { recordReading } from '../log/log-reading.ts'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { formatsOf, type ReportFormat } from './report-formats.ts'
import { statedIn } from './report-form.tsx'
import {
  REPORT_KINDS,
  type MadeReport,
  type OrderedBy,
  type ReportKind,
  type ReportMaker,
  type ReportUnderWay,
} from './report-maker.ts'
import { ORDER_FIELDS, type OrderedKind } from './order-fields.ts'
import { readOrder } from './report-order.ts'
import { usualPeriod } from './report-period.ts'
import { makeReportAct, ReportPage, SubjectReportPage } from './report-page.tsx'
import { REPORT_PERMISSIONS } from './report-permissions.ts'
import { ReportsPage } from './reports-page.tsx'
import { ReportsUnderWay } from './reports-under-way.ts'
import { sendReport } from './send-report.ts'
import { reportsText } from './text.ts'
import { ONE_AT_A_TIME, underWayHref } from './under-way-page.tsx'
import { underWayRoutes } from './under-way-routes.tsx'

export interface ReportDeps {
  readonly maker: ReportMaker
  readonly requests: Pick<RequestStore, 'find'>
  readonly log: AccessLog
  /** New at each call, and not to be guessed. */
  readonly newId: () => string
}

/** Documents, made and sent at once, but the long ones. What is about one person is made for a request alone. */
export function reportRoutes({ maker, requests, log, newId }: ReportDeps): Hono<GuardedEnv> {
  const routes = new Hono<GuardedEnv>()
  const underWay = new ReportsUnderWay(newId)
  routes.route('/', underWayRoutes(underWay))
  for (const kind of REPORT_KINDS) routes.use(`/reports/${kind}`, guard(REPORT_PERMISSIONS[kind]))

  routes
    .use('/reports', guard('make-reports'))

    .get('/reports', (c) => {
      const { visit } = c.var
      return c.html(asHtml(<ReportsPage visit={visit} ordered={underWay.of(pseudonymsOf(c))} />))
    })

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
      const format = formatsOf('subject').find((known) => known === form['format'])
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
      const objection = unanswerable(request)
      if (objection !== null) return refuse(objection)
      if (request.identifier === null) return refuse('no-identifier')
      if (!isConfirmed(form)) {
        return c.html(
          confirmPage(visit, {
            ...makeReportAct(visit, 'subject'),
            carried: { request: request.id, format },
            stated: [
              [t.ofRequest, request.id],
              [t.fields.format, t.formats[format]],
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
      const made = await maker.make(
        { kind: 'subject', identifier: request.identifier, request: request.id },
        orderedBy(c, format),
      )
      return made === 'own'
        ? ownUnderWay(c, underWay, () => refuse(made))
        : typeof made === 'string'
          ? refuse(made)
          : handOver(c, underWay, 'subject', made, format)
    })

  for (const kind of Object.keys(ORDER_FIELDS) as OrderedKind[]) {
    routes
      .get(`/reports/${kind}`, (c) => {
        const { visit } = c.var
        // An alert, a contract and a saved address can fill the form in.
        const asked = ORDER_FIELDS[kind].flatMap((field) => {
          const value = visit.url.searchParams.get(field)
          return value === null ? [] : [[field, value] as const]
        })
        const typed = { ...usualPeriod(visit, kind), ...Object.fromEntries(asked) }
        return c.html(asHtml(<ReportPage {...{ visit, kind, typed }} result={null} />))
      })
      .post(`/reports/${kind}`, (c) => order(c, kind, maker, underWay))
  }
  return routes
}

function orderedBy({ var: { visit, assignment } }: Context<GuardedEnv>, format: ReportFormat): OrderedBy {
  const { pseudonym, operator: person } = assignment
  return { pseudonym, person, locale: visit.locale, format }
}

/** To the long document that this person waits for already, which says that there is one at a time. */
function ownUnderWay(
  c: Context<GuardedEnv>,
  underWay: ReportsUnderWay,
  otherwise: () => Response | Promise<Response>,
): Response | Promise<Response> {
  const making = underWay.of(pseudonymsOf(c)).find(({ outcome }) => outcome === null)
  return making === undefined ? otherwise() : c.redirect(`${underWayHref(making.id)}?${ONE_AT_A_TIME}`, 303)
}

function pseudonymsOf({ var: { visit } }: Context<GuardedEnv>): readonly string[] {
  return (visit.viewer?.assignments ?? []).map(({ pseudonym }) => pseudonym)
}

/** Sends what was made; to what is only begun it leads. */
async function handOver(
  c: Context<GuardedEnv>,
  underWay: ReportsUnderWay,
  kind: ReportKind,
  made: MadeReport | ReportUnderWay,
  format: ReportFormat,
): Promise<Response> {
  if (!('outcome' in made)) return sendReport(c, kind, made, format)
  const { id } = underWay.add({ kind, format, owner: c.var.assignment.pseudonym, report: made })
  return c.redirect(underWayHref(id), 303)
}

async function order(
  c: Context<GuardedEnv>,
  kind: OrderedKind,
  maker: ReportMaker,
  underWay: ReportsUnderWay,
): Promise<Response> {
  const { visit } = c.var
  const t = reportsText[visit.locale]
  const form = sentForm(await c.req.parseBody())
  const show = (result: ActResult) =>
    c.html(asHtml(<ReportPage {...{ visit, kind, result }} typed={form} />), 400)
  const format = formatsOf(kind).find((known) => known === form['format'])
  const wanted = readOrder(visit, kind, form)
  if (Array.isArray(wanted) || format === undefined) {
    const wrong = [
      ...(Array.isArray(wanted) ? wanted : []),
      ...(format === undefined ? (['format'] as const) : []),
    ]
    return show({ kind: 'incomplete', problems: wrong.map((field) => ({ field, text: t.problems[field] })) })
  }
  if (!isConfirmed(form)) {
    return c.html(
      confirmPage(visit, {
        ...makeReportAct(visit, kind, format),
        carried: carriedOf(kind, form),
        stated: [...statedIn(visit, kind, form), [t.fields.format, t.formatOf(kind, format)]],
        above: [
          { title: t.title, href: '/reports' },
          { title: t.kinds[kind].title, href: `/reports/${kind}` },
        ],
      }),
    )
  }
  const made = await maker.make(wanted, orderedBy(c, format))
  if (typeof made !== 'string') return handOver(c, underWay, kind, made, format)
  const refuse = () => show({ kind: 'refused', text: t.refusals[made] })
  return made === 'own' ? ownUnderWay(c, underWay, refuse) : refuse()
}

function carriedOf(kind: OrderedKind, form: SentForm): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...ORDER_FIELDS[kind], 'format'].flatMap((field) => {
      const value = form[field]
      return value === undefined || value === '' ? [] : [[field, value]]
    }),
  )
}
