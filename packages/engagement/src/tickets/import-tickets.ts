import { isoToMicros, type Micros } from '@varco/core'
import type { Actor } from '../actor.ts'
import type { ActLog } from '../act-log.ts'
import type { ImportReport, RowReport } from '../csv/import-report.ts'
import type { Table, TableRow } from '../csv/read-table.ts'
import { mayManage, type LifeOccasion, type LifeRefused } from '../life/life-desk.ts'
import {
  isRefusedTicket,
  takeTicketMessages,
  TICKET_REFUSALS,
  type TicketDesk,
  type TicketMessage,
  type TicketRefusalCode,
  type TicketSender,
} from './take-ticket-messages.ts'

/** Columns of a table of tickets, and whether they must be there. */
export const TICKET_COLUMNS = {
  id: true,
  at: true,
  status: false,
  data_subject: false,
  purpose: true,
  category: false,
  price: false,
} as const

export interface TicketImportDesk extends TicketDesk {
  readonly log: ActLog
  /** Which of these keys no record of the body knows; such a ticket is taken, and opens nobody's file. */
  readonly unknownDataSubjects: (keys: readonly string[]) => Promise<ReadonlySet<string>>
}

const UNKNOWN = {
  code: 'unknown-data-subject',
  text: { it: 'L’interessato non è tra quelli noti.', en: 'The data subject is not among those known.' },
} as const

export type TicketRowCode = TicketRefusalCode | typeof UNKNOWN.code

/** Imports a table of tickets: every row, or none where one is refused. The import itself is in the log. */
export async function importTickets(
  desk: TicketImportDesk,
  occasion: LifeOccasion,
  actor: Actor,
  contract: TicketSender['contract'],
  table: Table,
): Promise<ImportReport<TicketRowCode> | LifeRefused> {
  const barred = mayManage(occasion, actor)
  if (barred !== null) return barred
  const read = table.rows.map((row) => ({ row, message: messageOf(row) }))
  const unreadable = read.filter(({ message }) => message === null)
  if (unreadable.length > 0)
    return { imported: false, rows: unreadable.map(({ row }) => refusedRow(row.line, 'bad-value')) }
  const messages = read.flatMap(({ message }) => message ?? [])
  await desk.log.append({
    kind: 'tickets-imported',
    requestId: occasion.requestId,
    operator: actor.pseudonym,
    role: actor.role,
    unit: actor.unit,
    contract,
    policyVersion: occasion.bundle.version,
    detail: { rows: messages.length },
  })
  const sender: TicketSender = { contract, by: actor.pseudonym, source: 'import' }
  const verdicts = await takeTicketMessages(desk, occasion, sender, messages)
  const unknown = await desk.unknownDataSubjects(messages.flatMap(({ dataSubject }) => dataSubject ?? []))
  const rows = verdicts.map((verdict, index): RowReport<TicketRowCode> => {
    const line = table.rows[index]?.line ?? 0
    if (isRefusedTicket(verdict)) return refusedRow(line, verdict)
    const isUnknown = unknown.has(messages[index]?.dataSubject ?? '')
    return {
      line,
      outcome: verdict,
      code: isUnknown ? UNKNOWN.code : null,
      text: isUnknown ? UNKNOWN.text : null,
    }
  })
  return { imported: rows.every(({ outcome }) => outcome !== 'refused'), rows }
}

function refusedRow(line: number, code: TicketRefusalCode): RowReport<TicketRowCode> {
  return { line, outcome: 'refused', code, text: TICKET_REFUSALS[code] }
}

const STATUS: Readonly<Record<string, 'open' | 'closed'>> = {
  open: 'open',
  aperta: 'open',
  closed: 'closed',
  chiusa: 'closed',
}

function messageOf({ cells }: TableRow): TicketMessage | null {
  const at: Micros | null = isoToMicros(cells['at'] ?? '')
  const status = STATUS[(cells['status'] ?? '').toLowerCase() || 'open']
  if (at === null || status === undefined) return null
  const text = (name: string): string | null => (cells[name] ?? '') || null
  return {
    id: cells['id'] ?? '',
    at,
    status,
    purpose: cells['purpose'] ?? '',
    dataSubject: text('data_subject'),
    category: text('category'),
    // As a spreadsheet in Italian writes it.
    price: text('price')?.replace(',', '.') ?? null,
  }
}
