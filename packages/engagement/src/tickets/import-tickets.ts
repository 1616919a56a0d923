import { isoToMicros, type Micros } from '@varco/core'
import type { Actor } from '../actor.ts'
import type { ActLog } from '../act-log.ts'
import type { ImportReport, RowReport } from '../csv/import-report.ts'
import type { Table, TableRow } from '../csv/read-table.ts'
import { mayManage, type LifeOccasion, type LifeRefused } from '../life/life-desk.ts'
import {
  isRefusedTicket,
  mayBeKept,
  takeTicketMessages,
  TICKET_REFUSALS,
  type TicketDesk,
  type TicketMessage,
  type TicketRefusalCode,
  type TicketSender,
  type TicketVerdict,
  weighTicketMessages,
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

/**
 * Imports a table of tickets: every row, or none where one is refused. The import is in the log before anything is taken; one that
 * is refused, or changes nothing, is not, unless it comes to that by what another brings between the two.
 */
export async function importTickets(
  desk: TicketImportDesk,
  occasion: LifeOccasion,
  actor: Actor,
  contract: TicketSender['contract'],
  table: Table,
): Promise<ImportReport<TicketRowCode> | LifeRefused> {
  const barred = mayManage(occasion, actor)
  if (barred !== null) return barred
  const sender: TicketSender = { contract, by: actor.pseudonym, source: 'import' }
  const read = table.rows.map((row) => messageOf(row))
  const messages = read.flatMap((message) => message ?? [])
  const told = async (verdicts: readonly TicketVerdict[]): Promise<ImportReport<TicketRowCode>> => {
    const named = messages.flatMap(({ dataSubject }) => dataSubject ?? [])
    // A database refuses to be asked of some texts.
    const unknown = await desk.unknownDataSubjects(named.filter((key) => mayBeKept(key)))
    let next = 0
    const rows = table.rows.map(({ line }, index): RowReport<TicketRowCode> => {
      const message = read[index] ?? null
      const verdict = (message === null ? null : verdicts[next++]) ?? 'bad-value'
      return rowOf(line, verdict, unknown.has(message?.dataSubject ?? ''))
    })
    return { imported: rows.every(({ outcome }) => outcome !== 'refused'), rows }
  }
  const weighed = await weighTicketMessages(desk, occasion, sender, messages)
  const isRefused = messages.length < read.length || weighed.some(isRefusedTicket)
  if (isRefused || weighed.every((verdict) => verdict === 'unchanged')) return told(weighed)
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
  return told(await takeTicketMessages(desk, occasion, sender, messages))
}

function rowOf(line: number, verdict: TicketVerdict, isUnknown: boolean): RowReport<TicketRowCode> {
  if (isRefusedTicket(verdict))
    return { line, outcome: 'refused', code: verdict, text: TICKET_REFUSALS[verdict] }
  return {
    line,
    outcome: verdict,
    code: isUnknown ? UNKNOWN.code : null,
    text: isUnknown ? UNKNOWN.text : null,
  }
}

const STATUS: ReadonlyMap<string, 'open' | 'closed'> = new Map([
  ['open', 'open'],
  ['aperta', 'open'],
  ['closed', 'closed'],
  ['chiusa', 'closed'],
])

function messageOf({ cells }: TableRow): TicketMessage | null {
  const at: Micros | null = isoToMicros(cells['at'] ?? '')
  // What is empty says nothing, as where there is no such column.
  const { status: told = '', data_subject: dataSubject = '', category = '', price = '' } = cells
  const status = STATUS.get(told.toLowerCase())
  if (at === null || (told !== '' && status === undefined)) return null
  return {
    id: cells['id'] ?? '',
    at,
    purpose: cells['purpose'] ?? '',
    ...(status === undefined ? {} : { status }),
    ...(dataSubject === '' ? {} : { dataSubject }),
    ...(category === '' ? {} : { category }),
    // As a spreadsheet in Italian writes it.
    ...(price === '' ? {} : { price: price.replace(',', '.') }),
  }
}
