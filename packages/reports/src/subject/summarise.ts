import { monthsBetween } from '../document/calendar.ts'
import type { Titled } from '../report/parts.ts'
import type { AccessTally } from './access-tally.ts'
import type { SubjectReport } from './report.ts'

/** The first page's figures: who looked, how often, and in which months. */
export function summarise({ seen, companies, months }: AccessTally): SubjectReport['summary'] {
  return {
    seen,
    by_company: [...companies.values()]
      .map((group) => ({
        company: group.company,
        units: byTitle(group.units),
        purposes: byTitle(group.purposes),
        seen: group.seen,
      }))
      .sort(
        (a, b) =>
          b.seen.accesses - a.seen.accesses || (a.company?.id ?? '').localeCompare(b.company?.id ?? ''),
      ),
    by_month: monthsBetween([...months.keys()]).map((month) => ({
      month,
      accesses: months.get(month) ?? 0,
    })),
  }
}

function byTitle(things: ReadonlyMap<string, Titled>): Titled[] {
  return [...things.values()].sort((a, b) => a.title.localeCompare(b.title) || (a.id < b.id ? -1 : 1))
}
