import { toCsv } from '../report/csv.ts'
import { sayIn } from '../report/say.ts'
import type { DriftReport } from './drift-report.ts'

/**
 * One line for each purpose, action or category and month, then one for each purpose and month of work off the system,
 * in hours; empty where a count is held back.
 */
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
      say('Ore dichiarate', 'Hours declared'),
    ],
    [
      ...kinds.flatMap(([kind, rows]) =>
        rows.flatMap(({ value, contracted, monthly }) =>
          monthly.map(({ month, accesses, share }) => [
            kind,
            value.title,
            contracted ? say('sì', 'yes') : say('no', 'no'),
            month,
            accesses ?? '',
            share ?? '',
            '',
          ]),
        ),
      ),
      ...report.declared.purposes.flatMap(({ value, contracted, monthly }) =>
        monthly.map(({ month, hours }) => [
          say('fuori sistema', 'off the system'),
          value.title,
          contracted ? say('sì', 'yes') : say('no', 'no'),
          month,
          '',
          '',
          hours ?? '',
        ]),
      ),
    ],
  )
}
