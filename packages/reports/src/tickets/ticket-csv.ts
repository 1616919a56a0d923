import { toCsv } from '../report/csv.ts'
import { sayIn } from '../report/say.ts'
import type { TicketReport } from './ticket-report.ts'

/** One line for each contract, the body's own units among them. */
export function ticketCsv(report: TicketReport): string {
  const say = sayIn(report.locale)
  return toCsv(
    [
      say('Contratto', 'Contract'),
      say('Società', 'Company'),
      say('Pratiche', 'Tickets'),
      say('Problemi', 'Matters'),
      say('Risolti', 'Resolved'),
      say('Pratiche per problema risolto', 'Tickets a matter resolved'),
      say('Spezzate', 'Split off'),
      say('Riaperte', 'Came back'),
      say('Chiuse prima', 'Closed too soon'),
      say('Accessi senza pratica', 'Accesses without ticket'),
      say('Pratiche senza accessi', 'Tickets without access'),
      say('Euro a problema risolto', 'Euro a matter resolved'),
    ],
    report.rows.map((row) => [
      row.contract?.id ?? '',
      row.contract?.company.title ?? say('Uffici dell’ente', 'The body’s own units'),
      row.tickets,
      row.episodes,
      row.resolved_episodes,
      row.tickets_per_resolved_episode ?? '',
      row.splits,
      row.reopenings,
      row.closed_before_resolution,
      row.accesses_without_ticket ?? '',
      row.tickets_without_access ?? '',
      row.price?.per_resolved_episode ?? '',
    ]),
  )
}
