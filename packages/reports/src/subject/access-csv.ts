import { csvRow, CSV_START } from '../report/csv.ts'
import { sayIn } from '../report/say.ts'
import type { ShelvedReport } from '../report/shelved-report.ts'
import { actionOf } from '../report/wording.ts'
import { formatIn } from '../document/format.ts'
import type { ReportedAccess } from './report.ts'

/** The accesses as a table for whoever wants to sort and count them: newest first, one a row, piece by piece. */
export async function* accessCsv({ report, shelf }: ShelvedReport): AsyncGenerator<string> {
  const say = sayIn(report.locale)
  const format = formatIn(report.locale, report.time_zone)
  yield (
    CSV_START +
    csvRow([
      ...[say('Quando', 'When'), say('Istante (UTC)', 'Instant (UTC)'), say('Voce', 'Entry')],
      ...[say('Società', 'Company'), say('Ufficio', 'Unit'), say('Ruolo', 'Role')],
      ...[say('Pseudonimo', 'Pseudonym'), say('Finalità', 'Purpose'), say('Contratto', 'Contract')],
      ...[say('Pratica', 'Ticket'), say('Operazione', 'Operation'), say('Schede', 'Records')],
      ...[say('In chiaro', 'In plain'), say('Mascherati', 'Masked')],
    ])
  )
  for await (const text of shelf.newestFirst()) {
    // What is on the shelf was put there as such an access.
    const access = JSON.parse(text) as ReportedAccess
    yield csvRow([
      ...[format.instant(access.at), access.at, access.event],
      ...[
        access.company?.title ?? report.controller.name,
        access.unit?.title ?? '',
        access.role?.title ?? '',
      ],
      ...[access.operator ?? '', access.purpose?.title ?? '', access.contract?.reference ?? ''],
      ...[access.ticket ?? '', actionOf(access.kind, access.action, say)],
      access.records.map(({ resource, key }) => `${resource.title} ${key}`).join(', '),
      ...[access.plain, access.masked].map((fields) => fields.map(({ title }) => title).join(', ')),
    ])
  }
}
