import type { OversightFigures, RefusalFigure, TicketFigure, WorkFigure } from '@varco/oversight'

/** Figures a test has put there, by contract. */
export interface MemoryFigures extends OversightFigures {
  readonly workOf: Map<string | null, readonly WorkFigure[]>
  readonly refusalsOf: Map<string | null, readonly RefusalFigure[]>
  readonly ticketsOf: Map<string | null, readonly TicketFigure[]>
  /** Whether the accesses of all days that are over are counted. */
  readonly isCounted: { now: boolean }
  /** What figures of tickets wait for; `null`: nothing. */
  readonly ticketsAwait: { now: Promise<unknown> | null }
}

export function memoryFigures(): MemoryFigures {
  const workOf: MemoryFigures['workOf'] = new Map()
  const refusalsOf: MemoryFigures['refusalsOf'] = new Map()
  const ticketsOf: MemoryFigures['ticketsOf'] = new Map()
  const isCounted = { now: true }
  const ticketsAwait: MemoryFigures['ticketsAwait'] = { now: null }
  const within = ({ month }: { readonly month: string }, from: string, to: string): boolean =>
    from <= month && month <= to
  return {
    ...{ workOf, refusalsOf, ticketsOf, isCounted, ticketsAwait },
    work: async (contract, from, to) =>
      (workOf.get(contract) ?? []).filter((figure) => within(figure, from, to)),
    refusals: async (contract, from, to) =>
      (refusalsOf.get(contract) ?? []).filter((figure) => within(figure, from, to)),
    tickets: async (contract) => {
      await ticketsAwait.now
      return ticketsOf.get(contract) ?? []
    },
    ties: async () => (isCounted.now ? [] : null),
    unusedTickets: async () => 0,
  }
}
