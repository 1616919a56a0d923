import type { AccessLogReader, EventKind, LogVerdict, StoredEvent } from '@varco/access-log'
import { microsToIso, type Locale, type Micros } from '@varco/core'
import type { Bundle, WorkersAgreement } from '@varco/policy'
import { Temporal } from 'temporal-polyfill'
import { dayIn, monthsBetween, wholeMonths } from '../document/calendar.ts'
import { InvalidPeriodError } from '../errors.ts'
import { MIN_PEOPLE } from '../held-back/hold-back-month.ts'
import { tellAccesses } from '../held-back/tell-accesses.ts'
import type { AccessFigure, AccessFigures, HeldByContract } from '../ports.ts'
import { coverLog } from '../report/cover-log.ts'
import { frameOf } from '../report/parts.ts'
import { recordMaking, type MakingDeps } from '../report/record-making.ts'
import { sayIn, type Say } from '../report/say.ts'
import { titlesOf, type Titles } from '../report/titles.ts'
import { eventKindOf } from '../report/wording.ts'
import type { AuditReport, AuditReportContent } from './audit-report.ts'
import { FINDINGS_IT } from './finding-words.ts'

/** How the alerts of a period stand. */
export interface AlertFigures {
  readonly raised: number
  readonly explained: number
  readonly confirmed: number
  readonly open: number
}

export interface AuditDeps extends MakingDeps {
  readonly reader: AccessLogReader
  readonly figures: AccessFigures
  readonly heldByContract: HeldByContract
  readonly bundle: Bundle
  /** Of alerts raised from `from` to before `to`; absent where nothing watches the log. */
  readonly alerts?: (from: Micros, to: Micros) => Promise<AlertFigures>
}

export interface AuditRequest {
  readonly from: Micros
  /** Exclusive. */
  readonly to: Micros
  /** What verifying the whole log gave, just now. */
  readonly verdict: LogVerdict
  readonly now: Micros
  readonly locale: Locale
  readonly requestedBy: string
}

/** What a person did to the rules, the log or somebody's identity: few enough to be listed one by one. */
const LISTED: readonly EventKind[] = [
  'policy-activated',
  'contract-terminated',
  'disclosures-erased',
  'log-prune-approved',
  'log-pruned',
  'identity-requested',
  'identity-opened',
  'identity-refused',
  'log-exported',
  'key-rotated',
]

/**
 * The yearly audit of the log, to be signed by who answers for it.
 * @throws InvalidPeriodError when the period is empty
 * @throws UnavailableError when the log cannot be read, or the making cannot be recorded
 */
export async function makeAuditReport(deps: AuditDeps, request: AuditRequest): Promise<AuditReport> {
  const { from, to, locale, verdict } = request
  if (from >= to) throw new InvalidPeriodError('the period ends before it begins')
  const { bundle, reader } = deps
  const { time_zone: timeZone } = bundle.document.varco
  const say = sayIn(locale)
  const titles = titlesOf(bundle, say)
  const dayOf = dayIn(timeZone)
  const period = { from: dayOf(microsToIso(from)), to: dayOf(microsToIso(to - 1n)) }
  const figures = await deps.figures.count(from, to, timeZone)
  const whole = wholeMonths(request, timeZone)
  const counted =
    whole === null ? null : { from: dayOf(microsToIso(whole.from)), to: dayOf(microsToIso(whole.to - 1n)) }
  const { since } = await coverLog(reader, bundle)
  const kind = (code: string) => ({ id: code, title: eventKindOf(code, say) })
  const acts = (await Promise.all(LISTED.map((each) => allOf(reader, each, from, to)))).flat()
  const content: AuditReportContent = {
    format: 'varco/audit-report',
    ...frameOf(bundle, locale),
    period,
    integrity: integrityOf(verdict, say),
    retention: {
      ...bundle.document.varco.log,
      oldest: since,
      overdue: isOverdue(since, bundle.document.varco.log.ceiling, request.now, timeZone),
    },
    workers_agreements: agreementsOf(bundle, period, titles),
    accesses: await accessesOf(figures, deps.heldByContract, counted, titles),
    other_entries: [...Map.groupBy(figures, (figure) => figure.kind)]
      .filter(([code]) => code !== 'access')
      .map(([code, group]) => ({ kind: kind(code), entries: sumOf(group) }))
      .sort((a, b) => b.entries - a.entries || a.kind.id.localeCompare(b.kind.id)),
    acts: acts
      .sort((a, b) => Number(a.at - b.at) || a.seq - b.seq)
      .map((event) => ({
        event: event.id,
        at: microsToIso(event.at),
        kind: kind(event.kind),
        by: event.operator,
      })),
    alerts: deps.alerts === undefined ? null : { ...(await deps.alerts(from, to)) },
  }
  return recordMaking(deps, content, { requestedBy: request.requestedBy })
}

