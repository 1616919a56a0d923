import type { AccessLogReader } from '@varco/access-log'
import { microsToIso, sumShown, type Locale, type Micros, type SuppressedTable } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { dayIn, monthsBetween, wholeMonths } from '../document/calendar.ts'
import { InvalidPeriodError } from '../errors.ts'
import type { AccessFigure, AccessFigures } from '../ports.ts'
import { frameOf } from '../report/parts.ts'
import { recordMaking, type MakingDeps } from '../report/record-making.ts'
import { sayIn } from '../report/say.ts'
import { titlesOf, type Titles } from '../report/titles.ts'
import { coverLog } from '../report/cover-log.ts'
import { countedIn, type Counted } from './counted.ts'
import { holdBackMonthly } from './hold-back-monthly.ts'
import type { TransparencyReport, TransparencyReportContent } from './transparency-report.ts'

export interface TransparencyDeps extends MakingDeps {
  readonly reader: AccessLogReader
  readonly figures: AccessFigures
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

/** What fewer people did is held back, as it is in the reports of one contract; and so are fewer answers to citizens. */
const THRESHOLD = 5

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
  const accesses = figures.filter(({ kind }) => kind === 'access')
  const { since, until } = await coverLog(deps.reader, bundle)
  const months = monthsBetween([period.from.slice(0, 7), period.to.slice(0, 7)])
  const permitted = accesses.filter(({ decision }) => decision === 'permit')
  const companies = [...new Set(permitted.map(({ processor }) => processor))].sort((a, b) =>
    (a ?? '').localeCompare(b ?? ''),
  )
  const purposes = [...new Set(permitted.map(({ purpose }) => purpose ?? ''))].sort()
  const held = holdBackMonthly(
    months.map((month) => {
      const count = (decision: 'permit' | 'deny'): Counted =>
        countedIn(accesses.filter((figure) => figure.month === month && figure.decision === decision))
      const ofMonth = permitted.filter((figure) => figure.month === month)
      return {
        ...{ permitted: count('permit'), denied: count('deny') },
        byPurpose: countByPurpose(ofMonth, purposes, companies),
      }
    }),
    THRESHOLD,
  )
  const titles = titlesOf(bundle, sayIn(locale))
  const content: TransparencyReportContent = {
    format: 'varco/transparency-report',
    ...frameOf(bundle, locale),
    period,
    threshold: THRESHOLD,
    by_month: byMonth(months, held.byMonth),
    by_purpose: byPurpose(purposes, companies, held.byPurpose, titles),
    subject_reports: sumShown(months.map((month) => answersShown(figures, month))),
    log: { since, until },
  }
  return recordMaking(deps, content, { requestedBy: request.requestedBy })
}

function answersShown(figures: readonly AccessFigure[], month: string): number | null {
  const answers = sumOf(
    figures.filter((figure) => figure.month === month && figure.report === 'varco/subject-report'),
  )
  return answers > 0 && answers < THRESHOLD ? null : answers
}

function countByPurpose(
  permitted: readonly AccessFigure[],
  purposes: readonly string[],
  companies: readonly (string | null)[],
): Counted[][] {
  return purposes.map((purpose) =>
    companies.map((company) =>
      countedIn(
        permitted.filter((figure) => (figure.purpose ?? '') === purpose && figure.processor === company),
      ),
    ),
  )
}

function byMonth(
  months: readonly string[],
  { cells, rowTotals, columnTotals, total }: SuppressedTable,
): TransparencyReportContent['by_month'] {
  return {
    rows: months.map((month, i) => ({
      month,
      permitted: cells[i]?.[0] ?? null,
      denied: cells[i]?.[1] ?? null,
      total: rowTotals[i] ?? null,
    })),
    permitted: columnTotals[0] ?? null,
    denied: columnTotals[1] ?? null,
    total,
  }
}

function byPurpose(
  purposes: readonly string[],
  companies: readonly (string | null)[],
  { cells, rowTotals, columnTotals, total }: SuppressedTable,
  titles: Titles,
): TransparencyReportContent['by_purpose'] {
  return {
    companies: companies.map((company) => (company === null ? null : titles.company(company))),
    rows: purposes.map((purpose, i) => ({
      purpose: titles.purpose(purpose),
      accesses: [...(cells[i] ?? [])],
      total: rowTotals[i] ?? null,
    })),
    totals: [...columnTotals],
    total,
  }
}

function sumOf(figures: readonly AccessFigure[]): number {
  return figures.reduce((sum, { count }) => sum + count, 0)
}
