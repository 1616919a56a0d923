import { microsToIso, type ContractId, type Locale, type Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { dayIn } from '../document/calendar.ts'
import { InvalidPeriodError } from '../errors.ts'
import { frameOf } from '../report/parts.ts'
import { recordMaking, type MakingDeps } from '../report/record-making.ts'
import { sayIn, type Say } from '../report/say.ts'
import { titlesOf } from '../report/titles.ts'
import type { ReportedTickets, TicketReport, TicketReportContent } from './ticket-report.ts'

interface Interval {
  readonly low: number
  readonly high: number
}

/** What the tickets of one contract, or of the body's own units, came to. */
export interface TicketFacts {
  /** `null`: the body's own units. */
  readonly contract: string | null
  readonly tickets: number
  readonly episodes: number
  readonly resolvedEpisodes: number
  readonly ticketsPerResolvedEpisode: number | null
  readonly ticketsPerResolvedEpisodeInterval: Interval | null
  readonly splits: number
  readonly reopenings: number
  readonly closedBeforeResolution: number
  /** `null` where held back. */
  readonly accesses: number | null
  readonly accessesWithoutTicket: number | null
  readonly ticketsWithoutAccess: number | null
  /** Minutes. */
  readonly minutesToResolution: { readonly median: number; readonly p90: number } | null
  /** Euro. */
  readonly price: {
    readonly perTicket: number
    readonly total: number
    readonly perResolvedEpisode: number | null
    readonly perResolvedEpisodeInterval: Interval | null
  } | null
}

export interface TicketReportFacts {
  readonly from: Micros
  /** Exclusive. */
  readonly to: Micros
  readonly episodeDays: number
  readonly rows: readonly TicketFacts[]
}

export interface TicketReportDeps extends MakingDeps {
  readonly bundle: Bundle
}

/**
 * What was paid by ticket, counted by matter instead.
 * @throws InvalidPeriodError when the period is empty
 * @throws UnavailableError when the making cannot be recorded
 */
export async function makeTicketReport(
  deps: TicketReportDeps,
  facts: TicketReportFacts,
  { locale, requestedBy }: { readonly locale: Locale; readonly requestedBy: string },
): Promise<TicketReport> {
  const { bundle } = deps
  if (facts.from >= facts.to) throw new InvalidPeriodError('the period ends before it begins')
  const dayOf = dayIn(bundle.document.varco.time_zone)
  const content: TicketReportContent = {
    format: 'varco/ticket-report',
    ...frameOf(bundle, locale),
    period: { from: dayOf(microsToIso(facts.from)), to: dayOf(microsToIso(facts.to - 1n)) },
    episode_days: facts.episodeDays,
    rows: facts.rows.map((row) => reported(row, bundle, sayIn(locale))),
  }
  return recordMaking(deps, content, { requestedBy })
}

function reported(row: TicketFacts, bundle: Bundle, say: Say): ReportedTickets {
  const { price, minutesToResolution } = row
  return {
    contract: row.contract === null ? null : contractOf(row.contract, bundle, say),
    tickets: row.tickets,
    episodes: row.episodes,
    resolved_episodes: row.resolvedEpisodes,
    tickets_per_resolved_episode: rounded(row.ticketsPerResolvedEpisode),
    tickets_per_resolved_episode_interval: roundedInterval(row.ticketsPerResolvedEpisodeInterval),
    splits: row.splits,
    reopenings: row.reopenings,
    closed_before_resolution: row.closedBeforeResolution,
    accesses: row.accesses,
    accesses_without_ticket: row.accessesWithoutTicket,
    tickets_without_access: row.ticketsWithoutAccess,
    time_to_resolution: minutesToResolution === null ? null : { ...minutesToResolution },
    price:
      price === null
        ? null
        : {
            per_ticket: rounded(price.perTicket) ?? 0,
            total: rounded(price.total) ?? 0,
            per_resolved_episode: rounded(price.perResolvedEpisode),
            per_resolved_episode_interval: roundedInterval(price.perResolvedEpisodeInterval),
          },
  }
}

/** A contract the bundle no longer knows keeps its id. */
function contractOf(id: string, bundle: Bundle, say: Say): NonNullable<ReportedTickets['contract']> {
  const contract = bundle.contracts.get(id as ContractId)
  if (contract === undefined) return { id, reference: id, title: id, company: { id, title: id } }
  const { reference, title } = contract.document
  return { id, reference, title: say.of(title), company: titlesOf(bundle, say).company(contract.processor) }
}

function rounded(figure: number | null): number | null {
  return figure === null ? null : Math.round(figure * 100) / 100
}

function roundedInterval(interval: Interval | null): Interval | null {
  return interval === null ? null : { low: rounded(interval.low) ?? 0, high: rounded(interval.high) ?? 0 }
}