function integrityOf(
  { ok, events, disclosures, trees, findings }: LogVerdict,
  say: Say,
): AuditReportContent['integrity'] {
  return {
    whole: ok,
    events,
    disclosures,
    trees: trees.map(({ writer, epoch, size, root, witnessed }) => ({
      writer,
      epoch,
      size,
      root,
      witnessed,
    })),
    findings: findings.map(({ kind, writer, epoch, seq, text }) => ({
      kind,
      place: writer === null ? null : [writer, epoch, seq].filter((part) => part !== null).join('.'),
      text: say(FINDINGS_IT[kind], text),
    })),
  }
}

function agreementsOf(
  { document: { varco, processors } }: Bundle,
  { from, to }: AuditReportContent['period'],
  titles: Titles,
): AuditReportContent['workers_agreements'] {
  const entry = (agreement: WorkersAgreement | undefined) =>
    agreement === undefined ? null : { ...agreement, sha256: agreement.sha256 ?? null }
  const atWork = processors.filter(({ contracts }) =>
    contracts.some((contract) => contract.from <= to && contract.to >= from),
  )
  return [
    { employer: null, agreement: entry(varco.controller.workers_agreement) },
    ...atWork.map(({ processor, workers_agreement }) => ({
      employer: titles.company(processor),
      agreement: entry(workers_agreement),
    })),
  ]
}

/** Whole months are dropped, so an entry is overdue once the month it stands in lies behind the ceiling. */
function isOverdue(oldest: string | null, ceiling: string, now: Micros, timeZone: string): boolean {
  if (oldest === null) return false
  const zoned = Temporal.Instant.from(microsToIso(now)).toZonedDateTimeISO(timeZone)
  const firstKept = zoned.subtract(Temporal.Duration.from(ceiling)).toPlainDate().with({ day: 1 })
  const stands = Temporal.Instant.from(oldest).toZonedDateTimeISO(timeZone).toPlainDate()
  return Temporal.PlainDate.compare(stands, firstKept) < 0
}

/** Of the months that the period has as a whole: of a day more or less a second audit would tell the day. */
async function accessesOf(
  figures: readonly AccessFigure[],
  heldByContract: HeldByContract,
  counted: AuditReportContent['accesses']['counted'],
  titles: Titles,
): Promise<AuditReportContent['accesses']> {
  if (counted === null)
    return { counted, threshold: MIN_PEOPLE, permitted: null, denied: null, by_month: [], by_company: [] }
  const months = monthsBetween([counted.from.slice(0, 7), counted.to.slice(0, 7)])
  const told = await tellAccesses(figures, months, heldByContract)
  const { permitted, denied } = told
  return {
    ...{ counted, threshold: MIN_PEOPLE, permitted, denied },
    by_month: told.byMonth.map((row) => ({ ...row })),
    by_company: told.byCompany.map(({ company, ...outcomes }) => ({
      company: company === null ? null : titles.company(company),
      ...outcomes,
    })),
  }
}

function sumOf(figures: readonly AccessFigure[]): number {
  return figures.reduce((sum, { count }) => sum + count, 0)
}

async function allOf(
  reader: AccessLogReader,
  kind: EventKind,
  from: Micros,
  to: Micros,
): Promise<readonly StoredEvent[]> {
  const found: StoredEvent[] = []
  let after: string | undefined
  do {
    const page = await reader.search({
      kind,
      from,
      to,
      limit: 500,
      ...(after === undefined ? {} : { after }),
    })
    found.push(...page.events)
    after = page.next ?? undefined
  } while (after !== undefined)
  return found
}
