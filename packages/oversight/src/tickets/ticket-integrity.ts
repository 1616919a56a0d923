import type { Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { watchSetup } from '../rules/watch-setup.ts'
import type { OversightFigures } from '../watch/work-figures.ts'
import { bootstrapRatio, type Interval } from './bootstrap.ts'
import { episodesOf, type Episode } from './episodes.ts'
import { HELD, heldTies } from './held-ties.ts'

/** What the tickets of each contract, and of the body's own units, were worth. */
export interface TicketIntegrity {
  readonly format: 'varco/ticket-integrity'
  readonly from: Micros
  /** Exclusive. */
  readonly to: Micros
  readonly episodeDays: number
  /** `false`: the accesses of some days that are over are still being counted, and all that tells of them is held back. */
  readonly isCounted: boolean
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
  /** Times a ticket was opened again, and tickets opened after another of the same episode had been closed: the matter came back. */
  readonly reopenings: number
  /** Tickets closed though their episode went on, or closed and opened again. */
  readonly closedBeforeResolution: number
  /** These three of whole months that are over; `null` where held back. */
  readonly accesses: number | null
  readonly accessesWithoutTicket: number | null
  readonly ticketsWithoutAccess: number | null
  /** Minutes to the resolution of an episode, the middle one and the nine in ten. */
  readonly minutesToResolution: { readonly median: number; readonly p90: number } | null
  readonly price: TicketPrice | null
}

/** In euro. A ticket costs what its system told; where it told nothing, what the contract pays for any. */
export interface TicketPrice {
  /** What the contract pays for a ticket; where that is not agreed, the mean of what was told. */
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
  /** Of months that are not told by then, tickets are and accesses are not. */
  readonly now: Micros
  /** Only of these (`null`: the body's own units); of all when absent. */
  readonly contracts?: readonly (string | null)[]
}

const SPLIT_WITHIN_US = 3 * 86_400_000_000

export async function ticketIntegrity(
  { figures, bundle }: { readonly figures: OversightFigures; readonly bundle: Bundle },
  { from, to, now, contracts }: TicketIntegrityRequest,
): Promise<TicketIntegrity> {
  const setup = watchSetup(bundle)
  const { episode_days: episodeDays, ticket_prices: prices } = setup.settings
  const rows: TicketRow[] = []
  let isCounted = true
  for (const contract of contracts ?? [...bundle.contracts.keys(), null]) {
    const [tickets, held] = await Promise.all([
      figures.tickets(contract, from, to),
      heldTies(figures, {
        ...{ contract, from, to, now, timeZone: setup.timeZone },
        purposes: [...setup.ticketPurposes],
      }),
    ])
    if (held === 'uncounted') isCounted = false
    const ties = held === 'uncounted' ? HELD : held
    if (tickets.length === 0 && ties.accesses === 0) continue
    const price = contract === null ? null : (prices[contract] ?? null)
    rows.push({
      contract,
      ...ticketFigures(episodesOf(tickets, episodeDays), price, contract ?? ''),
      ...ties,
    })
  }
  return { format: 'varco/ticket-integrity', from, to, episodeDays, isCounted, rows }
}

function ticketFigures(
  episodes: readonly Episode[],
  agreed: number | null,
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
    reopenings: count(episodes, cameBack) + reopenings(episodes),
    closedBeforeResolution: count(episodes, closedTooSoon),
    minutesToResolution: minutes.length === 0 ? null : { median: rank(0.5), p90: rank(0.9) },
    price: priceOf(episodes, agreed, `${seed} price`),
  }
}

/** `null` where no price is agreed and none was told. */
function priceOf(episodes: readonly Episode[], agreed: number | null, seed: string): TicketPrice | null {
  const prices = episodes.map(({ tickets }) => tickets.flatMap(({ price }) => price ?? agreed ?? []))
  const told = prices.flat()
  if (told.length === 0) return null
  const total = sum(told)
  const resolved = episodes.filter((episode) => episode.resolved).length
  return {
    perTicket: agreed ?? total / told.length,
    total,
    perResolvedEpisode: resolved === 0 ? null : total / resolved,
    perResolvedEpisodeInterval: bootstrapRatio(
      episodes.map((episode, i) => ({ above: sum(prices[i] ?? []), below: episode.resolved ? 1 : 0 })),
      seed,
    ),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0)
}

function reopenings(episodes: readonly Episode[]): number {
  return sum(episodes.flatMap(({ tickets }) => tickets.map(({ reopened }) => reopened)))
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
  if (ticket === undefined) return false
  return (
    ticket.reopened > 0 ||
    (after !== undefined && ticket.closedAt !== null && ticket.closedAt <= after.openedAt)
  )
}
