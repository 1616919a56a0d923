import type { AccessLogReader } from '@varco/access-log'
import { microsToIso, sumShown, type Locale, type Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { dayIn, monthsBetween, wholeMonths } from '../document/calendar.ts'
import { InvalidPeriodError } from '../errors.ts'
import { MIN_PEOPLE } from '../held-back/hold-back-month.ts'
import { tellAccesses, type ToldAccesses } from '../held-back/tell-accesses.ts'
import type { AccessFigure, AccessFigures, HeldByContract } from '../ports.ts'
import { frameOf } from '../report/parts.ts'
import { recordMaking, type MakingDeps } from '../report/record-making.ts'
import { sayIn } from '../report/say.ts'
import { titlesOf, type Titles } from '../report/titles.ts'
import { coverLog } from '../report/cover-log.ts'
import type { TransparencyReport, TransparencyReportContent } from './transparency-report.ts'

export interface TransparencyDeps extends MakingDeps {
  readonly reader: AccessLogReader
  readonly figures: AccessFigures
  readonly heldByContract: HeldByContract
  readonly bundle: Bundle
}

export interface TransparencyRequest {
  readonly from: Micros
  /** Exclusive. */
  readonly to: Micros
  readonly now: Micros
  readonly locale: Locale
  readonly requestedBy: string
}

/** Whether there is anything to publish of a period. */
export function hasWholeMonth(
  period: Pick<TransparencyRequest, 'from' | 'to' | 'now'>,
  { document }: Bundle,
): boolean {
  return wholeMonths(period, document.varco.time_zone) !== null
}

/**
 * Aggregates for publication, of the whole months of the period that are over: of any other span a second report, a day or an
 * hour longer, would tell what came in between.
 * @throws InvalidPeriodError when the period is empty, or has no such month
 * @throws UnavailableError when the log cannot be read, or the making cannot be recorded
 */
export async function makeTransparencyReport(
  deps: TransparencyDeps,
  request: TransparencyRequest,
): Promise<TransparencyReport> {
  const { locale } = request
  if (request.from >= request.to) throw new InvalidPeriodError('the period ends before it begins')
  const { bundle } = deps
  const { time_zone: timeZone } = bundle.document.varco
  const whole = wholeMonths(request, timeZone)
  if (whole === null) throw new InvalidPeriodError('no month of the period is whole and over')
  const { from, to } = whole
  const dayOf = dayIn(timeZone)
  const period = { from: dayOf(microsToIso(from)), to: dayOf(microsToIso(to - 1n)) }
  const figures = await deps.figures.count(from, to, timeZone)
  const { since, until } = await coverLog(deps.reader, bundle)
  const months = monthsBetween([period.from.slice(0, 7), period.to.slice(0, 7)])
  const told = await tellAccesses(figures, months, deps.heldByContract)
  const { permitted, denied, total } = told
  const titles = titlesOf(bundle, sayIn(locale))
  const content: TransparencyReportContent = {
    format: 'varco/transparency-report',
    ...frameOf(bundle, locale),
    period,
    threshold: MIN_PEOPLE,
    by_month: { rows: told.byMonth.map((row) => ({ ...row })), permitted, denied, total },
    by_purpose: byPurpose(told, titles),
    subject_reports: sumShown(months.map((month) => answersShown(figures, month))),
    log: { since, until },
  }
  return recordMaking(deps, content, { requestedBy: request.requestedBy })
}

/** Fewer answers than people it would take are held back too. */
function answersShown(figures: readonly AccessFigure[], month: string): number | null {
  const answers = sumOf(
    figures.filter((figure) => figure.month === month && figure.report === 'varco/subject-report'),
  )
  return answers > 0 && answers < MIN_PEOPLE ? null : answers
}

/** Of the companies to which anything was permitted. */
function byPurpose(
  { byCompany, byPurpose: rows, permitted }: ToldAccesses,
  titles: Titles,
): TransparencyReportContent['by_purpose'] {
  const columns = [...byCompany.keys()].filter((c) => byCompany[c]?.permitted !== 0)
  return {
    companies: columns.map((c) => {
      const company = byCompany[c]?.company ?? null
      return company === null ? null : titles.company(company)
    }),
    rows: rows.map((row) => ({
      purpose: titles.purpose(row.purpose),
      accesses: columns.map((c) => row.permitted[c] ?? null),
      total: row.total,
    })),
    totals: columns.map((c) => byCompany[c]?.permitted ?? null),
    total: permitted,
  }
}

function sumOf(figures: readonly AccessFigure[]): number {
  return figures.reduce((sum, { count }) => sum + count, 0)
}
