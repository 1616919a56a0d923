import {
  EXPORT_FORMATS,
  exportLog,
  type AccessLog,
  type AccessLogReader,
  type ExportFormat,
} from '@varco/access-log'
import { makeCopy, type CopiesLedger } from '@varco/engagement'
import { Hono } from 'hono'
import { confirmPage } from '../act/confirm-page.tsx'
import { isConfirmed, sentForm } from '../act/confirmed.ts'
import { sendPieces } from '../download/send-pieces.ts'
import { asHtml } from '../layout/document.tsx'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { exportAct, ExportPage } from './export-page.tsx'
import { logHref, parseLogAddress, toEventQuery } from './log-filters.ts'
import { logText } from './text.ts'

const MIN_REASON_CHARS = 10
const TYPES: Readonly<Record<ExportFormat, readonly [type: string, ending: string]>> = {
  csv: ['text/csv; charset=utf-8', 'csv'],
  jsonl: ['application/jsonl; charset=utf-8', 'jsonl'],
  ocsf: ['application/jsonl; charset=utf-8', 'ocsf.jsonl'],
}

export interface ExportDeps {
  readonly reader: AccessLogReader
  readonly log: AccessLog
  readonly copies: Pick<CopiesLedger, 'addCopy'>
}

/** The log as a file: recorded and written into the ledger of copies before its first line leaves. */
export function exportRoutes({ reader, log, copies }: ExportDeps): Hono<GuardedEnv> {
  return new Hono<GuardedEnv>()
    .use('/log/export', guard('export-log'))

    .get('/log/export', (c) => {
      const { visit } = c.var
      const { filters } = parseLogAddress(visit.url.searchParams)
      return c.html(asHtml(<ExportPage visit={visit} filters={filters} typed={{}} result={null} />))
    })

    .post('/log/export', async (c) => {
      const { visit, assignment } = c.var
      const t = logText[visit.locale]
      const form = sentForm(await c.req.parseBody())
      const { filters, problems } = parseLogAddress(new URLSearchParams(form))
      const format = EXPORT_FORMATS.find((known) => known === form['format'])
      const reason = (form['reason'] ?? '').trim()
      const wrong = [
        ...(format === undefined || problems.length > 0 ? [{ field: 'format', text: t.problem }] : []),
        ...(reason.length < MIN_REASON_CHARS || reason.length > 500
          ? [{ field: 'reason', text: t.exportReasonHelp }]
          : []),
      ]
      if (format === undefined || wrong.length > 0) {
        const result = { kind: 'incomplete', problems: wrong } as const
        return c.html(
          asHtml(<ExportPage visit={visit} filters={filters} typed={form} result={result} />),
          400,
        )
      }
      const [type, ending] = TYPES[format]
      if (!isConfirmed(form)) {
        return c.html(
          confirmPage(visit, {
            ...exportAct(visit),
            carried: { ...filters, format, reason },
            stated: [
              [t.exportFormat, t.exportFormats[format]],
              [t.exportReason, <span class="said">{reason}</span>],
            ],
            above: [
              { title: t.title, href: '/log' },
              {
                title: t.exportTitle,
                href: logHref({ filters, subject: undefined }).replace('/log', '/log/export'),
              },
            ],
          }),
        )
      }
      const owner = assignment.pseudonym
      const recorded: AccessLog = {
        append: async (draft) => {
          const entry = await log.append(draft)
          const of = {
            kind: 'console',
            contract: null,
            processor: null,
            owner,
            purpose: null,
            records: null,
          } as const
          await copies.addCopy(makeCopy(visit.bundle, visit.now, entry.id, of))
          return entry
        },
      }
      const lines = exportLog({
        reader,
        log: recorded,
        query: toEventQuery(filters, visit.timeZone),
        format,
        requestId: visit.requestId,
        operator: owner,
        reason,
      })
      return sendPieces(c, lines, { name: `varco-log-${visit.requestId}.${ending}`, type })
    })
}
