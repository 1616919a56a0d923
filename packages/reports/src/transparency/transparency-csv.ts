import { toCsv } from '../report/csv.ts'
import { sayIn } from '../report/say.ts'
import type { TransparencyReport } from './transparency-report.ts'

/** The permitted accesses by purpose and company, one purpose a line, for whoever wants to compute with them; empty where held back. */
export function transparencyCsv(report: TransparencyReport): string {
  const say = sayIn(report.locale)
  const { companies, rows } = report.by_purpose
  return toCsv(
    [
      say('Finalità', 'Purpose'),
      ...companies.map((company) => company?.title ?? say('Personale dell’ente', 'The body’s own staff')),
      say('In tutto', 'In all'),
    ],
    rows.map(({ purpose, accesses, total }) => [
      purpose.title,
      ...accesses.map((count) => count ?? ''),
      total ?? '',
    ]),
  )
}
