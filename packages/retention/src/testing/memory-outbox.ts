import type { Errand, OpenErrand, UpstreamOutbox } from '../upstream/outbox.ts'

/** An outbox that ends with its process, of a plan whose records are all still there. */
export function memoryOutbox(): UpstreamOutbox {
  const open = new Map<string, OpenErrand>()
  const idOf = ({ plan, rule, resource, by, parent }: Errand): string =>
    JSON.stringify([plan, rule, resource, by, parent])
  const waiting = (): OpenErrand[] => [...open.values()].filter(({ abandoned }) => !abandoned)
  return {
    queue: async (errands, at) =>
      errands.map((errand) => {
        const fresh = { begun: [], since: at, attempts: 0, outcome: null, notBefore: at, abandoned: false }
        const known = open.get(idOf(errand)) ?? { ...errand, ...fresh }
        open.set(idOf(errand), known)
        return known
      }),
    note: async (errand) => {
      open.set(idOf(errand), errand)
    },
    close: async (errand) => {
      open.delete(idOf(errand))
    },
    sweep: async () => {},
    nextOf: async (plan) => {
      const tried = waiting().filter((each) => each.plan === plan && each.attempts > 0)
      return earliest(tried.map(({ notBefore }) => notBefore))
    },
    abandoned: async (plan) =>
      [...open.values()]
        .filter((each) => each.abandoned && each.plan === plan)
        .map(({ rule, resource, by, parent }) => ({ plan, rule, resource, by, parent })),
    standing: async () =>
      [...Map.groupBy(waiting(), ({ plan, resource }) => JSON.stringify([plan, resource])).values()].map(
        (group) => ({
          ...{ plan: group[0]?.plan ?? '', resource: group[0]?.resource ?? '', waiting: group.length },
          since: earliest(group.map(({ since }) => since)) ?? 0n,
          next: earliest(group.map(({ notBefore }) => notBefore)) ?? 0n,
        }),
      ),
  }
}

function earliest(times: readonly bigint[]): bigint | null {
  return times.toSorted((a, b) => (a < b ? -1 : 1))[0] ?? null
}
