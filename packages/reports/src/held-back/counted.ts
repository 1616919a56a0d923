import type { AccessFigure } from '../ports.ts'

/** A number of accesses, and how many people are surely behind any part of it. */
export interface Counted {
  readonly accesses: number
  readonly workers: number
}

/**
 * Of one contract, some people may be in several figures: the most of one is what is surely there. Of several contracts the
 * fewest count, for whoever knows the others' shares from reports of their own takes them away.
 */
export function countedIn(figures: readonly AccessFigure[]): Counted {
  const contracts = Map.groupBy(figures, ({ contract }) => contract)
  const people = [...contracts.values()].map((some) => Math.max(...some.map(({ workers }) => workers)))
  return {
    accesses: figures.reduce((sum, { count }) => sum + count, 0),
    workers: people.length === 0 ? 0 : Math.min(...people),
  }
}
