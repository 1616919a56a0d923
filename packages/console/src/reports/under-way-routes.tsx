import { Hono, type Context } from 'hono'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { streamProgress } from '../progress/stream-progress.ts'
import { guard, proofFor, type GuardedEnv } from '../visit/guard.ts'
import { assignmentFor, mustProve } from '../visit/viewer.ts'
import { REPORT_PERMISSIONS } from './report-permissions.ts'
import type { OrderedReport, ReportsUnderWay } from './reports-under-way.ts'
import { sendReportFile } from './send-report.ts'
import { barOf, progressWords, UnderWayPage, underWayHref } from './under-way-page.tsx'

/** Long documents: how far each has come, its file, its end. For who ordered it, while they may still make such a one. */
export function underWayRoutes(underWay: ReportsUnderWay): Hono<GuardedEnv> {
  type Handler = (c: Context<GuardedEnv>, ordered: OrderedReport) => Response | Promise<Response>
  const own = (handle: Handler) => async (c: Context<GuardedEnv>) => {
    const { visit } = c.var
    const { viewer } = visit
    const ordered = underWay.find(c.req.param('id') ?? '')
    if (ordered === null || viewer === null) return c.html(notFoundPage(visit), 404)
    const permission = REPORT_PERMISSIONS[ordered.kind]
    const assignment = assignmentFor(viewer, permission)
    if (assignment?.pseudonym !== ordered.owner) return c.html(notFoundPage(visit), 404)
    if (mustProve(viewer, assignment, permission)) return c.redirect(proofFor(c), 303)
    return handle(c, ordered)
  }
  return new Hono<GuardedEnv>()
    .use('/reports/under-way/*', guard('make-reports'))

    .get(
      '/reports/under-way/:id',
      own((c, ordered) => c.html(asHtml(<UnderWayPage visit={c.var.visit} ordered={ordered} />))),
    )

    .get(
      '/reports/under-way/:id/progress',
      own((c, { id }) =>
        streamProgress(c, async () => {
          // Whoever gives it up sees so on the page.
          const ordered = underWay.find(id)
          const isOver = ordered?.outcome !== null
          const progress = ordered?.report.progress() ?? { step: 'gathering', done: 0, of: null }
          const text = progressWords(c.var.visit, progress)
          const state = isOver ? 'ended' : 'making'
          return { progress: { settled: barOf(progress), all: progress.of ?? 0, text, state }, isOver }
        }),
      ),
    )

    .get(
      '/reports/under-way/:id/file',
      own((c, { id, kind, format, outcome }) =>
        outcome?.kind === 'made'
          ? sendReportFile(c, kind, outcome.file, format)
          : c.redirect(underWayHref(id), 303),
      ),
    )

    .post(
      '/reports/under-way/:id/drop',
      own(async (c, { id }) => {
        await underWay.drop(id)
        return c.redirect('/reports', 303)
      }),
    )
}
