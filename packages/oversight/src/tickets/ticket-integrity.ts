import type { Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { watchSetup } from '../rules/watch-setup.ts'
import type { OversightFigures } from '../watch/work-figures.ts'
import { bootstrapRatio, type Interval } from './bootstrap.ts'
import { episodesOf, type Episode } from './episodes.ts'

/** What the tickets of each contract, and of the body's own units, were worth. */
export interface TicketIntegrity {
  readonly format: 'varco/ticket-integrity'
  readonly from: Micros
  /** Exclusive. */
  readonly to: Micros
  readonly episodeDays: number
  readonly rows: readonly TicketRow[]
}

export interface TicketRow {
  /** `null`: the body's own units. */
  readonly contract: string | null
  readonly tickets: number
  readonly episodes: number
  readonly resolvedEpisodes: number
  readonly ticketsPerResolvedEpisode: number | null
  readonly ticketsPerResolvedEpisodeInterval: Interval | null
  /** Tickets opened while another of the same episode was open, or within three days of its opening. */
  readonly splits: number
  /** Tickets opened after another of the same episode had been closed: the matter came back. */
  readonly reopenings: number
  /** Tickets closed though their episode went on. */
  readonly closedBeforeResolution: number
  readonly accesses: number
  readonly accessesWithoutTicket: number
  readonly ticketsWithoutAccess: number
  /** Minutes to the resolution of an episode, the middle one and the nine in ten. */
  readonly minutesToResolution: { readonly median: number; readonly p90: number } | null
  readonly price: TicketPrice | null
}

/** In euro. */
export interface TicketPrice {
  readonly perTicket: number
  readonly total: number
  /** What all tickets cost, by matters that were resolved. */
  readonly perResolvedEpisode: number | null
  readonly perResolvedEpisodeInterval: Interval | null
}

export interface TicketIntegrityRequest {
  readonly from: Micros
  /** Exclusive. */
  readonly to: Micros
}

const SPLIT_WITHIN_US = 3 * 86_400_000_000

export async function ticketIntegrity(
  { figures, bundle }: { readonly figures: OversightFigures; readonly bundle: Bundle },
  { from, to }: TicketIntegrityRequest,
): Promise<TicketIntegrity> {
  const setup = watchSetup(bundle)
  const { episode_days: episodeDays, ticket_prices: prices } = setup.settings
  const rows: TicketRow[] = []
  for (const contract of [...bundle.contracts.keys(), null]) {
    const tickets = await figures.tickets(contract, from, to)
    const ties = await figures.ties(contract, from, to, [...setup.ticketPurposes])
    if (tickets.length === 0 && ties.accesses === 0) continue
    const price = contract === null ? null : (prices[contract] ?? null)
    rows.push({
      contract,
      ...ticketFigures(episodesOf(tickets, episodeDays), price, contract ?? ''),
      ...ties,
    })
  }
  return { format: 'varco/ticket-integrity', from, to, episodeDays, rows }
}

function ticketFigures(
  episodes: readonly Episode[],
  perTicket: number | null,
  seed: string,
): Omit<TicketRow, 'contract' | 'accesses' | 'accessesWithoutTicket' | 'ticketsWithoutAccess'> {
  const tickets = episodes.reduce((sum, episode) => sum + episode.tickets.length, 0)
  const resolved = episodes.filter((episode) => episode.resolved)
  const ofResolved = resolved.reduce((sum, episode) => sum + episode.tickets.length, 0)
  const minutes = resolved.flatMap((episode) => episode.minutes ?? []).sort((a, b) => a - b)
  const rank = (share: number): number => Math.round(minutes[Math.floor((minutes.length - 1) * share)] ?? 0)
  return {
    tickets,
    episodes: episodes.length,
    resolvedEpisodes: resolved.length,
    ticketsPerResolvedEpisode: resolved.length === 0 ? null : ofResolved / resolved.length,
    ticketsPerResolvedEpisodeInterval: bootstrapRatio(
      resolved.map((episode) => ({ above: episode.tickets.length, below: 1 })),
      `${seed} tickets`,
    ),
    splits: count(episodes, isSplit),
    reopenings: count(episodes, cameBack),
    closedBeforeResolution: count(episodes, closedTooSoon),
    minutesToResolution: minutes.length === 0 ? null : { median: rank(0.5), p90: rank(0.9) },
    price:
      perTicket === null
        ? null
        : {
            perTicket,
            total: perTicket * tickets,
            perResolvedEpisode: resolved.length === 0 ? null : (perTicket * tickets) / resolved.length,
            perResolvedEpisodeInterval: bootstrapRatio(
              episodes.map((episode) => ({
                above: perTicket * episode.tickets.length,
                below: episode.resolved ? 1 : 0,
              })),
              `${seed} price`,
            ),
          },
  }
}

type TicketTest = (episode: Episode, index: number) => boolean

function count(episodes: readonly Episode[], test: TicketTest): number {
  return episodes.reduce(
    (sum, episode) => sum + episode.tickets.filter((_, index) => test(episode, index)).length,
    0,
  )
}

const isSplit: TicketTest = ({ tickets }, index) => {
  const [before, ticket] = [tickets[index - 1], tickets[index]]
  if (before === undefined || ticket === undefined) return false
  const isOpen = before.closedAt === null || before.closedAt > ticket.openedAt
  return isOpen || ticket.openedAt - before.openedAt <= SPLIT_WITHIN_US
}

const cameBack: TicketTest = ({ tickets }, index) => {
  const [before, ticket] = [tickets[index - 1], tickets[index]]
  if (before === undefined || ticket === undefined) return false
  return before.closedAt !== null && before.closedAt <= ticket.openedAt
}

const closedTooSoon: TicketTest = ({ tickets }, index) => {
  const [ticket, after] = [tickets[index], tickets[index + 1]]
  if (ticket === undefined || after === undefined) return false
  return ticket.closedAt !== null && ticket.closedAt <= after.openedAt
}
