import { actDraft } from '../act-draft.ts'
import type { AccessLog, EventDraft } from '../event.ts'
import type { AccessLogReader, EventQuery, StoredEvent } from '../reader.ts'
import { queryTraces } from '../reading/query-traces.ts'
import { csvHeader, csvRow } from './csv-row.ts'
import { jsonRow } from './json-row.ts'
import { ocsfRow } from './ocsf-row.ts'

export const EXPORT_FORMATS = ['csv', 'jsonl', 'ocsf'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export interface ExportOptions {
  readonly reader: AccessLogReader
  /** Where the export itself is recorded. */
  readonly log: AccessLog
  readonly query: Omit<EventQuery, 'after' | 'limit'>
  readonly format: ExportFormat
  readonly requestId: string
  /** Who exports, as the log names people. */
  readonly operator: EventDraft['operator']
  readonly reason: string
}

const PAGE = 500

/**
 * Streams the events a query finds, newest first, as text. The export is recorded before its first line is given out, and
 * every line carries the name of that record, so that a copy found anywhere leads back to who made it.
 * @throws UnavailableError when it may not have been recorded: nothing is given out then
 */
export async function* exportLog(options: ExportOptions): AsyncGenerator<string> {
  const { reader, log, query, format } = options
  const { id } = await log.append(exportDraft(options))
  const rowOf = ROWS[format]
  if (format === 'csv') yield csvHeader()
  let after: string | null = null
  do {
    const page = await reader.search({ ...query, limit: PAGE, ...(after === null ? {} : { after }) })
    yield page.events.map((event: StoredEvent) => rowOf(event, id)).join('')
    after = page.next
  } while (after !== null)
}

const ROWS = { csv: csvRow, jsonl: jsonRow, ocsf: ocsfRow } as const satisfies Record<ExportFormat, unknown>

function exportDraft({ query, format, requestId, operator, reason }: ExportOptions): EventDraft {
  const { filters, disclosures, asked } = queryTraces(query, 'export')
  const detail = { format, reason, query: asked }
  return actDraft('log-exported', { requestId, operator, action: 'export', filters, disclosures, detail })
}
