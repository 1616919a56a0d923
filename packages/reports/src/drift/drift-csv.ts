import { toCsv } from '../report/csv.ts'
import { sayIn } from '../report/say.ts'
import type { DriftReport } from './drift-report.ts'

/** One line for each purpose, action or category and month; empty where a count is held back. */
export function driftCsv(report: DriftReport): string {
  const say = sayIn(report.locale)
  const kinds = [
    [say('finalità', 'purpose'), report.purposes],
    [say('operazione', 'action'), report.actions],
    [say('categoria', 'category'), report.categories],
  ] as const
  return toCsv(
    [
      say('Che cosa', 'What'),
      say('Nome', 'Name'),
      say('Nell’allegato', 'In the annex'),
      say('Mese', 'Month'),
      say('Accessi', 'Accesses'),
      say('Quota %', 'Share %'),
    ],
    kinds.flatMap(([kind, rows]) =>
      rows.flatMap(({ value, contracted, monthly }) =>
        monthly.map(({ month, accesses, share }) => [
          kind,
          value.title,
          contracted ? say('sì', 'yes') : say('no', 'no'),
          month,
          accesses ?? '',
          share ?? '',
        ]),
      ),
    ),
  )
}
