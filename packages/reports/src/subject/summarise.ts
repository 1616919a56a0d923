import { monthIn, monthsBetween } from '../document/calendar.ts'
import type { ReportedAccess, SubjectReport } from './report.ts'
import { spanOf } from './span.ts'
import type { Titled } from '../report/parts.ts'

/** The first page's figures: who looked, how often, and in which months. */
export function summarise(accesses: readonly ReportedAccess[], timeZone: string): SubjectReport['summary'] {
  const byCompany = Map.groupBy(accesses, (access) => access.company?.id ?? null)
  const monthOf = monthIn(timeZone)
  const byMonth = Map.groupBy(accesses, (access) => monthOf(access.at))
  return {
    seen: spanOf(accesses),
    by_company: [...byCompany.values()]
      .map((group) => ({
        company: group[0]?.company ?? null,
        units: distinct(group.map((access) => access.unit)),
        purposes: distinct(group.map((access) => access.purpose)).map(({ id, title }) => ({ id, title })),
        seen: spanOf(group),
      }))
      .sort(
        (a, b) =>
          b.seen.accesses - a.seen.accesses || (a.company?.id ?? '').localeCompare(b.company?.id ?? ''),
      ),
    by_month: monthsBetween([...byMonth.keys()]).map((month) => ({
      month,
      accesses: byMonth.get(month)?.length ?? 0,
    })),
  }
}

function distinct<T extends Titled>(things: readonly (T | null)[]): T[] {
  const known = new Map(things.flatMap((thing) => (thing === null ? [] : [[thing.id, thing] as const])))
  return [...known.values()].sort((a, b) => a.title.localeCompare(b.title))
}
